"""Events that no contract would let pass: every field that a model reads holds something that it cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from tests.golden.worlds import rfc3339, ulid

CITY = "poisonville"
LARGEST = 2**63 - 1


def _words(text: str) -> list[str]:
    return text.split()


EVENTS = _words("""
    leg.create leg.confirmed leg.completed leg.cancelled leg.failed amendment.added lbg.create lbg.confirmed
    checkout.start payment.intent.created payment.capture.succeeded refund.succeeded payout.queued payout.paid
    search.card_impression search.card_click search.result_click profile.view studio.view
""")
FIELDS = _words("""
    subtotal_cents tax_cents platform_fee_cents platform_fee_tax_cents total_cents start_at end_at amount_cents fee_cents
    subtotal_delta_cents tax_delta_cents platform_fee_delta_cents platform_fee_tax_delta_cents charge_id refund_id
    payout_id leg_id order_id amendment_id provider_ref reason by type result_pos rank verified target_id hit_id
""")
NUMBERS = _words("1e400 infinity -infinity NaN")
DATES = _words("""
    epoch now 0000-00-00 0001-01-01T00:00:00Z 2026-02-30T00:00:00Z 9999-12-31T23:59:59.999999Z 294247-01-10T04:00:54.775806Z
""")
TEXTS = (
    "abc",
    "",
    "9" * 40,
    "\u0000",
    "😀" * 50,
    "' or 1=1 --",
    '"quoted"\n\t\\',
    "{'a': 1}",
    '{"a":',
    *NUMBERS,
    *DATES,
)
STRUCTURES = ([1], {"a": {"b": [1, None]}}, [[[[[[]]]]]])
VALUES = (*TEXTS, 1e308, 1.5, LARGEST, LARGEST + 1, True, None, *STRUCTURES)


def poison(at: datetime) -> Iterator[bytes]:
    """Lines received at that moment, in a city of their own."""
    rng, numbers = Random(1), count()

    def line(name: str, **fields: Any) -> bytes:
        received = rfc3339(at)
        record = {"event_id": f"evt_{ulid(at, rng)}", "event": name, "v": 1, "occurred_at": received}
        record |= {"received_at": received, "city": CITY, "ids": {}, "payload": {}}
        record |= {"context": {"role": "buyer", "env": "prod", "source": "poison"}}
        return json.dumps(record | fields).encode() + b"\n"

    for value in VALUES:
        body = dict.fromkeys(FIELDS, value)
        for name in EVENTS:
            number = next(numbers)
            ids = {"lbg_id": f"lbg_poison{number % 3}", "leg_id": f"leg_poison{number % 4}"}
            amount = {"amount_cents": value, "currency": "usd"}
            yield line(name, payload=body, ids=ids, money=amount)
            yield line(name, payload=body, ids={"lbg_id": value, "leg_id": value})
            yield line(
                name,
                payload=value,
                ids=value,
                money=value,
                page=value,
                geo=value,
                campaign=value,
                device=value,
            )
            yield line(name, payload=body, v=value, schema_flags=value, user_id=value, session_id=value)
            if isinstance(value, str):
                yield line(name, payload=body, occurred_at=value)
    for number in range(5):
        ids = {"lbg_id": "lbg_poison", "leg_id": f"leg_huge{number}"}
        huge = {field: LARGEST for field in FIELDS if field.endswith("_cents")}
        yield line("leg.confirmed", ids=ids, payload=huge)
        yield line("amendment.added", ids=ids, payload=huge | {"amendment_id": f"amd_{number}"})
        yield line("leg.completed", ids=ids, payload=huge)
    twice = line("leg.confirmed").decode().replace('"payload": {}', '"payload": {"a": 1, "a": 2}')
    yield twice.replace('"ids": {}', '"ids": {"leg_id": "leg_poison", "leg_id": "leg_poison"}').encode()
