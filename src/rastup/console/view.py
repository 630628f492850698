"""What the address says: range, cities, currency and release. Every page and every card reads it from there alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from rastup.console import formatting
from rastup.core.errors import UsageError

PRESETS: dict[str, tuple[str, int]] = {
    "today": ("Today", 1),
    "7d": ("7 days", 7),
    "14d": ("14 days", 14),
    "30d": ("30 days", 30),
    "90d": ("90 days", 90),
}
DEFAULT_PRESET = "14d"
MAX_DAYS = 400
MAX_CITIES = 50
MAX_TEXT = 64


class Query(Protocol):
    """The query part of an address, as Starlette gives it."""

    def get(self, key: str, /) -> str | None:
        """The last value of that name."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of that name."""


@dataclass(frozen=True)
class Range:
    """Days from `first` to `last`, both included, in UTC. `preset` is set when it moves with the present day."""

    first: date
    last: date
    preset: str | None = None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Range:
        """The same number of days right before."""
        return Range(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def label(self) -> str:
        """For people."""
        return formatting.days(self.first, self.last)


@dataclass(frozen=True)
class View:
    """The filters in effect. `release` is set on a frozen link."""

    range: Range
    cities: tuple[str, ...] = ()
    currency: str | None = None
    release: str | None = None

    def query(self) -> str:
        """The filters as the query part of an address; empty for the default view."""
        pairs: list[tuple[str, str]] = []
        if self.range.preset is None:
            pairs += [("from", self.range.first.isoformat()), ("to", self.range.last.isoformat())]
        elif self.range.preset != DEFAULT_PRESET:
            pairs.append(("range", self.range.preset))
        pairs += [("city", city) for city in self.cities]
        pairs += [("currency", self.currency)] if self.currency else []
        pairs += [("release", self.release)] if self.release else []
        return urlencode(pairs)

    def link(self, path: str, extra: Mapping[str, str | None] | None = None) -> str:
        """An address with these filters; `extra` adds to them."""
        parts = [self.query(), urlencode({k: v for k, v in (extra or {}).items() if v})]
        query = "&".join(part for part in parts if part)
        return f"{path}?{query}" if query else path

    def with_range(self, chosen: Range) -> View:
        """The same filters over another range."""
        return replace(self, range=chosen)

    def widened(self, preset: str) -> View:
        """The same filters over as many days as the preset has, to the same last one; what moved with the day still does."""
        first = self.range.last - timedelta(days=PRESETS[preset][1] - 1)
        return self.with_range(Range(first, self.range.last, preset if self.range.preset else None))

    def with_cities(self, cities: Iterable[str]) -> View:
        """The same filters for other cities."""
        return replace(self, cities=tuple(sorted(set(cities))))

    def with_currency(self, currency: str | None) -> View:
        """The same filters in another currency."""
        return replace(self, currency=currency)

    def live(self) -> View:
        """The same filters on the current release."""
        return replace(self, release=None)

    def frozen(self, release_id: str) -> View:
        """The same days and the same release for ever."""
        return replace(self, range=replace(self.range, preset=None), release=release_id)

    def shifted(self, direction: int, today: date) -> View:
        """One range earlier (-1) or later (1); never into the future."""
        days = self.range.days
        last = min(self.range.last + timedelta(days=days * direction), today)
        preset = next((key for key, (_, n) in PRESETS.items() if n == days and last == today), None)
        return self.with_range(Range(last - timedelta(days=days - 1), last, preset))


def preset_range(preset: str, today: date) -> Range:
    """The range of a preset, today included."""
    return Range(today - timedelta(days=PRESETS[preset][1] - 1), today, preset)


def read(query: Query, now: datetime) -> View:
    """The filters of an address.

    Raises:
        UsageError: names the parameter, its value and what is allowed.
    """
    cities = query.getlist("city")
    if len(cities) > MAX_CITIES:
        raise UsageError(f"city: {len(cities)} given; at most {MAX_CITIES} are allowed.")
    return View(
        range=_range(query, now.date()),
        cities=tuple(sorted({bounded("city", city) for city in cities if city})),
        currency=bounded("currency", query.get("currency")) or None,
        release=bounded("release", query.get("release")) or None,
    )


def bounded(name: str, value: str | None, limit: int = MAX_TEXT) -> str:
    """The value, when it is not longer than allowed.

    Raises:
        UsageError: it is.
    """
    if value and len(value) > limit:
        raise UsageError(f"{name}: {len(value)} characters; at most {limit} are allowed.")
    return value or ""


def _range(query: Query, today: date) -> Range:
    first, last = query.get("from"), query.get("to")
    if first or last:
        return _absolute(first, last, today)
    preset = query.get("range") or DEFAULT_PRESET
    if preset not in PRESETS:
        raise UsageError(f"range: {preset[:MAX_TEXT]!r} is not known; allowed: {', '.join(PRESETS)}.")
    return preset_range(preset, today)


def _absolute(first: str | None, last: str | None, today: date) -> Range:
    end = _date("to", last) if last else today
    start = _date("from", first) if first else end
    if start > end:
        raise UsageError(f"from: {start} is after to: {end}; swap them.")
    if (end - start).days >= MAX_DAYS:
        raise UsageError(f"from, to: {(end - start).days + 1} days; at most {MAX_DAYS} are allowed.")
    return Range(start, end)


def _date(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{name}: {text[:MAX_TEXT]!r} is not a day; write it as 2026-11-06 (UTC)."
        ) from error
    if not 2000 <= found.year <= 2200:
        raise UsageError(f"{name}: {found} is outside of the years 2000 to 2200.")
    return found
