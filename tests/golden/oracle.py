"""A second, independent computation of every table, in plain Python over lists: no SQL, nothing of the platform.

Slow on purpose: each figure is computed by the letter of the specification, without an index or a window function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tests.golden.lookups import Lookups, grouped
from tests.golden.records import Event, Record, once

Row = dict[str, Any]
Tables = dict[str, list[Row]]

LEG_STATUS = {
    "leg.create": "created",
    "leg.confirmed": "confirmed",
    "leg.in_progress": "in_progress",
    "leg.completed": "completed",
    "leg.cancelled": "cancelled",
    "leg.failed": "failed",
}
MONEY = ("subtotal_cents", "tax_cents", "platform_fee_cents", "platform_fee_tax_cents", "total_cents")


def firsts(events: Iterable[Event], name: str, key: Callable[[Event], str | None]) -> list[Event]:
    """The first event of that name for each entity: rule 2."""
    return [states[0] for states in grouped((e for e in events if e.name == name), key).values()]


def ratio(numerator: int | float, denominator: int | float) -> float | None:
    """A ratio as a double; nothing where the denominator is 0."""
    return None if denominator == 0 else numerator / denominator


class Oracle:
    """All tables for one list of records."""

    def __init__(self, records: Iterable[Record | bytes], env: str = "prod") -> None:
        self.env = env
        self.all_events = once(records)
        self.events = [e for e in self.all_events if e.env == env]
        self.lookups = Lookups(self.all_events)
        self.newest = max((e.dt for e in self.events), default=None)

    # ── Silver ──────────────────────────────────────────────────────────────────────────────────────────────────

    def fact_search_impressions(self) -> list[Row]:
        return [
            self._base(e)
            | {"impression_id": e.record["ids"].get("impression_id"), "is_bot": e.is_bot}
            | {
                k: e.payload(k)
                for k in ("query_hash", "result_pos", "target_type", "target_id", "campaign_id")
            }
            for e in self._named("search.card_impression")
        ]

    def fact_search_clicks(self) -> list[Row]:
        cards = [
            self._base(e)
            | {"impression_id": e.record["ids"].get("impression_id"), "target_id": e.payload("target_id")}
            | {"result_pos": e.payload("result_pos"), "event_name": e.name}
            | {"scope": None, "is_bot": e.is_bot}
            for e in self._named("search.card_click")
        ]
        results = [
            self._base(e)
            | {"impression_id": None, "target_id": e.payload("hit_id")}
            | {"result_pos": e.payload("rank"), "event_name": e.name}
            | {"scope": e.payload("scope"), "is_bot": e.is_bot}
            for e in self._named("search.result_click")
        ]
        return cards + results

    def fact_views(self) -> list[Row]:
        kinds = {"profile.view": ("profile", "profile_id"), "studio.view": ("studio", "studio_id")}
        return [
            self._base(e)
            | {"view_type": kind, "target_id": e.payload(field), "verified": e.payload("verified")}
            | {"is_bot": e.is_bot}
            for name, (kind, field) in kinds.items()
            for e in self._named(name)
        ]

    def fact_booking_legs(self) -> list[Row]:
        rows = []
        for (env, leg_id), events in self.lookups.leg_events.items():
            changes: dict[str, Event] = {}
            for event in events:
                changes.setdefault(LEG_STATUS[event.name], event)
            money: Row = dict.fromkeys(MONEY)
            for status, event in sorted(changes.items(), key=lambda item: item[1].happening):
                if event.payload("total_cents") is not None:
                    money = {column: event.payload(column) for column in MONEY}
                rows.append(
                    self._base(event)
                    | {"leg_id": leg_id, "status": status, "lbg_id": self.lookups.lbg_of(env, leg_id)}
                    | {"currency": self.lookups.leg_currency(env, leg_id)}
                    | {"start_at": event.payload_instant("start_at") or self.lookups.leg_start(env, leg_id)}
                    | {"end_at": event.payload_instant("end_at") or self.lookups.leg_end(env, leg_id)}
                    | {"cancelled_by": event.payload("by"), "reason": event.payload("reason")}
                    | self.lookups.leg_facts(env, leg_id)
                    | money
                )
        return rows

    def fact_booking_legs_latest(self) -> list[Row]:
        latest: dict[tuple[str, str], Row] = {}
        for row in self.fact_booking_legs():
            key = (row["env"], row["leg_id"])
            if key not in latest or _happening(row) > _happening(latest[key]):
                latest[key] = row
        return list(latest.values())

    def fact_payments(self) -> list[Row]:
        rows = self._money_states("payment.", "charge_id", lambda e: e.payload("charge_id"))
        return self._with(rows, ("fee_cents", "method", "failure_code", "provider_ref"), ("lbg_id",))

    def fact_refunds(self) -> list[Row]:
        rows = self._money_states("refund.", "refund_id", lambda e: e.payload("refund_id"))
        return self._with(rows, ("reason", "charge_id", "provider_ref"), ("lbg_id", "leg_id"))

    def fact_payouts(self) -> list[Row]:
        rows = self._money_states("payout.", "payout_id", self.lookups.payout_ids.get)
        rows = self._with(
            rows,
            ("payee_user_id", "provider_ref", "payout_id"),
            ("leg_id",),
            {"payout_id": "named_payout_id"},
        )
        return [row | {"lbg_id": self.lookups.lbg_of(row["env"], row["leg_id"])} for row in rows]

    # ── Gold ────────────────────────────────────────────────────────────────────────────────────────────────────

    def kpi_gmv_daily(self) -> list[Row]:
        rows: dict[Any, Row] = defaultdict(lambda: {"legs_confirmed": 0, "gmv_cents": 0, "lbgs_confirmed": 0})
        for leg in self._first_legs("leg.confirmed"):
            row = rows[self._leg_key(leg)]
            row["legs_confirmed"] += 1
            row["gmv_cents"] += leg.payload("subtotal_cents")
        for lbg in firsts(self.events, "lbg.confirmed", lambda e: e.lbg_id):
            currency = self.lookups.lbg_currency(lbg.env, lbg.lbg_id)
            rows[(lbg.dt, self.lookups.city(lbg), currency)]["lbgs_confirmed"] += 1
        return [
            _keyed(key) | row | {"aov_cents": ratio(row["gmv_cents"], row["lbgs_confirmed"])}
            for key, row in rows.items()
        ]

    def kpi_take_rate(self) -> list[Row]:
        rows: dict[Any, Row] = defaultdict(
            lambda: {"gmv_cents": 0, "platform_fee_cents": 0, "earned_fee_cents": 0}
        )
        confirmed = {(e.env, e.leg_id): e for e in self._first_legs("leg.confirmed")}
        for leg in confirmed.values():
            row = rows[self._leg_key(leg)]
            row["gmv_cents"] += leg.payload("subtotal_cents")
            row["platform_fee_cents"] += leg.payload("platform_fee_cents")
        amendments = self._amendments()
        for leg in self._first_legs("leg.completed"):
            fee = confirmed.get((leg.env, leg.leg_id), leg).payload("platform_fee_cents")
            for amendment in amendments:
                if amendment.leg_id == leg.leg_id and amendment.received_at < leg.received_at:
                    fee += amendment.payload("platform_fee_delta_cents")
            rows[self._leg_key(leg)]["earned_fee_cents"] += fee
        return [
            _keyed(key) | row | {"take_rate": ratio(row["platform_fee_cents"], row["gmv_cents"])}
            for key, row in rows.items()
        ]

    def kpi_cancellations(self) -> list[Row]:
        bands = ("72h+", "24-72h", "<24h", "after_start", "unknown")
        confirmed: dict[Any, int] = defaultdict(int)
        for leg in self._first_legs("leg.confirmed"):
            confirmed[(leg.dt, self.lookups.city(leg))] += 1
        cancelled: dict[Any, int] = defaultdict(int)
        for leg in self._first_legs("leg.cancelled"):
            start = leg.payload_instant("start_at") or self.lookups.leg_start(leg.env, leg.leg_id)
            band = "unknown" if start is None else _lead_band(start - leg.occurred_at)
            cancelled[(leg.dt, self.lookups.city(leg), band)] += 1
        keys = set(cancelled) | {(dt, city, band) for dt, city in confirmed for band in bands}
        return [
            {"dt": dt, "city": city, "lead_band": band}
            | {"legs_cancelled": cancelled[(dt, city, band)], "legs_confirmed": confirmed[(dt, city)]}
            | {"cancellation_rate": ratio(cancelled[(dt, city, band)], confirmed[(dt, city)])}
            for dt, city, band in keys
        ]

    def kpi_refunds(self) -> list[Row]:
        refunds = firsts(self.events, "refund.succeeded", lambda e: e.payload("refund_id"))
        captures = firsts(self.events, "payment.capture.succeeded", lambda e: e.payload("charge_id"))
        places = {(self.lookups.city(e), e.currency) for e in refunds + captures}
        days = [e.dt for e in refunds + captures]
        rows = []
        for city, currency in places:
            day = min(days)
            while self.newest and day <= self.newest:
                row = self._refund_row(refunds, captures, day, city, str(currency))
                if row["refunds"] or row["refund_cents_7d"] or row["captured_cents_7d"]:
                    rows.append(row)
                day += timedelta(days=1)
        return rows

    def kpi_refunds_by_reason(self) -> list[Row]:
        rows: dict[Any, Row] = defaultdict(lambda: {"refunds": 0, "refund_cents": 0})
        for refund in firsts(self.events, "refund.succeeded", lambda e: e.payload("refund_id")):
            key = (refund.dt, self.lookups.city(refund), refund.currency, refund.payload("reason"))
            rows[key]["refunds"] += 1
            rows[key]["refund_cents"] += refund.amount_cents
        return [_keyed(key[:3]) | {"reason": key[3]} | row for key, row in rows.items()]

    def fact_orders(self) -> list[Row]:
        from tests.golden.orders import orders

        return orders(self)

    def tables(self) -> Tables:
        """Every Silver fact and Gold mart by its qualified name."""
        return {
            f"{schema}.{name}": getattr(self, name)()
            for schema, names in (("silver", SILVER), ("gold", GOLD))
            for name in names
        }

    # ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _named(self, name: str) -> list[Event]:
        return [e for e in self.all_events if e.name == name]

    def _base(self, event: Event) -> Row:
        return event.base() | {"city": self.lookups.city(event)}

    def _first_legs(self, name: str) -> list[Event]:
        return firsts(self.events, name, lambda e: e.leg_id)

    def _amendments(self) -> list[Event]:
        return firsts(self.events, "amendment.added", lambda e: e.payload("amendment_id"))

    def _leg_key(self, leg: Event) -> tuple[date, str, str]:
        return (leg.dt, self.lookups.city(leg), self.lookups.leg_currency(leg.env, leg.leg_id))

    def _money_states(self, prefix: str, column: str, entity: Callable[[Event], str | None]) -> list[Row]:
        rows = []
        for name in sorted({e.name for e in self.all_events if e.name.startswith(prefix)}):
            for event in firsts(self.all_events, name, entity):
                amount = (
                    event.amount_cents if event.amount_cents is not None else event.payload("amount_cents")
                )
                rows.append(
                    self._base(event)
                    | {column: entity(event), "kind": name.removeprefix(prefix)}
                    | {"amount_cents": amount, "currency": self._currency(event)}
                )
        return rows

    def _with(
        self,
        rows: list[Row],
        fields: tuple[str, ...],
        ids: tuple[str, ...],
        names: dict[str, str] | None = None,
    ) -> list[Row]:
        """The rows with payload fields and ids of their events."""
        of = {e.event_id: e for e in self.all_events}
        return [
            row
            | {(names or {}).get(name, name): of[row["event_id"]].payload(name) for name in fields}
            | {name: of[row["event_id"]].record["ids"].get(name) for name in ids}
            for row in rows
        ]

    def _currency(self, event: Event) -> str:
        lbg_id = event.lbg_id or self.lookups.lbg_of(event.env, event.leg_id)
        return event.currency or self._payout_currency(event) or self.lookups.lbg_currency(event.env, lbg_id)

    def _payout_currency(self, event: Event) -> str | None:
        payout_id = self.lookups.payout_ids.get(event)
        same = [e for e, p in self.lookups.payout_ids.items() if p == payout_id and e.env == event.env]
        known = [e for e in same if e.currency]
        return min(known, key=lambda e: e.arrival).currency if known and payout_id else None

    def _refund_row(
        self, refunds: list[Event], captures: list[Event], day: date, city: str, currency: str
    ) -> Row:
        def within(events: list[Event], days: int) -> list[int]:
            return [
                e.amount_cents or 0
                for e in events
                if (self.lookups.city(e), e.currency) == (city, currency)
                and day - timedelta(days=days) < e.dt <= day
            ]

        refund_cents, captured_cents = sum(within(refunds, 1)), sum(within(captures, 1))
        refund_cents_7d, captured_cents_7d = sum(within(refunds, 7)), sum(within(captures, 7))
        return {
            "dt": day,
            "city": city,
            "currency": currency,
            "refunds": len(within(refunds, 1)),
            "refund_cents": refund_cents,
            "captured_cents": captured_cents,
            "refund_rate": ratio(refund_cents, captured_cents),
            "refund_cents_7d": refund_cents_7d,
            "captured_cents_7d": captured_cents_7d,
            "refund_rate_7d": ratio(refund_cents_7d, captured_cents_7d),
        }


SILVER = (
    "fact_search_impressions",
    "fact_search_clicks",
    "fact_views",
    "fact_booking_legs",
    "fact_booking_legs_latest",
    "fact_payments",
    "fact_refunds",
    "fact_payouts",
)
GOLD = (
    "kpi_gmv_daily",
    "kpi_take_rate",
    "kpi_cancellations",
    "kpi_refunds",
    "kpi_refunds_by_reason",
    "fact_orders",
)


def _keyed(key: tuple[date, str, str]) -> Row:
    return {"dt": key[0], "city": key[1], "currency": key[2]}


def _lead_band(lead: timedelta) -> str:
    if lead < timedelta(0):
        return "after_start"
    if lead < timedelta(hours=24):
        return "<24h"
    return "24-72h" if lead < timedelta(hours=72) else "72h+"


def _happening(row: Row) -> tuple[datetime, datetime, str]:
    return (row["occurred_at"], row["received_at"], row["event_id"])
