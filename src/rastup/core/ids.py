"""Identifiers: ULIDs and the event ids that the server derives.

A ULID is 26 characters of Crockford base 32: 48 bits of milliseconds, then 80 bits that are random or, for a
derived id, a digest. Source: github.com/ulid/spec.
"""

from __future__ import annotations

import os
from hashlib import blake2b

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(_ALPHABET)}
MAX_TIME_MS = (1 << 48) - 1


def _base32(value: int, characters: int) -> str:
    return "".join(_ALPHABET[(value >> (5 * i)) & 31] for i in reversed(range(characters)))


def ulid(time_ms: int, tail: bytes | None = None) -> str:
    """A ULID of `time_ms` (clamped to 0..2^48-1) whose last 80 bits are `tail` (10 bytes), random when absent."""
    tail = os.urandom(10) if tail is None else tail
    return _base32(min(max(time_ms, 0), MAX_TIME_MS), 10) + _base32(int.from_bytes(tail, "big"), 16)


def ulid_time_ms(text: str) -> int:
    """Milliseconds since the epoch inside a ULID of 26 characters.

    Raises:
        ValueError: when one of the first ten characters is not Crockford base 32.
    """
    value = 0
    try:
        for c in text[:10]:
            value = value << 5 | _VALUE[c]
    except KeyError as error:
        raise ValueError(f"not a ULID: {text[:26]!r}") from error
    return value


def derive_event_id(occurred_ms: int, content: bytes) -> str:
    """The id of an event that came without one: its time, then a digest of its bytes, so that a retry is the same event."""
    return "evt_" + ulid(occurred_ms, blake2b(content, digest_size=10).digest())


def new_event_id(time_ms: int) -> str:
    """A fresh event id of that time."""
    return "evt_" + ulid(time_ms)
