"""The quarantine as its pages show it: in groups, tried again under today's contracts, and repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from rastup.console.data.deployment import quarantine_of, store_of
from rastup.console.services import Services
from rastup.core.operators import operator_name
from rastup.ingest.quarantine import OPEN, REFUSED, REPLAYED, BadRecord, Filters, Group, grouped
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.history import Report
from rastup.ingest.repair.steps import Step
from rastup.ingest.repair.suggestion import suggested
from rastup.ingest.repair.trial import Trial, try_out

MOST_READ = 50_000
MOST_SHOWN = 100
MOST_REPLAYED = 10_000
MOST_DIFFS = 6
SUGGESTED_FROM = 20
ANY = "any"


@dataclass(frozen=True)
class Overview:
    """What the filters mean, and what there is to choose from. `is_cut`: there is more than was read; `damaged`: what
    could not be read.
    """

    groups: tuple[Group, ...]
    records: tuple[BadRecord, ...]
    states: Counter[str]
    codes: tuple[str, ...]
    events: tuple[str, ...]
    sources: tuple[str, ...]
    is_cut: bool
    damaged: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever refused, whatever the filters."""
        return not (self.codes or self.damaged)


@dataclass(frozen=True)
class Tried:
    """What a repair or replay would do. `is_cut`: more records are meant than one of the console takes."""

    trial: Trial
    is_cut: bool
    suggestion: Step | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is waiting."""
        return self.trial.passed + self.trial.refused == 0


def overview(services: Services, filters: Filters) -> Overview:
    """Reads the newest records, at most `MOST_READ`."""
    quarantine = quarantine_of(services)
    read = list(islice(quarantine.records(Filters(since=filters.since)), MOST_READ + 1))
    meant = [bad for bad in read[:MOST_READ] if filters.accepts(bad)]
    shown = [bad for bad in meant if filters.state in (None, bad.state)]
    return Overview(
        groups=tuple(grouped(shown)),
        records=tuple(shown[:MOST_SHOWN]),
        states=Counter(bad.state for bad in meant),
        codes=tuple(sorted({bad.code for bad in read})),
        events=tuple(sorted({bad.event for bad in read if bad.event})),
        sources=tuple(sorted({bad.source for bad in read if bad.source})),
        is_cut=len(read) > MOST_READ,
        damaged=tuple(quarantine.damaged),
    )


def tried(services: Services, repair: Repair, bad_id: str | None, until: str) -> Tried:
    """Tries the records meant that came in by `until` and have not been replayed. Changes nothing.

    Raises:
        UsageError: there is no record of that id.
    """
    records = _meant(services, repair.filters, bad_id, until)
    first = list(islice(records, SUGGESTED_FROM))
    trial = try_out(services.settings, repair, chain(first, records), diffs=MOST_DIFFS, clock=services.clock)
    suggestion = next(filter(None, map(suggested, first)), None)
    return Tried(trial, trial.passed + trial.refused >= MOST_REPLAYED, suggestion)


def carried_out(services: Services, repair: Repair, bad_id: str | None, until: str) -> Report:
    """Repairs and replays the records that `tried` has tried.

    Raises:
        UsageError: there is no record of that id.
        LeaseHeld: another repair is at work.
        SpoolFull: the spool is full.
    """
    meant = {name: value for name, value in vars(replace(repair.filters, until=until)).items() if value}
    return carry_out(
        services.settings,
        services.engine,
        repair,
        _meant(services, repair.filters, bad_id, until),
        who=operator_name(),
        chosen={"ids": [bad_id]} if bad_id else meant,
        store=store_of(services),
        clock=services.clock,
    )


def _meant(services: Services, filters: Filters, bad_id: str | None, until: str) -> Iterator[BadRecord]:
    quarantine = quarantine_of(services)
    found = iter([quarantine.get(bad_id)]) if bad_id else quarantine.records(replace(filters, until=until))
    waiting = (bad for bad in found if bad.state != REPLAYED and bad.received_at <= until)
    return islice(waiting, MOST_REPLAYED)


STATE_TITLES = {OPEN: "Open", REFUSED: "Refused again", REPLAYED: "Replayed"}
