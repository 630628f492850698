"""Times as senders write them, as the platform writes them. A second that was seen is not parsed again."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError
from rastup.core.clock import rfc3339_ms

SECONDS_KEPT = 10_000
_MILLISECONDS = [f".{ms:03d}Z" for ms in range(1_000)]
_FRACTIONS = {f"{ms:03d}": ms for ms in range(1_000)}
_TAILS = frozenset(rest + zone for zone in ("Z", "+00:00") for rest in ("", *_FRACTIONS))
"""What follows the milliseconds in the form that SDKs send: in UTC, with microseconds or without."""


def moment(text: Any, path: str) -> tuple[str, int]:
    """A sender's date-time as the platform writes it, and in milliseconds since the epoch. Without a zone it is in UTC.

    Raises:
        MappingError: it is no date-time.
    """
    try:
        if text[23:] in _TAILS and (ms := _FRACTIONS.get(text[20:23])) is not None:
            second_ms = _EPOCH_MS[text[:20]]
            if second_ms is not None:
                return text[:23] + "Z", second_ms + ms
        parsed = datetime.fromisoformat(text)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=UTC)
        return rfc3339_ms(parsed), int(parsed.timestamp() * 1000)
    except (TypeError, ValueError, AttributeError, LookupError, OverflowError) as error:
        raise MappingError(Finding(ENVELOPE_INVALID, path, "expected an ISO 8601 date-time")) from error


class _EpochMs(dict[str, int | None]):
    """Milliseconds since the epoch of `2026-11-06T15:24:18.` in UTC, None for what is not written so."""

    def __missing__(self, text: str) -> int | None:
        parsed = datetime.fromisoformat(text[:-1])
        is_plain = f"{parsed.isoformat()}." == text
        found = int(parsed.replace(tzinfo=UTC).timestamp()) * 1000 if is_plain else None
        if len(self) >= SECONDS_KEPT:
            self.clear()
        self[text] = found
        return found


_EPOCH_MS = _EpochMs()


def moment_of_ms(value: Any, path: str) -> tuple[str, int]:
    """Milliseconds since the epoch, as a number or its digits, as `moment` gives them.

    Raises:
        MappingError: it is no such number, or of no year that a calendar has.
    """
    try:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
            raise ValueError(value)
        time_ms = int(value)
        seconds, ms = divmod(time_ms, 1000)
        return _second(seconds) + _MILLISECONDS[ms], time_ms
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise MappingError(Finding(ENVELOPE_INVALID, path, "expected milliseconds since 1970")) from error


@lru_cache(maxsize=4_096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00")
