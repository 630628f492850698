"""What the drills' client sends: visits, and whole little orders whose events are spread over many requests."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from rastup.core.ids import new_event_id

Record = dict[str, Any]
CITIES = ("houston", "austin", "miami")
OPEN_ORDERS = 12
ORDER_SHARE = 0.6
PARTS = {
    "subtotal_cents": 25_000,
    "tax_cents": 2_063,
    "platform_fee_cents": 3_500,
    "platform_fee_tax_cents": 289,
}
FACTS = {
    "silver.fact_booking_legs": "leg.",
    "silver.fact_payments": "payment.",
    "silver.fact_refunds": "refund.",
    "silver.fact_payouts": "payout.",
}
"""Each state of an entity is sent once, under one event id, so that each such event is one row of its fact."""


class Marketplace:
    """An endless stream of events; `name` keeps its orders and people apart from those of others."""

    def __init__(self, rng: random.Random, name: str) -> None:
        self._rng, self._name, self._orders = rng, name, 0
        self._open: list[deque[Record]] = []

    def batch(self, size: int) -> list[Record]:
        """The next events, stamped now."""
        return [_stamped(self._next()) for _ in range(size)]

    def _next(self) -> Record:
        if self._rng.random() > ORDER_SHARE:
            return visit(self._rng)
        while len(self._open) < OPEN_ORDERS:
            self._open.append(deque(self._order()))
        order = self._rng.choice(self._open)
        record = order.popleft()
        if not order:
            self._open.remove(order)
        return record

    def _order(self) -> list[Record]:
        self._orders += 1
        records = list(
            order(self._rng, f"{self._name}x{self._orders}", f"usr_{self._name}x{self._orders // 3}")
        )
        for _ in range(3):  # networks do not keep the order in which things happened
            at = self._rng.randrange(len(records) - 1)
            records[at], records[at + 1] = records[at + 1], records[at]
        return records


def visit(rng: random.Random) -> Record:
    """A search or a view."""
    number = rng.randrange(10**9)
    kind = rng.choice(["search.query", "profile.view", "studio.view"])
    payloads: dict[str, Record] = {
        "search.query": {"query_hash": f"{number:08x}", "results": number % 90},
        "profile.view": {"profile_id": f"srv_{number}", "verified": bool(number % 2)},
        "studio.view": {"studio_id": f"std_{number}"},
    }
    return _record(kind, rng.choice(CITIES), {}, payloads[kind], anon_id=f"an_{number % 5000}", role="guest")


def order(rng: random.Random, number: str, buyer: str) -> Iterator[Record]:
    """Everything that happens to one order, in time."""
    city, ids = rng.choice(CITIES), {"lbg_id": f"lbg_{number}"}
    legs = [f"leg_{number}x{leg}" for leg in range(rng.choice((1, 1, 2)))]
    total = sum(PARTS.values()) * len(legs)
    charge = {"charge_id": f"chg_{number}", "provider_ref": f"pi_{number}"}
    money = {"amount_cents": total, "currency": "USD"}
    start = {"order_id": ids["lbg_id"], "context": "person", "subtotal_cents": 25_000 * len(legs)}
    yield _record("checkout.start", city, {}, start, user_id=buyer)
    yield _record("lbg.create", city, ids, {"leg_count": len(legs)}, user_id=buyer)
    yield from (_leg("leg.create", city, ids, leg) for leg in legs)
    yield _record("payment.intent.created", city, ids, charge | {"method": "card"}, money=money)
    yield _record("payment.intent.succeeded", city, ids, charge | {"method": "card"}, money=money)
    agreed = {"leg_count": len(legs), "payment_method": "card", "total_cents": total}
    yield _record("lbg.confirmed", city, ids, agreed, user_id=buyer)
    yield from (_leg("leg.confirmed", city, ids, leg) for leg in legs)
    yield _record("payment.capture.succeeded", city, ids, charge | {"fee_cents": 925}, money=money)
    for leg in legs:
        if rng.random() < 0.3:
            yield from _cancelled(city, ids, leg, charge["charge_id"])
        else:
            yield from _done(city, ids, leg)


def _cancelled(city: str, ids: Record, leg: str, charge_id: str) -> Iterator[Record]:
    both = ids | {"leg_id": leg}
    refund = {"refund_id": f"rf_{leg[4:]}", "charge_id": charge_id, "reason": "cancellation"}
    money = {"amount_cents": 25_000, "currency": "USD"}
    yield _record("leg.cancelled", city, both, {"by": "buyer"})
    yield _record("refund.created", city, both, refund, money=money)
    yield _record("refund.succeeded", city, both, refund, money=money)


def _done(city: str, ids: Record, leg: str) -> Iterator[Record]:
    payout = {
        "payout_id": f"pay_{leg[4:]}",
        "leg_id": leg,
        "amount_cents": 21_000,
        "provider_ref": f"po_{leg[4:]}",
    }
    money = {"amount_cents": 21_000, "currency": "USD"}
    yield _leg("leg.in_progress", city, ids, leg)
    yield _leg("leg.completed", city, ids, leg)
    for state in ("queued", "in_transit", "paid"):
        yield _record(f"payout.{state}", city, {"leg_id": leg}, payout, money=money)


def _leg(name: str, city: str, ids: Record, leg: str) -> Record:
    begin = datetime.now(UTC) + timedelta(days=3)
    body: Record = {**PARTS} | {
        "type": "talent",
        "seller_user_id": "usr_seller",
        "service_profile_id": "srv_1",
    }
    body |= {
        "total_cents": sum(PARTS.values()),
        "start_at": _text(begin),
        "end_at": _text(begin + timedelta(hours=4)),
    }
    return _record(name, city, ids | {"leg_id": leg}, body)


def _record(
    name: str, city: str, ids: Record, payload: Record, *, role: str = "buyer", **more: Any
) -> Record:
    record: Record = {
        "event": name,
        "v": 1,
        "city": city,
        "context": {"role": role},
        "ids": ids,
        "payload": payload,
    }
    return record | more


def _stamped(record: Record) -> Record:
    now = datetime.now(UTC)
    return {"event_id": new_event_id(int(now.timestamp() * 1000)), "occurred_at": _text(now), **record}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_batch(rng: random.Random, size: int) -> list[Record]:
    """Valid visits, each with content of its own."""
    return [_stamped(visit(rng)) for _ in range(size)]
