"""The oracle against small cases that a person has worked out: whoever doubts a figure can follow it here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from tests.golden.oracle import Oracle, Row
from tests.golden.records import Record
from tests.golden.worlds import rfc3339

_numbers = count(1)


def at(text: str) -> datetime:
    """A moment of November 2026: `05 10:30` is the fifth, half past ten, UTC."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def event(name: str, received: datetime, payload: Record | None = None, **more: Any) -> Record:
    record = {"event_id": f"evt_{next(_numbers):026d}", "event": name, "v": 1, "city": "houston", "ids": {}}
    record |= {"occurred_at": rfc3339(received), "received_at": rfc3339(received), "payload": payload or {}}
    return record | {"context": {"role": "buyer", "env": "prod", "source": "hand"}} | more


def leg(name: str, received: datetime, leg_id: str, subtotal: int, fee: int, **more: Any) -> Record:
    money = {
        "subtotal_cents": subtotal,
        "tax_cents": 800,
        "platform_fee_cents": fee,
        "platform_fee_tax_cents": 100,
    }
    ids = {"lbg_id": "lbg_1", "leg_id": leg_id}
    return event(f"leg.{name}", received, money | {"total_cents": sum(money.values())}, ids=ids, **more)


def amendment(received: datetime, number: int, fee_delta: int) -> Record:
    deltas = {"subtotal_delta_cents": 1000, "tax_delta_cents": 80, "platform_fee_delta_cents": fee_delta}
    body = {"amendment_id": f"amd_{number}", "kind": "overtime", "platform_fee_tax_delta_cents": 0} | deltas
    return event("amendment.added", received, body, ids={"lbg_id": "lbg_1", "leg_id": "leg_a"})


def by_day(rows: list[Row], *columns: str) -> dict[int, tuple[Any, ...]]:
    return {row["dt"].day: tuple(row[column] for column in columns) for row in rows}


def test_gmv_counts_each_leg_on_the_day_of_its_first_confirmation() -> None:
    confirmed = event("lbg.confirmed", at("01 23:59"), ids={"lbg_id": "lbg_1"})
    records = [
        leg("confirmed", at("01 10:00"), "leg_a", 10_000, 1_500),
        leg(
            "confirmed", at("02 10:00"), "leg_a", 99_999, 9_999
        ),  # entered again under another id: the first stays
        leg("confirmed", at("02 11:00"), "leg_b", 5_000, 500),
        confirmed,
        confirmed | {"received_at": rfc3339(at("02 00:01"))},  # the same event, received again the day after
    ]
    oracle = Oracle(records)
    # The first: one leg of 10,000 and one order, so 10,000 an order. The second: one leg of 5,000, no order, so no average.
    assert by_day(oracle.kpi_gmv_daily(), "legs_confirmed", "gmv_cents", "lbgs_confirmed", "aov_cents") == {
        1: (1, 10_000, 1, 10_000.0),
        2: (1, 5_000, 0, None),
    }
    # 1,500 of 10,000 are 15 percent; 500 of 5,000 are 10.
    assert by_day(oracle.kpi_take_rate(), "platform_fee_cents", "take_rate") == {
        1: (1_500, 0.15),
        2: (500, 0.1),
    }


def test_earned_fees_take_the_amendments_that_came_before_the_completion() -> None:
    records = [
        leg("confirmed", at("01 10:00"), "leg_a", 10_000, 1_500),
        amendment(at("02 09:00"), 1, 200),
        leg("completed", at("03 10:00"), "leg_a", 10_000, 7_777),  # the fee is that of the confirmation
        amendment(at("04 09:00"), 2, -50),  # too late
        leg("completed", at("05 10:00"), "leg_b", 4_000, 400),  # never confirmed: the completion's own fee
    ]
    # The third: 1,500 + 200. The fifth: 400. On the first nothing is earned yet.
    assert by_day(Oracle(records).kpi_take_rate(), "earned_fee_cents") == {1: (0,), 3: (1_700,), 5: (400,)}


def test_an_orders_money_takes_all_amendments_and_leaves_out_what_was_never_confirmed() -> None:
    records = [
        leg("confirmed", at("01 10:00"), "leg_a", 10_000, 1_500),
        leg("create", at("01 10:00"), "leg_b", 4_000, 400),
        amendment(at("02 09:00"), 1, 200),
        amendment(at("04 09:00"), 2, -50),
        event("payment.capture.succeeded", at("01 12:00"), {"charge_id": "chg_1"}, ids={"lbg_id": "lbg_1"})
        | {"money": {"amount_cents": 12_400, "currency": "cad"}},
    ]
    (order,) = Oracle(records).fact_orders()
    # 10,000 + 1,000 + 1,000; 800 + 80 + 80; 1,500 + 200 - 50; 100. Together 12,000 + 960 + 1,650 + 100.
    money = ("subtotal_cents", "tax_cents", "platform_fee_cents", "platform_fee_tax_cents", "total_cents")
    assert tuple(order[column] for column in money) == (12_000, 960, 1_650, 100, 14_710)
    # Two legs; the worst is created, and its payment has begun. The currency is the payment's.
    assert (order["legs"], order["state"], order["currency"]) == (2, "awaiting", "CAD")


def test_refund_windows_are_the_seven_days_that_end_with_the_day() -> None:
    def refund(received: datetime, number: int, cents: int) -> Record:
        body = {"refund_id": f"rf_{number}", "charge_id": "chg_1", "reason": "issue"}
        return event("refund.succeeded", received, body, money={"amount_cents": cents, "currency": "USD"})

    capture = event("payment.capture.succeeded", at("01 12:00"), {"charge_id": "chg_1"})
    records = [
        capture | {"money": {"amount_cents": 10_000, "currency": "USD"}},
        refund(at("07 12:00"), 1, 500),
        refund(at("08 12:00"), 2, 300),
    ]
    rows = by_day(
        Oracle(records).kpi_refunds(),
        "refund_cents",
        "refund_cents_7d",
        "captured_cents_7d",
        "refund_rate_7d",
    )
    # The capture of the first is in the windows of the first to the seventh, not in that of the eighth (2 to 8).
    assert rows == dict.fromkeys(range(1, 7), (0, 0, 10000, 0.0)) | {
        7: (500, 500, 10_000, 0.05),
        8: (300, 800, 0, None),
    }


def test_lead_bands_are_half_open() -> None:
    leads = {"leg_1": 72.0, "leg_2": 71.999, "leg_3": 24.0, "leg_4": 23.999, "leg_5": 0.0, "leg_6": -0.001}
    cancelled = at("05 12:00")
    records = [
        event("leg.cancelled", cancelled, {"by": "buyer"} | starts, ids={"lbg_id": "lbg_1", "leg_id": leg_id})
        for leg_id, starts in [
            *(
                (leg_id, {"start_at": rfc3339(cancelled + timedelta(hours=lead))})
                for leg_id, lead in leads.items()
            ),
            ("leg_7", {}),
        ]
    ]
    rows = Oracle(records).kpi_cancellations()
    assert {row["lead_band"]: row["legs_cancelled"] for row in rows} == {
        "72h+": 1,
        "24-72h": 2,
        "<24h": 2,
        "after_start": 1,
        "unknown": 1,
    }
    # Nothing was confirmed that day: there is no rate.
    assert {(row["dt"], row["cancellation_rate"]) for row in rows} == {(date(2026, 11, 5), None)}
