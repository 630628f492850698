"""An event as the constructors of `rastup.client.events` make it, and the record that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    """One event without its circumstances: who, when and where are given to `Client.send`."""

    name: str
    v: int
    ids: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    money: Mapping[str, Any] | None = None


def event_of(
    name: str,
    v: int,
    *,
    ids: Mapping[str, Any] | None = None,
    money: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """An event with what is None left out and times as RFC 3339 text.

    Raises:
        ValueError: a time has no time zone.
    """
    return Event(name, v, _given(ids), _given(payload), _given(money) if money else None)


def moment(value: datetime | str) -> str:
    """A time as RFC 3339 text in UTC with milliseconds; text is kept as it is.

    Raises:
        ValueError: the time has no time zone, so that nobody can tell when it is.
    """
    if isinstance(value, str):
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; give one, for example datetime.now(UTC).")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _given(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        name: moment(value) if isinstance(value, datetime) else value
        for name, value in (values or {}).items()
        if value is not None
    }
