"""The oracle's `fact_orders`: one row per LBG that an `lbg.*` or `leg.*` event speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.golden.records import Event

if TYPE_CHECKING:
    from tests.golden.oracle import Oracle, Row

OPEN_STATES = ("draft", "awaiting", "confirmed", "in_progress", "completed")
PARTS = ("subtotal", "tax", "platform_fee", "platform_fee_tax")


def orders(oracle: Oracle) -> list[Row]:
    """All orders; `is_first_order` needs all of them to be known."""
    lbg_ids = sorted(
        {e.lbg_id for e in oracle.events if e.name.startswith(("lbg.", "leg.")) and e.lbg_id is not None}
    )
    rows = [_order(oracle, lbg_id) for lbg_id in lbg_ids]
    firsts: dict[str, tuple[datetime, str]] = {}
    for row in rows:
        buyer, arrival = row["buyer_identity_id"], row["_arrival"]
        if buyer and arrival and (buyer not in firsts or arrival < firsts[buyer]):
            firsts[buyer] = arrival
    for row in rows:
        buyer, arrival = row["buyer_identity_id"], row.pop("_arrival")
        row["is_first_order"] = arrival == firsts[buyer] if buyer and arrival else None
    return rows


def _order(oracle: Oracle, lbg_id: str) -> Row:
    events = oracle.events
    created = _first(events, "lbg.create", lbg_id)
    confirmed = _first(events, "lbg.confirmed", lbg_id)
    starts = [e for e in events if e.name == "checkout.start" and e.payload("order_id") == lbg_id]
    checkout = min(starts, key=lambda e: e.arrival) if starts else None
    buyers = [e for e in (confirmed, created, checkout) if e is not None and e.actor]
    buyer = buyers[0].actor if buyers else None
    legs = [
        row
        for row in oracle.fact_booking_legs_latest()
        if row["lbg_id"] == lbg_id and row["env"] == oracle.env
    ]
    paying = any(e.name.startswith("payment.") and e.lbg_id == lbg_id for e in events)
    pending = "awaiting" if starts or paying else "draft"
    state = _state([pending if leg["status"] == "created" else leg["status"] for leg in legs])
    if not legs:
        state = "confirmed" if confirmed else pending
    currency = oracle.lookups.lbg_currency(oracle.env, lbg_id)
    first_leg_city = oracle.lookups.lbg_city(oracle.env, lbg_id)
    return {
        "order_id": lbg_id,
        "buyer_identity_id": buyer,
        "city": (confirmed and confirmed.city) or first_leg_city or (created and created.city) or "unknown",
        "currency": currency,
        "legs": len(legs),
        "state": state,
        **_money(oracle, {leg["leg_id"] for leg in legs}),
        "refunded_cents": _refunded(oracle, lbg_id, currency),
        "created_at": created and created.occurred_at,
        "checkout_started_at": checkout and checkout.occurred_at,
        "confirmed_at": confirmed and confirmed.occurred_at,
        "completed_at": _ended(oracle, legs, "completed") if state == "completed" else None,
        "cancelled_at": _ended(oracle, legs, "cancelled") if state == "cancelled" else None,
        "first_touch_at": _first_touch(events, buyer, checkout),
        "_arrival": confirmed and confirmed.arrival,
    }


def _first(events: list[Event], name: str, lbg_id: str) -> Event | None:
    return min(
        (e for e in events if e.name == name and e.lbg_id == lbg_id), key=lambda e: e.arrival, default=None
    )


def _state(states: list[str]) -> str:
    if states and all(state == "cancelled" for state in states):
        return "cancelled"
    standing = [OPEN_STATES.index(state) for state in states if state in OPEN_STATES]
    if "failed" in states and not any(index >= OPEN_STATES.index("confirmed") for index in standing):
        return "failed"
    return OPEN_STATES[min(standing)] if standing else "draft"


def _money(oracle: Oracle, leg_ids: set[str]) -> dict[str, int]:
    confirmed = [e for e in oracle._first_legs("leg.confirmed") if e.leg_id in leg_ids]
    kept = {e.leg_id for e in confirmed}
    amendments = [e for e in oracle._amendments() if e.leg_id in kept]
    sums = {
        f"{part}_cents": sum(int(e.payload(f"{part}_cents")) for e in confirmed)
        + sum(int(e.payload(f"{part}_delta_cents")) for e in amendments)
        for part in PARTS
    }
    deltas = sum(int(e.payload(f"{part}_delta_cents")) for e in amendments for part in PARTS)
    return sums | {"total_cents": sum(int(e.payload("total_cents")) for e in confirmed) + deltas}


def _refunded(oracle: Oracle, lbg_id: str, currency: str) -> int:
    rows = [row for row in oracle.fact_refunds() if row["kind"] == "succeeded" and row["env"] == oracle.env]
    lbg_of = {e.event_id: e.lbg_id for e in oracle.events}
    return sum(
        row["amount_cents"]
        for row in rows
        if lbg_of[row["event_id"]] == lbg_id and row["currency"] == currency
    )


def _ended(oracle: Oracle, legs: list[Row], status: str) -> datetime | None:
    ids = {leg["leg_id"] for leg in legs}
    rows: list[dict[str, Any]] = [
        row
        for row in oracle.fact_booking_legs()
        if row["leg_id"] in ids and row["status"] == status and row["env"] == oracle.env
    ]
    return max((row["occurred_at"] for row in rows), default=None)


def _first_touch(events: list[Event], buyer: str | None, checkout: Event | None) -> datetime | None:
    if buyer is None or checkout is None:
        return None
    earlier = [e.occurred_at for e in events if e.actor == buyer and e.occurred_at < checkout.occurred_at]
    return min(earlier, default=None)
