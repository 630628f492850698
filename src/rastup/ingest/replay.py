"""Replay: quarantined events go through admission again, and those that pass go on as if they had just come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import orjson
from sqlalchemy import Engine, delete, insert

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.ingest.admission import Stamp
from rastup.ingest.feed import Feed
from rastup.ingest.quarantine import REFUSED, REPLAYED, BadRecord
from rastup.ingest.readmission import Readmission
from rastup.state.leases import Lease
from rastup.state.schema import quarantine

LEASE = "replay.lease"
_BATCH = 1_000


@dataclass(frozen=True)
class Outcome:
    """What became of one record: `replayed` with its event id, or `refused` with the new reason."""

    id: str
    state: str
    event: str | None
    event_id: str | None = None
    code: str | None = None
    path: str | None = None
    message: str | None = None


def replay(
    settings: Settings,
    engine: Engine,
    records: Iterable[BadRecord],
    *,
    who: str,
    dry_run: bool = False,
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    clock: Clock = system_clock,
) -> tuple[int, int]:
    """Replays records that have not been replayed yet. Returns how many passed and how many were refused again.

    An event enters once: it is marked when it is on disk, and one that a crash left unmarked in between comes in
    with the same event id, which Silver holds once.

    Raises:
        LeaseHeld: another replay is at work.
        SpoolFull: the spool is full; what was not replayed stays open.
    """
    readmission = Readmission(settings.ingest)
    waiting = (bad for bad in records if bad.state != REPLAYED)
    passed = refused = 0
    with Lease(settings.home.run / LEASE, purpose="quarantine replay"):
        for batch in _batches(waiting):
            outcomes, lines = _judge(readmission, batch, clock)
            if not dry_run:
                if lines:
                    with Feed(settings.home.spool, "replay", settings.spool, patience_s=10.0) as feed:
                        feed.put(b"".join(lines))
                _mark(engine, outcomes, who, rfc3339_ms(clock()))
            for outcome in outcomes:
                on_outcome(outcome)
            passed += len(lines)
            refused += len(outcomes) - len(lines)
    return passed, refused


def _batches(records: Iterator[BadRecord]) -> Iterator[list[BadRecord]]:
    while batch := list(islice(records, _BATCH)):
        yield list({bad.id: bad for bad in batch}.values())


def _judge(
    readmission: Readmission, batch: list[BadRecord], clock: Clock
) -> tuple[list[Outcome], list[bytes]]:
    outcomes, lines = [], []
    for bad in batch:
        stamp = Stamp(rfc3339_ms(clock()), bad.env or "prod", bad.source or "replay")
        first = datetime.fromisoformat(bad.received_at)
        line = readmission.replay(bad.original, bad.dialect, stamp, first)
        if isinstance(line, bytes):
            lines.append(line)
            record = orjson.loads(line)
            outcomes.append(Outcome(bad.id, REPLAYED, record["event"], record["event_id"]))
        else:
            why = line.finding
            event = line.event or bad.event
            outcomes.append(Outcome(bad.id, REFUSED, event, None, why.code, why.path, why.message))
    return outcomes, lines


def _mark(engine: Engine, outcomes: list[Outcome], who: str, at: str) -> None:
    rows = [
        {
            "bad_id": outcome.id,
            "state": outcome.state,
            "at": at,
            "who": who,
            "event_id": outcome.event_id,
            "message": outcome.message and f"{outcome.code} {outcome.path}: {outcome.message}",
        }
        for outcome in outcomes
    ]
    with engine.begin() as connection:
        for row in rows:
            connection.execute(delete(quarantine).where(quarantine.c.bad_id == row["bad_id"]))
        connection.execute(insert(quarantine), rows)
