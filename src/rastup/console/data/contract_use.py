"""What is known of an event beside its contract: how much comes from whom, what is refused, and who reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from rastup.console.cards.definition import Card, load_dashboards
from rastup.console.data.deployment import quarantine_of, tail_of
from rastup.console.services import Services
from rastup.core.clock import rfc3339_ms
from rastup.core.errors import NoRelease
from rastup.ingest.quarantine import Filters, Group, grouped
from rastup.ingest.tail import ACCEPTED
from rastup.lake.ledger import Volume, volumes_by_day, volumes_by_event
from rastup.lake.lineage import Lineage, Usage, words_of
from rastup.lake.project import compiled, compiled_files

DAYS = 30
LISTED_DAYS = 7
MOST_REFUSED = 20_000
MOST_SOURCES = 50


@dataclass(frozen=True)
class OfSource:
    """What one source sends of an event: records of the last 30 days, and when the newest came in."""

    source: str
    env: str
    records: int
    last: datetime


@dataclass(frozen=True)
class Traffic:
    """How much of an event came in: by day up to today, by source as of the release, and the newest of all."""

    days: tuple[tuple[date, int], ...]
    sources: tuple[OfSource, ...]
    last: str | None
    has_release: bool

    @property
    def records(self) -> int:
        """All of the 30 days."""
        return sum(records for _, records in self.days)


@dataclass(frozen=True)
class Downstream:
    """Who reads an event: tables, and cards of dashboards; and per field."""

    usage: Usage
    cards: tuple[Card, ...]
    field_cards: Mapping[str, tuple[Card, ...]]


def listed_volumes(services: Services) -> dict[str, Volume]:
    """How much of each event came in within the last days."""
    return volumes_by_event(services.engine, _first(services, LISTED_DAYS).isoformat())


def traffic(services: Services, event: str) -> Traffic:
    """How much of the event came in."""
    first = _first(services, DAYS)
    counted = volumes_by_day(services.engine, event, first.isoformat())
    days = tuple((day, counted.get(day.isoformat(), 0)) for day in _days(first, DAYS))
    newest = tail_of(services, 1, event=event, status=ACCEPTED)
    sources = _sources(services, event, first)
    last = newest[0].received_at if newest else None
    if last is None and sources:
        last = rfc3339_ms(max(one.last for one in sources))
    return Traffic(days, sources or (), last, sources is not None)


def refusals(services: Services, event: str) -> tuple[Group, ...]:
    """What was refused of the event within 30 days, grouped."""
    since = f"{_first(services, DAYS).isoformat()}T00:00:00.000Z"
    found = quarantine_of(services).records(Filters(event=event, since=since), MOST_REFUSED)
    return tuple(islice(grouped(found), 20))


def downstream(services: Services, event: str) -> Downstream | None:
    """Who reads the event, None before the models were first compiled."""
    lineage = _lineage(services)
    if lineage is None:
        return None
    usage = lineage.of(event)
    cards = tuple(card for card in _cards() if card.model in usage.tables)
    by_field = {
        path: tuple(
            card
            for card in cards
            if (column := usage.column(path, card.model)) and column in words_of(card.sql)
        )
        for path in usage.by_field
    }
    return Downstream(usage, cards, by_field)


def _sources(services: Services, event: str, first: date) -> tuple[OfSource, ...] | None:
    """As the current release has it; None without one."""
    try:
        snapshot = services.source.pin()
    except NoRelease:
        return None
    rows = snapshot.query(
        "select source, env, count(*) as records, max(received_at) as last from silver.events "
        "where event_name = ? and dt >= ? group by all order by records desc, source, env limit ?",
        (event, first, MOST_SOURCES),
    )
    return tuple(
        OfSource(str(row["source"]), str(row["env"]), int(row["records"]), row["last"])
        for row in rows.records()
    )


def _first(services: Services, days: int) -> date:
    return services.clock().date() - timedelta(days=days - 1)


def _days(first: date, number: int) -> Sequence[date]:
    return [first + timedelta(days=n) for n in range(number)]


def _cards() -> list[Card]:
    return [card for board in load_dashboards().values() for card in board.cards]


def _lineage(services: Services) -> Lineage | None:
    """Of the newest compilation that can be read: a run may just be writing or removing one."""
    for path in compiled_files(services.settings):
        try:
            return _of_file(path, path.stat().st_mtime_ns)
        except OSError:
            continue
    return None


@lru_cache(maxsize=2)
def _of_file(path: Path, _changed: int) -> Lineage:
    """Raises where there is nothing to read, because a result would be kept."""
    project = compiled(path)
    if project is None:
        raise OSError(f"{path} cannot be read")
    return Lineage(project)
