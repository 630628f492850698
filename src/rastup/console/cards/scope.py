"""For what a card is asked: the filters of the address, the release, and how far its data reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rastup.console import formatting
from rastup.console.cards.definition import Card
from rastup.console.data.base import Snapshot
from rastup.console.view import View
from rastup.lake.releases import Release

SPARK_DAYS = 14
"""So many days a sparkline shows at least, however short the range."""


@dataclass(frozen=True)
class Choices:
    """What a release offers to filter by, the largest first; `since` is its first day."""

    cities: tuple[str, ...]
    currencies: tuple[str, ...]
    since: date | None


@dataclass(frozen=True)
class Scope:
    """One request's filters on one release. `now` is the present moment in UTC."""

    view: View
    snapshot: Snapshot
    choices: Choices
    now: datetime

    @property
    def currency(self) -> str:
        """The one currency in which amounts are shown: amounts are never summed across currencies."""
        return self.view.currency or next(iter(self.choices.currencies), "USD")

    @property
    def until(self) -> datetime | None:
        """The newest `received_at` in the release."""
        return formatting.moment_of(self.snapshot.release.data_until)

    def release_of(self, card: Card) -> Release:
        """What the card's rows are of: the release, or the refresh of the operations views where it is live."""
        return (self.snapshot.nrt if card.is_live else None) or self.snapshot.release

    @property
    def first_open_day(self) -> date:
        """The first day whose data may not be complete.

        It is that of the newest event, even in a release made days later: more of that day may be on its way, and all of
        the days after. What an import holds of days after the release was made completes none of them.
        """
        created = formatting.moment_of(self.snapshot.release.created_at) or self.now
        return min(self.until or created, created).date()

    @property
    def has_baseline(self) -> bool:
        """Whether the release reaches back over the whole range before; its first day may have begun in the afternoon."""
        return self.choices.since is not None and self.choices.since < self.view.range.before.first

    def open_from(self, days: Sequence[date]) -> int | None:
        """The place of the first of these days whose data may not be complete, None when all are."""
        first = self.first_open_day
        return next((n for n, day in enumerate(days) if day >= first), None)

    def without_row(self, day: date) -> float | None:
        """What it means that a count has no row of the day: 0 within the data, nothing before and after them."""
        since, until = self.choices.since, self.until
        return 0.0 if since and until and since <= day <= until.date() else None

    def parameters(self) -> dict[str, Any]:
        """What the question marks of a card's SQL may stand for."""
        days = self.view.range
        return {
            "first": days.first,
            "last": days.last,
            "before_first": min(days.before.first, days.first - timedelta(days=SPARK_DAYS - 1)),
            "cities": list(self.view.cities) or None,
            "currency": self.currency,
        }


def read_choices(snapshot: Snapshot) -> Choices:
    """Cities and currencies of a release, by GMV."""
    if not snapshot.has("gold.kpi_gmv_daily"):
        return Choices((), (), None)
    by = "select {0} as name, sum(gmv_cents) as gmv from gold.kpi_gmv_daily group by 1 order by 2 desc, 1 limit 200"
    cities = snapshot.query(by.format("city"))
    currencies = snapshot.query(by.format("currency"))
    since = snapshot.query("select min(dt) from gold.kpi_gmv_daily").values[0][0]
    return Choices(tuple(row[0] for row in cities.values), tuple(row[0] for row in currencies.values), since)
