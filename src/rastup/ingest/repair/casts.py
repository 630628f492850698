"""Casts: a value as another type when nothing of it is lost, else nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from rastup.core.clock import rfc3339_ms

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0{1,17})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})(?:[eE][+-]?[0-9]{1,3})?")
_MOST = 2**53
_SECONDS, _MILLISECONDS = (
    1e8,
    1e11,
)  # between them a count of seconds is one of this age, beyond one of milliseconds
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def cast(value: Any, kind: str) -> Any | None:
    """The value as `kind`, None when it cannot be said as that."""
    return KINDS[kind](value)


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST:
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    return None


def _number(value: Any) -> int | float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        whole = _integer(value) if "." not in value and "e" not in value.lower() else None
        found = float(value) if whole is None else whole
        return found if math.isfinite(found) else None
    return None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str):
        return _BOOLEANS.get(str(value).strip().lower())
    return None


def _string(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return None


def _timestamp(value: Any) -> str | None:
    number = _number(value)
    try:
        if number is not None:
            if not _SECONDS <= abs(number) < 1e14:
                return None
            seconds = number / 1000 if abs(number) >= _MILLISECONDS else number
            return rfc3339_ms(datetime.fromtimestamp(seconds, UTC))
        if isinstance(value, str) and len(value) <= 40:
            moment = datetime.fromisoformat(value.strip())
            return rfc3339_ms(moment.replace(tzinfo=moment.tzinfo or UTC))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _array(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None if value is None else [value]


KINDS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _string,
    "timestamp": _timestamp,
    "array": _array,
}
"""What each kind of cast does."""
