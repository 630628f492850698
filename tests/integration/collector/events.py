"""Events that the tests send: valid ones of the catalogue, written by hand."""

from __future__ import annotations

import itertools
from typing import Any

_numbers = itertools.count(1)
NEVER_SENT = "evt_01K9ZZZZZZZZZZZZZZZZZZZZZZ"


def search(**changes: Any) -> dict[str, Any]:
    """A valid `search.query` with an id of its own."""
    record = {
        "event_id": f"evt_01KA{next(_numbers):022d}",
        "event": "search.query",
        "v": 1,
        "occurred_at": "2026-11-20T10:00:00.000Z",
        "anon_id": "an_1",
        "city": "houston",
        "context": {"role": "guest"},
        "ids": {},
        "payload": {"query_hash": "0a1b2c3d", "results": 3},
    }
    return {**record, **changes}


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """The record without those members."""
    return {name: value for name, value in record.items() if name not in names}
