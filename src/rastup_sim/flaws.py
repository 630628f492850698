"""What goes wrong on the way: events sent twice, and what broken clients send."""

from __future__ import annotations

from random import Random

from rastup_sim.shares import Shares
from rastup_sim.wire import MINUTE, Event, domain_event

_FLAWS = 61
_GUEST = ',"anon_id":"an_broken1","city":"houston","context":{"role":"guest"}'

_MALFORMED = (
    # name, members of the envelope, ids, payload
    ("search.query", _GUEST, "{}", '{"q":"wedding"}'),  # a required field is missing
    ("search.results_view", _GUEST, "{}", '{"query_hash":"9f8e7d6c","count":"many"}'),  # a wrong type
    ("search.cardimpression", _GUEST, "{}", "{}"),  # no such event
    ("checkout.start", _GUEST, "{}", '{"order_id":"lbg_1","context":"person","subtotal_cents":-100}'),
    ("checkout.start", _GUEST, "{}", '{"order_id":"lbg_1","context":"elsewhere","subtotal_cents":100}'),
    ("profile.view", _GUEST, "{}", '{"profile_id":"srv_1","email":"jo@example.com"}'),  # a forbidden key
    ("profile.view", ',"context":{"role":"visitor"}', "{}", '{"profile_id":"srv_1"}'),
    ("profile.view", _GUEST + ',"shoe_size":43', "{}", '{"profile_id":"srv_1"}'),  # the envelope is closed
    ("search.card_impression", _GUEST, "{}", '{"query_hash":"9f8e7d6c","result_pos":0}'),
    ("studio.view", _GUEST.replace("an_", "device-"), "{}", '{"studio_id":"std_1"}'),
)


def flawed(events: list[Event], shares: Shares, number: int) -> list[Event]:
    """The events with their flaws: a few sent again within the hour, and what a broken client adds.

    Args:
        events: of one visit.
        shares: of what.
        number: of the visit.
    """
    rng = Random(number ^ _FLAWS)
    extra: list[Event] = []
    if rng.random() < shares.duplicates:
        delay_ms = 2_000 + int(min(rng.expovariate(1 / (6 * MINUTE)), 50 * MINUTE))
        extra += [_again(event, delay_ms) for event in events[: 1 + rng.randrange(len(events))]]
    if rng.random() < shares.malformed * len(events):
        event = rng.choice(events)
        name, who, ids, payload = rng.choice(_MALFORMED)
        extra.append(domain_event(name, event.received_ms - 100, event.received_ms, rng, who, ids, payload))
    return extra


def _again(event: Event, delay_ms: int) -> Event:
    """The same line, later. A line in the domain dialect says when it was received; the platform keeps the first."""
    return Event(event.received_ms + delay_ms, event.is_web, event.line)
