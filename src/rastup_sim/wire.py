"""Events as the text that travels: ids, moments and lines in both dialects.

Text is put together from parts that many events share, because a benchmark's history is ten million of them.
"""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import orjson

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_CACHE_MAX = 200_000
_MASK = (1 << 64) - 1

_seconds: dict[int, str] = {}
_times: dict[int, str] = {}


class Event(NamedTuple):
    """One event on its way: when it arrives (ms since the epoch), its dialect, and its line without a newline."""

    received_ms: int
    is_web: bool
    line: str


def mix(*parts: int) -> int:
    """64 well-mixed bits of some numbers. Source: splitmix64 (Steele, Lea, Flood 2014)."""
    x = 0
    for part in parts:
        x = (x ^ part) + 0x9E3779B97F4A7C15 & _MASK
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        x = (x ^ x >> 27) * 0x94D049BB133111EB & _MASK
        x ^= x >> 31
    return x


def base32(value: int, characters: int) -> str:
    """The lowest bits of a number in Crockford base 32; `characters` is even."""
    if characters == 12:
        return (
            _PAIRS[value >> 50 & 1023]
            + _PAIRS[value >> 40 & 1023]
            + _PAIRS[value >> 30 & 1023]
            + _PAIRS[value >> 20 & 1023]
            + _PAIRS[value >> 10 & 1023]
            + _PAIRS[value & 1023]
        )
    return "".join(_PAIRS[value >> shift & 1023] for shift in range(5 * characters - 10, -1, -10))


def event_id(at_ms: int, rng: Random) -> str:
    """`evt_` and a ULID of that moment."""
    high = at_ms >> 10
    if (start := _times.get(high)) is None:
        if len(_times) > _CACHE_MAX:
            _times.clear()
        start = _times[high] = "evt_" + base32(high, 8)
    a, b = rng.getrandbits(40), rng.getrandbits(40)
    return (
        f"{start}{_PAIRS[at_ms & 1023]}{_PAIRS[a & 1023]}{_PAIRS[a >> 10 & 1023]}{_PAIRS[a >> 20 & 1023]}"
        f"{_PAIRS[a >> 30]}{_PAIRS[b & 1023]}{_PAIRS[b >> 10 & 1023]}{_PAIRS[b >> 20 & 1023]}{_PAIRS[b >> 30]}"
    )


def moment(at_ms: int) -> str:
    """RFC 3339 in UTC with milliseconds."""
    second, ms = divmod(at_ms, 1000)
    if (start := _seconds.get(second)) is None:
        if len(_seconds) > _CACHE_MAX:
            _seconds.clear()
        start = _seconds[second] = _second_text(second)
    return f"{start}{ms:03}Z"


def json_text(value: Any) -> str:
    """Compact JSON."""
    return orjson.dumps(value).decode()


def domain_event(
    name: str, at_ms: int, received_ms: int, rng: Random, who: str, ids: str, payload: str, money: str = ""
) -> Event:
    """An event in the domain dialect.

    Args:
        name: of the event.
        at_ms: when it happened.
        received_ms: when it arrives.
        rng: of the event's id.
        who: members of the envelope between commas: user, session, city, device, context; begins with a comma.
        ids: JSON object.
        payload: JSON object.
        money: empty, or the member with a comma before it.
    """
    line = (
        f'{{"event_id":"{event_id(at_ms, rng)}","event":"{name}","v":1,"occurred_at":"{moment(at_ms)}",'
        f'"received_at":"{moment(received_ms)}"{who},"ids":{ids}{money},"payload":{payload}}}'
    )
    return Event(received_ms, False, line)


def web_event(name: str, at_ms: int, rng: Random, who: str, payload: str) -> Event:
    """An event in the web dialect, which knows no time of receipt and carries ids in the payload."""
    line = (
        f'{{"event_id":"{event_id(at_ms, rng)}","ts":"{moment(at_ms)}","name":"{name}"{who},'
        f'"payload":{payload}}}'
    )
    return Event(at_ms, True, line)


def _second_text(second: int) -> str:
    days, rest = divmod(second, 86_400)
    year, month, day = _civil(days)
    return f"{year:04}-{month:02}-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}."


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01. Source: Hinnant, chrono-compatible date algorithms."""
    days += 719_468
    era = days // 146_097
    of_era = days - era * 146_097
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1
