"""The quarantine as its pages show it: counted by code, event and source, and tried again under today's contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rastup.console.data.deployment import quarantine_of
from rastup.console.services import Services
from rastup.core.operators import operator_name
from rastup.ingest.quarantine import OPEN, REFUSED, REPLAYED, BadRecord, Filters
from rastup.ingest.replay import Outcome, replay

MOST_READ = 50_000
MOST_SHOWN = 100
MOST_REPLAYED = 10_000
ANY = "any"


@dataclass(frozen=True)
class Group:
    """How many records share a code, an event and a source, by what became of them."""

    code: str
    event: str | None
    source: str | None
    counts: Counter[str]
    newest: str

    @property
    def records(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Overview:
    """What the filters mean, and what there is to choose from. `is_cut`: there is more than was read."""

    groups: tuple[Group, ...]
    records: tuple[BadRecord, ...]
    states: Counter[str]
    codes: tuple[str, ...]
    events: tuple[str, ...]
    sources: tuple[str, ...]
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever refused, whatever the filters."""
        return not self.codes


@dataclass(frozen=True)
class Verdict:
    """One kind of outcome of a replay and how many records had it."""

    event: str | None
    state: str
    code: str | None
    path: str | None
    message: str | None
    records: int


@dataclass(frozen=True)
class Attempt:
    """What a replay did, or would do. `is_cut`: more records are meant than one replay takes."""

    passed: int
    refused: int
    verdicts: tuple[Verdict, ...]
    is_cut: bool


def overview(services: Services, filters: Filters) -> Overview:
    """Reads the newest records, at most `MOST_READ`."""
    read = list(islice(quarantine_of(services).records(Filters(since=filters.since)), MOST_READ + 1))
    meant = [bad for bad in read[:MOST_READ] if filters.accepts(bad)]
    shown = [bad for bad in meant if filters.state in (None, bad.state)]
    return Overview(
        groups=_grouped(shown),
        records=tuple(shown[:MOST_SHOWN]),
        states=Counter(bad.state for bad in meant),
        codes=tuple(sorted({bad.code for bad in read})),
        events=tuple(sorted({bad.event for bad in read if bad.event})),
        sources=tuple(sorted({bad.source for bad in read if bad.source})),
        is_cut=len(read) > MOST_READ,
    )


def attempt(
    services: Services, filters: Filters, bad_id: str | None, until: str, *, dry_run: bool
) -> Attempt:
    """Tries the records meant that came in by `until` and have not been replayed.

    Raises:
        UsageError: there is no record of that id.
        LeaseHeld: another replay is at work.
        SpoolFull: the spool is full.
    """
    quarantine = quarantine_of(services)
    meant = iter([quarantine.get(bad_id)]) if bad_id else quarantine.records(filters)
    waiting = (bad for bad in meant if bad.state != REPLAYED and bad.received_at <= until)
    counts: Counter[tuple[str | None, str, str | None, str | None, str | None]] = Counter()

    def note(outcome: Outcome) -> None:
        counts[outcome.event, outcome.state, outcome.code, outcome.path, outcome.message] += 1

    some: Iterator[BadRecord] = islice(waiting, MOST_REPLAYED)
    passed, refused = replay(
        services.settings,
        services.engine,
        some,
        who=operator_name(),
        dry_run=dry_run,
        on_outcome=note,
        clock=services.clock,
    )
    verdicts = tuple(Verdict(*key, records=number) for key, number in counts.most_common(MOST_SHOWN))
    return Attempt(passed, refused, verdicts, passed + refused == MOST_REPLAYED)


def _grouped(records: list[BadRecord]) -> tuple[Group, ...]:
    groups: dict[tuple[str, str | None, str | None], Group] = {}
    for bad in records:
        key = (bad.code, bad.event, bad.source)
        group = groups.get(key) or Group(*key, Counter(), bad.received_at)
        group.counts[bad.state] += 1
        groups[key] = Group(*key, group.counts, max(group.newest, bad.received_at))
    return tuple(sorted(groups.values(), key=lambda group: -group.records))


STATE_TITLES = {OPEN: "Open", REFUSED: "Refused again", REPLAYED: "Replayed"}
