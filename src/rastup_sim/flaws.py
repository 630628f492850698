"""What goes wrong on the way: events sent twice, and what broken clients send."""

from __future__ import annotations

from random import Random

from rastup_sim.shares import Shares
from rastup_sim.wire import MINUTE, Event, domain_event, mix

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


def flaws_of(events: list[Event], shares: Shares, number: int) -> list[Event]:
    """What is added to the events of a visit: a few of them again within the hour, and what a broken client sends.

    Args:
        events: of one visit.
        shares: of what.
        number: of the visit.
    """
    draw = mix(number, _FLAWS)
    is_repeated = (draw & 0xFFFFFF) < shares.duplicates * 0x1000000
    is_joined_by_broken = (draw >> 24 & 0xFFFFFF) < shares.malformed * len(events) * 0x1000000
    if not (is_repeated or is_joined_by_broken):
        return []
    rng = Random(draw)
    extra: list[Event] = []
    if is_repeated:
        delay_ms = 2_000 + int(min(rng.expovariate(1 / (6 * MINUTE)), 50 * MINUTE))
        extra += [_again(event, delay_ms) for event in events[: 1 + rng.randrange(len(events))]]
    if is_joined_by_broken:
        event = rng.choice(events)
        name, who, ids, payload = rng.choice(_MALFORMED)
        extra.append(domain_event(name, event.received_ms - 100, event.received_ms, rng, who, ids, payload))
    return extra


def _again(event: Event, delay_ms: int) -> Event:
    """The same line, later. A line in the domain dialect says when it was received; the platform keeps the first."""
    return Event(event.received_ms + delay_ms, event.is_web, event.line)
