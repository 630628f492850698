"""Time as a parameter: code that needs the time takes a `Clock`, so that tests can hold it still."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

Clock = Callable[[], datetime]
"""Returns the present moment as an aware datetime in UTC."""


def system_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def rfc3339_ms(moment: datetime) -> str:
    """`2026-11-06T15:24:18.123Z`: the one way in which the platform writes a time into a record."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def epoch_ms(text: str) -> int:
    """Milliseconds since the epoch of an RFC 3339 moment.

    Raises:
        ValueError: it is none.
    """
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def canonical_time(text: object) -> str | None:
    """An RFC 3339 moment as the platform writes it (UTC, milliseconds, Z); None when it is none."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    if len(text) == 24 and text[16] == ":" and text[23] == "Z" and text[19] == "." and _is_minute(text[:16]):
        seconds = text[17:19] + text[20:23]
        if seconds.isascii() and seconds.isdigit() and seconds < "60":
            return text
    try:
        moment = datetime.fromisoformat(text)
        return rfc3339_ms(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1_024)
def _is_minute(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M") == text
    except ValueError:
        return False


_second_text = (-1, "")


def rfc3339_now() -> str:
    """The present moment as `rfc3339_ms` writes it, at a sixth of its cost: the text of a second is kept."""
    global _second_text
    second, rest = divmod(time.time_ns(), 1_000_000_000)
    known, text = _second_text
    if second != known:
        text = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second))
        _second_text = (second, text)
    return f"{text}{rest // 1_000_000:03d}Z"


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
