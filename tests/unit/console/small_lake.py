"""A release of a few rows, and the content of the cards that read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rastup.console.cards import loading
from rastup.console.cards.content import Content
from rastup.console.cards.definition import Card, find_card
from rastup.console.cards.scope import Choices, Scope
from rastup.console.data.base import Rows
from rastup.console.view import Range, View
from rastup.lake.releases import Release

NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
WEEK = Range(date(2026, 11, 8), date(2026, 11, 14), "7d")
BEFORE_TODAY = Range(date(2026, 11, 7), date(2026, 11, 13))
LONG_AGO = date(2026, 1, 1)


@dataclass(frozen=True)
class Lake:
    """A snapshot that answers with its rows of the days that the card's SQL asks for: those are its first parameters."""

    rows: tuple[tuple[Any, ...], ...]
    until: datetime = NOW
    created: datetime | None = None

    @property
    def release(self) -> Release:
        """Published when its newest data came in, if not said otherwise."""
        return _release("r", self.created or self.until, self.until)

    @property
    def nrt(self) -> Release | None:
        """There are no operations views."""
        return None

    def has(self, _table: str) -> bool:
        """Every table."""
        return True

    def query(self, _sql: str, params: Sequence[Any] = ()) -> Rows:
        """The rows."""
        first, last = params[:2]
        return Rows(("dt", "value", "base"), tuple(row for row in self.rows if first <= row[0] <= last))


@dataclass(frozen=True)
class LiveLake(Lake):
    """A snapshot whose operations views were refreshed at `refreshed` and hold the rows."""

    refreshed: datetime = NOW

    @property
    def nrt(self) -> Release:
        """Published a second after its moment."""
        return _release("n", self.refreshed + timedelta(seconds=1), self.refreshed, "nrt")

    def query(self, _sql: str, _params: Sequence[Any] = ()) -> Rows:
        """All rows."""
        return Rows(("minute", "part", "value"), self.rows)


def card_of(card_id: str) -> Card:
    """The card of that id."""
    found = find_card(card_id)
    assert found
    return found[1]


def scope_of(lake: Lake, days: Range = WEEK, since: date = LONG_AGO) -> Scope:
    """A request to the lake, whose data began at `since`."""
    return Scope(View(days), lake, Choices((), ("USD",), since), NOW)


def load(card: str, lake: Lake, days: Range = WEEK, since: date = LONG_AGO) -> Content:
    """What the card shows of the lake, whose data began at `since`."""
    return loading.load(card_of(card), scope_of(lake, days, since))


def _release(release_id: str, created: datetime, until: datetime, channel: str = "main") -> Release:
    at = (created.isoformat(), until.isoformat())
    return Release(release_id, channel, None, "run", at[0], "test", at[1], None, False, ())
