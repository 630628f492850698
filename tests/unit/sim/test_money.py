"""Money adds up, by a ledger kept here from the events alone."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tests.unit.sim.conftest import Record

PARTS = ("subtotal", "tax", "platform_fee", "platform_fee_tax")


@pytest.fixture(scope="module")
def facts(records: list[Record]) -> list[Record]:
    """Events of the domain dialect, each once, in the order in which they happened; broken ones left out."""
    once = {r["event_id"]: r for r in records if "event" in r and r.get("anon_id") != "an_broken1"}
    return sorted(once.values(), key=lambda r: (r["occurred_at"], r["received_at"]))


def of_event(facts: list[Record], *names: str) -> list[Record]:
    return [record for record in facts if record["event"] in names]


def test_a_leg_costs_the_sum_of_its_parts(facts: list[Record]) -> None:
    legs = of_event(facts, "leg.create", "leg.confirmed", "leg.in_progress", "leg.completed")
    assert len(legs) > 500
    for leg in legs:
        payload = leg["payload"]
        assert payload["total_cents"] == sum(payload[f"{part}_cents"] for part in PARTS)


def test_a_charge_is_the_sum_of_the_legs_that_it_pays(facts: list[Record]) -> None:
    totals: dict[str, int] = defaultdict(int)
    for leg in of_event(facts, "leg.confirmed"):
        totals[leg["ids"]["lbg_id"]] += leg["payload"]["total_cents"]
    charges = {
        c["ids"]["lbg_id"]: c["money"]["amount_cents"] for c in of_event(facts, "payment.capture.succeeded")
    }
    confirmed = of_event(facts, "lbg.confirmed")
    assert len(confirmed) > 200
    for order in confirmed:
        lbg = order["ids"]["lbg_id"]
        assert charges[lbg] == order["payload"]["total_cents"] == totals[lbg]


def test_amounts_are_said_alike_wherever_they_are_said_twice(facts: list[Record]) -> None:
    both = [r for r in facts if "money" in r and "amount_cents" in r["payload"]]
    assert len(both) > 200
    assert all(r["money"]["amount_cents"] == r["payload"]["amount_cents"] for r in both)


def test_a_leg_never_gives_more_than_it_took(facts: list[Record]) -> None:
    held: dict[str, int] = defaultdict(int)
    paid_out: dict[str, int] = defaultdict(int)
    for record in facts:
        leg, payload = record["ids"].get("leg_id"), record["payload"]
        match record["event"]:
            case "leg.confirmed":
                held[leg] += payload["total_cents"]
            case "deposit.auth.captured":
                held[leg] += record["money"]["amount_cents"]
            case "refund.succeeded":
                held[leg] -= record["money"]["amount_cents"]
            case "payout.paid":
                held[leg] -= payload["amount_cents"]
                paid_out[leg] += payload["amount_cents"]
        assert leg is None or held[leg] >= 0, record
    assert len(paid_out) > 100


def test_what_a_paid_leg_leaves_are_its_fees_and_taxes(facts: list[Record]) -> None:
    """For legs that were neither amended nor refunded nor cancelled: total = payout + fee + taxes."""
    confirmed = {r["ids"]["leg_id"]: r["payload"] for r in of_event(facts, "leg.confirmed")}
    changed = {
        r["ids"]["leg_id"]
        for r in of_event(
            facts, "amendment.added", "refund.created", "leg.cancelled", "payout.failed", "payout.canceled"
        )
    }
    plain = [r for r in of_event(facts, "payout.paid") if r["ids"]["leg_id"] not in changed]
    assert len(plain) > 100
    for payout in plain:
        leg = confirmed[payout["ids"]["leg_id"]]
        rest = leg["tax_cents"] + leg["platform_fee_cents"] + leg["platform_fee_tax_cents"]
        assert leg["total_cents"] - payout["payload"]["amount_cents"] == rest


def test_refunds_name_the_charge_of_their_order(facts: list[Record]) -> None:
    charges = {
        r["payload"]["charge_id"]: r["ids"]["lbg_id"] for r in of_event(facts, "payment.capture.succeeded")
    }
    refunds = of_event(facts, "refund.succeeded")
    assert len(refunds) > 20
    assert all(charges[r["payload"]["charge_id"]] == r["ids"]["lbg_id"] for r in refunds)


def test_the_business_is_believable(facts: list[Record]) -> None:
    confirmed = [r["payload"] for r in of_event(facts, "leg.confirmed")]
    take_rate = sum(p["platform_fee_cents"] for p in confirmed) / sum(p["subtotal_cents"] for p in confirmed)
    cancelled = len(of_event(facts, "leg.cancelled")) / len(confirmed)
    refunded = sum(r["money"]["amount_cents"] for r in of_event(facts, "refund.succeeded"))
    captured = sum(r["money"]["amount_cents"] for r in of_event(facts, "payment.capture.succeeded"))
    assert 0.11 < take_rate < 0.16
    assert 0.04 < cancelled < 0.13
    assert 0.01 < refunded / captured < 0.08
