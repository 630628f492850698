"""The oracle of the operations views: what they show at one moment, over everything received until then."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil, floor
from typing import Any

from tests.golden.oracle import Oracle, Row, firsts
from tests.golden.records import Event, instant

EPOCH = datetime.fromtimestamp(0, UTC)
WINDOW_MINUTES = 120
BACKLOG = ("queued", "in_transit")
ENTERED = ("queued", "in_transit", "paid", "failed")


def minute_of(moment: datetime) -> datetime:
    """The moment cut to its minute."""
    return moment.replace(second=0, microsecond=0)


def window_start(as_of: datetime) -> datetime:
    """The first of the last 120 minutes, the running one included."""
    return minute_of(as_of) - timedelta(minutes=WINDOW_MINUTES - 1)


def ops_payout_backlog(oracle: Oracle, as_of: datetime) -> list[Row]:
    """What entered a state in the last 24 hours, and what waits now, by city and currency."""
    rows: dict[Any, Row] = defaultdict(lambda: dict.fromkeys((*ENTERED, "backlog", "backlog_cents"), 0))
    by_payout: dict[str, list[Row]] = defaultdict(list)
    for state in oracle.fact_payouts():
        if state["env"] != oracle.env:
            continue
        by_payout[state["payout_id"]].append(state)
        recent = as_of - timedelta(hours=24) < state["occurred_at"] <= as_of
        if recent and state["kind"] in ENTERED:
            rows[(state["city"], state["currency"])][state["kind"]] += 1
    waiting_since: dict[Any, list[datetime]] = defaultdict(list)
    for states in by_payout.values():
        states.sort(key=lambda s: (s["occurred_at"], s["received_at"], s["event_id"]))
        latest = states[-1]
        if latest["kind"] in BACKLOG:
            key = (latest["city"], latest["currency"])
            rows[key]["backlog"] += 1
            rows[key]["backlog_cents"] += latest["amount_cents"]
            queued = [s["occurred_at"] for s in states if s["kind"] == "queued"]
            waiting_since[key].append(min(queued or [s["occurred_at"] for s in states]))
    return [
        {"city": key[0], "currency": key[1], **row}
        | {"oldest_queued_at": min(waiting_since[key], default=None), "as_of": as_of}
        for key, row in rows.items()
    ]


def ops_bookings_live(oracle: Oracle, as_of: datetime) -> list[Row]:
    """Impressions, checkouts, bookings and GMV by city and minute of receipt.

    Money has a currency. What has none stands on the row of the first currency, by name, of its city and minute, and
    on a USD row where there is none.
    """
    start = window_start(as_of)

    def live(events: Iterable[Event]) -> list[tuple[str, datetime, Event]]:
        seen = [e for e in events if start <= e.received_at <= as_of]
        return [(oracle.lookups.city(e), minute_of(e.received_at), e) for e in seen]

    rows: dict[Any, Row] = defaultdict(
        lambda: {"impressions": 0, "checkouts": 0, "confirmed": 0, "gmv_cents": 0}
    )
    for city, minute, lbg in live(firsts(oracle.events, "lbg.confirmed", lambda e: e.lbg_id)):
        rows[(city, minute, oracle.lookups.lbg_currency(lbg.env, lbg.lbg_id))]["confirmed"] += 1
    for city, minute, leg in live(firsts(oracle.events, "leg.confirmed", lambda e: e.leg_id)):
        currency = oracle.lookups.leg_currency(leg.env, leg.leg_id)
        rows[(city, minute, currency)]["gmv_cents"] += leg.payload("subtotal_cents")
    money = sorted(rows)
    visits = [
        *(
            ("checkouts", v)
            for v in live(firsts(oracle.events, "checkout.start", lambda e: e.payload("order_id")))
        ),
        *(("impressions", v) for v in live(e for e in oracle.events if e.name == "search.card_impression")),
    ]
    for column, (city, minute, _) in visits:
        currencies = [key[2] for key in money if key[:2] == (city, minute)]
        rows[(city, minute, currencies[0] if currencies else "USD")][column] += 1
    return [
        {"city": key[0], "minute": key[1], "currency": key[2], **row, "as_of": as_of}
        for key, row in rows.items()
    ]


def ops_ingest_health(
    meters: Sequence[Row], refreshes: Sequence[tuple[datetime, datetime]], as_of: datetime, env: str = "prod"
) -> list[Row]:
    """Counts by minute and source, from the collector's reports; `refreshes` are (as of, visible at)."""
    rows: dict[Any, Row] = defaultdict(lambda: {"accepted": 0, "duplicates": 0, "quarantined": 0})
    rejected: dict[Any, Counter[str]] = defaultdict(Counter)
    lags: dict[Any, list[float]] = defaultdict(list)
    for meter in meters:
        minute = instant(meter["minute"])
        if meter["env"] not in (env, "unknown") or not window_start(as_of) <= minute <= as_of:
            continue
        key = (minute, meter["source"])
        for column in rows[key]:
            rows[key][column] += meter[column]
        rejected[key].update(meter["rejected"])
        received = instant(meter["received_at"]) - timedelta(seconds=0.5)
        seen = [visible for moment, visible in refreshes if moment >= received]
        if seen and received > min(refreshes)[0]:
            lags[key] += [max(0.0, (min(seen) - received).total_seconds())] * meter["accepted"]
    return [
        {"minute": key[0], "source": key[1], **row}
        | {"rejected": json.dumps(dict(sorted(rejected[key].items())), separators=(",", ":"))}
        | {"p95_lag_s": quantile(lags[key], 0.95), "as_of": as_of}
        for key, row in rows.items()
        if sum(row.values()) or rejected[key]
    ]


def quantile(values: list[float], share: float) -> float | None:
    """Exact, by linear interpolation between the two nearest."""
    if not values:
        return None
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low, high = ordered[floor(position)], ordered[ceil(position)]
    return low + (position - floor(position)) * (high - low)
