"""What the oracle derives from all events together: cities, currencies and starts of legs and LBGs, open payouts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tests.golden.records import Event

Entity = tuple[str, str]  # environment and id


def first_value(events: Iterable[Event], value: Callable[[Event], Any]) -> Any:
    """The value of the first event, in order of arrival, that has one."""
    for event in sorted(events, key=lambda e: e.arrival):
        found = value(event)
        if found is not None:
            return found
    return None


def grouped(events: Iterable[Event], key: Callable[[Event], str | None]) -> dict[Entity, list[Event]]:
    """Events by environment and key, in order of arrival; events without the key are left out."""
    groups: dict[Entity, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda e: e.arrival):
        name = key(event)
        if name is not None:
            groups[(event.env, name)].append(event)
    return dict(groups)


class Lookups:
    """Rules 4 and 5 of the specification for one set of de-duplicated events."""

    def __init__(self, events: list[Event]) -> None:
        legs = [e for e in events if e.name.startswith("leg.")]
        payments = [e for e in events if e.name.startswith("payment.")]
        self.leg_events = grouped(legs, lambda e: e.leg_id)
        self.lbg_legs = grouped(legs, lambda e: e.lbg_id)
        self.lbg_payments = grouped(payments, lambda e: e.lbg_id)
        self.payout_ids = _payout_ids(events)

    def leg_city(self, env: str, leg_id: str | None) -> str | None:
        return first_value(self.leg_events.get((env, leg_id or ""), ()), lambda e: e.city)

    def lbg_of(self, env: str, leg_id: str | None) -> str | None:
        return first_value(self.leg_events.get((env, leg_id or ""), ()), lambda e: e.lbg_id)

    def lbg_city(self, env: str, lbg_id: str | None) -> str | None:
        legs = self.lbg_legs.get((env, lbg_id or ""), ())
        return self.leg_city(env, legs[0].leg_id) if legs else None

    def city(self, event: Event) -> str:
        lbg_id = event.lbg_id or event.payload("order_id") or self.lbg_of(event.env, event.leg_id)
        return (
            event.city
            or self.leg_city(event.env, event.leg_id)
            or self.lbg_city(event.env, lbg_id)
            or "unknown"
        )

    def lbg_currency(self, env: str, lbg_id: str | None) -> str:
        return first_value(self.lbg_payments.get((env, lbg_id or ""), ()), lambda e: e.currency) or "USD"

    def leg_currency(self, env: str, leg_id: str | None) -> str:
        return self.lbg_currency(env, self.lbg_of(env, leg_id))

    def leg_start(self, env: str, leg_id: str | None) -> datetime | None:
        events = self.leg_events.get((env, leg_id or ""), ())
        return first_value(events, lambda e: e.payload_instant("start_at"))

    def leg_end(self, env: str, leg_id: str | None) -> datetime | None:
        events = self.leg_events.get((env, leg_id or ""), ())
        return first_value(events, lambda e: e.payload_instant("end_at"))

    def leg_facts(self, env: str, leg_id: str) -> dict[str, Any]:
        """What a leg's events say of it once and for all: of each the first that is said."""
        events = self.leg_events[(env, leg_id)]
        said = {"leg_type": "type", "seller_user_id": "seller_user_id"}
        said |= {"service_profile_id": "service_profile_id", "studio_id": "studio_id"}
        return {
            column: first_value(events, lambda e, f=field: e.payload(f)) for column, field in said.items()
        }


def _payout_ids(events: list[Event]) -> dict[Event, str]:
    """The payout of each payout event; `payout.paid` without an id takes the leg's open payouts in their order.

    A payout is open when no event that names it says paid, failed or canceled. Nameless payments of one leg are told
    apart by their provider's reference; the first of them takes the payout that arrived first, and so on. One that
    finds no open payout is a payout of its own.
    """
    payouts = [e for e in events if e.name.startswith("payout.")]
    ids = {e: e.payload("payout_id") for e in payouts if e.payload("payout_id")}
    named = grouped(ids, lambda e: e.payload("payout_id"))
    open_of_leg: dict[Entity, list[str]] = defaultdict(list)
    for (env, payout_id), states in sorted(named.items(), key=lambda item: item[1][0].arrival):
        if not {e.name for e in states} & {"payout.paid", "payout.failed", "payout.canceled"}:
            open_of_leg[(env, str(states[0].leg_id))].append(payout_id)
    for leg, nameless in grouped([e for e in payouts if e not in ids], lambda e: e.leg_id).items():
        taken: dict[str, str] = {}
        for event in nameless:
            ref = event.payload("provider_ref")
            if ref not in taken:
                rank = len(taken)
                waiting = open_of_leg[leg]
                taken[ref] = waiting[rank] if rank < len(waiting) else f"{event.leg_id}/{ref}"
            ids[event] = taken[ref]
    return ids
