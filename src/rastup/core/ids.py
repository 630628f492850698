"""Identifiers: ULIDs and the event ids that the server derives.

A ULID is 26 characters of Crockford base 32: 48 bits of milliseconds, then 80 bits that are random or, for a
derived id, a digest. Source: github.com/ulid/spec.
"""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import blake2b

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(_ALPHABET)}
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]
_FIVE_BITS = bytes(ord(_ALPHABET[byte & 31]) for byte in range(256))
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
    # Five bits of each of sixteen bytes of a digest are eighty bits of it, already one a character.
    digest = blake2b(content, digest_size=16).digest().translate(_FIVE_BITS).decode()
    if not 0 <= occurred_ms <= MAX_TIME_MS:
        occurred_ms = min(max(occurred_ms, 0), MAX_TIME_MS)
    return f"{_head(occurred_ms >> 10)}{_PAIRS[occurred_ms & 1023]}{digest}"


@lru_cache(maxsize=4_096)
def _head(seconds: int) -> str:
    """What event ids of a second begin with: the last two characters of a ULID's time turn over in 1,024 ms."""
    return f"evt_{_high(seconds >> 10)}{_PAIRS[seconds & 1023]}"


@lru_cache(maxsize=1_024)
def _high(quarter_hours: int) -> str:
    """The first six characters of a ULID's time; the other four turn over in seventeen minutes."""
    return _base32(quarter_hours, 6)


def new_event_id(time_ms: int) -> str:
    """A fresh event id of that time."""
    return "evt_" + ulid(time_ms)
