"""Points in time as people give them on a command line or in an address."""

from __future__ import annotations

from datetime import UTC, datetime

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.errors import UsageError


def since_of(text: str | None, clock: Clock = system_clock) -> str | None:
    """A day, a moment or an age (`2026-11-06`, `2026-11-06T15:00Z`, `90m`, `24h`, `7d`) as RFC 3339 in UTC.

    Raises:
        UsageError: it is none of these.
    """
    if text is None:
        return None
    unit = {"m": 60, "h": 3_600, "d": 86_400}.get(text[-1:])
    try:
        if unit and text[:-1].isdigit():
            moment = datetime.fromtimestamp(clock().timestamp() - int(text[:-1]) * unit, UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=moment.tzinfo or UTC)
        return rfc3339_ms(moment)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"{text[:80]!r} is not a time; give a day (2026-11-06), a moment (2026-11-06T15:00Z) or an age (90m, 24h, 7d)."
        ) from error
