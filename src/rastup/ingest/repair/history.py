"""What was repaired and replayed: one row a repair, with its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update

from rastup.core.errors import UsageError
from rastup.ingest.quarantine import REPLAYED
from rastup.ingest.repair import claims
from rastup.ingest.repair.judging import Outcome
from rastup.state.schema import quarantine_repairs

RUNNING, DONE, INTERRUPTED, UNDONE = "running", "done", "interrupted", "undone"
MOST_VERDICTS = 100


@dataclass(frozen=True)
class Verdict:
    """One kind of outcome, and how many records had it."""

    event: str | None
    state: str
    code: str | None
    path: str | None
    message: str | None
    records: int


@dataclass(frozen=True)
class Report:
    """One repair. `state` is running, done, interrupted (it was killed: what it says is what it did) or undone."""

    repair_id: str
    state: str
    at: str
    ended_at: str | None
    who: str
    reason: str
    steps: list[Mapping[str, Any]]
    chosen: Mapping[str, Any]
    passed: int
    refused: int
    verdicts: tuple[Verdict, ...]
    stream: str | None = None
    undone_at: str | None = None
    undone_by: str | None = None


class Counting:
    """Counts outcomes by kind."""

    def __init__(self) -> None:
        self._kinds: Counter[tuple[str | None, str, str | None, str | None, str | None]] = Counter()
        self.passed = self.refused = 0

    def add(self, outcome: Outcome) -> None:
        """Counts one."""
        self._kinds[outcome.event, outcome.state, outcome.code, outcome.path, outcome.message] += 1
        if outcome.state == REPLAYED:
            self.passed += 1
        else:
            self.refused += 1

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The kinds, most frequent first, at most `MOST_VERDICTS`."""
        return tuple(Verdict(*key, records=n) for key, n in self._kinds.most_common(MOST_VERDICTS))


def begin(
    engine: Engine,
    repair_id: str,
    *,
    at: str,
    who: str,
    reason: str,
    steps: list[Mapping[str, Any]],
    chosen: Mapping[str, Any],
) -> None:
    """Notes that a repair runs."""
    row: dict[str, Any] = {"repair_id": repair_id, "state": RUNNING, "at": at, "who": who, "reason": reason}
    row |= {"steps": steps, "chosen": dict(chosen), "verdicts": []}
    with engine.begin() as connection:
        connection.execute(insert(quarantine_repairs), row)


def note_stream(engine: Engine, repair_id: str, stream: str) -> None:
    """Notes where what it lets go on is, before it goes there."""
    of_repair = quarantine_repairs.c.repair_id == repair_id
    with engine.begin() as connection:
        connection.execute(update(quarantine_repairs).where(of_repair).values(stream=stream))


def end(engine: Engine, repair_id: str, *, at: str, counting: Counting, state: str = DONE) -> None:
    """Notes how it ended."""
    passed, refused = claims.counts_of(engine, repair_id)
    verdicts = [vars(verdict) for verdict in counting.verdicts]
    of_repair = quarantine_repairs.c.repair_id == repair_id
    values = {"state": state, "ended_at": at, "passed": passed, "refused": refused, "verdicts": verdicts}
    with engine.begin() as connection:
        connection.execute(update(quarantine_repairs).where(of_repair).values(**values))


def end_killed(engine: Engine, *, at: str) -> None:
    """Notes of repairs that never ended what they did; for whoever holds the lease, with the claims settled."""
    with engine.connect() as connection:
        query = select(quarantine_repairs.c.repair_id).where(quarantine_repairs.c.state == RUNNING)
        killed: list[str] = list(connection.execute(query).scalars())
    for repair_id in killed:
        end(engine, repair_id, at=at, counting=Counting(), state=INTERRUPTED)


def note_undone(engine: Engine, repair_id: str, *, at: str, who: str) -> None:
    """Notes that it was undone."""
    of_repair = quarantine_repairs.c.repair_id == repair_id
    with engine.begin() as connection:
        connection.execute(
            update(quarantine_repairs).where(of_repair).values(state=UNDONE, undone_at=at, undone_by=who)
        )


def get(engine: Engine, repair_id: str) -> Report:
    """One repair.

    Raises:
        UsageError: there is none of that id.
    """
    query = select(quarantine_repairs).where(quarantine_repairs.c.repair_id == repair_id)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise UsageError(
            f"there is no repair {repair_id[:60]!r}; `rastup quarantine repairs` shows which there are."
        )
    return _report(row)


def reports(engine: Engine, limit: int = 100) -> list[Report]:
    """The repairs, newest first."""
    query = select(quarantine_repairs).order_by(quarantine_repairs.c.repair_id.desc()).limit(limit)
    with engine.connect() as connection:
        return [_report(row) for row in connection.execute(query).mappings()]


def _report(row: Mapping[Any, Any]) -> Report:
    values = dict(row)
    verdicts = tuple(Verdict(**verdict) for verdict in values.pop("verdicts"))
    return Report(**values, verdicts=verdicts)
