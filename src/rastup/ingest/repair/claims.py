"""Claims: which records a repair has taken, noted before their events go to the spool and confirmed after.

So a record goes on once: of two repairs only one can claim it, and what a repair that was killed had claimed is settled by
looking whether its events are on disk.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence

import orjson
from sqlalchemy import Engine, delete, insert, select, update

from rastup.core.config import Settings
from rastup.ingest.quarantine import CLAIMED, REFUSED, REPLAYED, BadRecord
from rastup.ingest.repair.judging import Judged, Outcome
from rastup.ingest.spool.frames import read_frames_back
from rastup.ingest.spool.segments import opened, stream_segments
from rastup.lake.bronze import unpack
from rastup.lake.ledger import files_of_stream
from rastup.lake.storage import ObjectStore
from rastup.state.schema import quarantine, quarantine_repairs

_AT_ONCE = 500


def waiting(engine: Engine, batch: Sequence[BadRecord]) -> list[BadRecord]:
    """Those of the batch, each once, that nothing has replayed or claimed meanwhile."""
    taken: set[str] = set()
    ids = [bad.id for bad in batch]
    with engine.connect() as connection:
        for some in _pieces(ids):
            query = select(quarantine.c.bad_id).where(
                quarantine.c.bad_id.in_(some), quarantine.c.state.in_([CLAIMED, REPLAYED])
            )
            taken |= set(connection.execute(query).scalars())
    return list({bad.id: bad for bad in batch if bad.id not in taken}.values())


def claim(engine: Engine, judged: Iterable[Judged], *, repair_id: str, who: str, at: str) -> None:
    """Notes the refused ones, and claims those that pass: their events are about to be in the repair's stream."""
    rows = [_row(one.outcome, repair_id, who, at) for one in judged]
    if not rows:
        return
    with engine.begin() as connection:
        for some in _pieces([str(row["bad_id"]) for row in rows]):
            is_free = quarantine.c.bad_id.in_(some) & (quarantine.c.state == REFUSED)
            connection.execute(delete(quarantine).where(is_free))
        connection.execute(insert(quarantine), rows)


def confirm(engine: Engine, repair_id: str) -> None:
    """The repair's claimed records are replayed: their events are on disk."""
    is_claimed = (quarantine.c.repair_id == repair_id) & (quarantine.c.state == CLAIMED)
    with engine.begin() as connection:
        connection.execute(update(quarantine).where(is_claimed).values(state=REPLAYED))


def settle(settings: Settings, engine: Engine, store: ObjectStore) -> None:
    """Ends what repairs that were killed have left: a claim whose event is on disk is replayed, any other is free.

    For whoever holds the lease, so that no claim belongs to a repair that is at work.
    """
    query = select(quarantine.c.bad_id, quarantine.c.event_id, quarantine_repairs.c.stream).select_from(
        quarantine.join(quarantine_repairs, quarantine_repairs.c.repair_id == quarantine.c.repair_id)
    )
    with engine.connect() as connection:
        claims = connection.execute(query.where(quarantine.c.state == CLAIMED)).all()
    stored: dict[str, set[str]] = {
        stream: set(_event_ids(settings, engine, store, stream)) for stream in {c.stream for c in claims}
    }
    done = [c.bad_id for c in claims if c.event_id in stored[c.stream]]
    free = [c.bad_id for c in claims if c.event_id not in stored[c.stream]]
    with engine.begin() as connection:
        for some in _pieces(done):
            connection.execute(update(quarantine).where(quarantine.c.bad_id.in_(some)).values(state=REPLAYED))
        for some in _pieces(free):
            connection.execute(delete(quarantine).where(quarantine.c.bad_id.in_(some)))


def counts_of(engine: Engine, repair_id: str) -> tuple[int, int]:
    """How many records carry the repair's mark: those that it let go on, and those that it refused."""
    query = select(quarantine.c.state).where(quarantine.c.repair_id == repair_id)
    with engine.connect() as connection:
        states: list[str] = list(connection.execute(query).scalars())
    return states.count(REPLAYED), states.count(REFUSED)


def _row(outcome: Outcome, repair_id: str, who: str, at: str) -> dict[str, str | None]:
    passes = outcome.state == REPLAYED
    return {
        "bad_id": outcome.id,
        "state": CLAIMED if passes else REFUSED,
        "at": at,
        "who": who,
        "event_id": outcome.event_id,
        "message": outcome.message and f"{outcome.code} {outcome.path}: {outcome.message}",
        "repair_id": repair_id,
    }


def _event_ids(settings: Settings, engine: Engine, store: ObjectStore, stream: str | None) -> Iterator[str]:
    """The ids of the stream's events. The spool first: what has landed meanwhile is in the ledger already."""
    if stream is None:
        return
    for segment in stream_segments(settings.home.spool / stream):
        try:
            with opened(segment) as spooled:
                # A writer that was killed may have left its last bytes to the kernel alone; what counts as stored must be.
                os.fsync(spooled.fileno())
                for frame in read_frames_back(spooled):
                    yield from (orjson.loads(line)["event_id"] for line in frame.body.splitlines())
        except FileNotFoundError:
            continue
    for landed in files_of_stream(engine, stream):
        yield from (orjson.loads(line)["event_id"] for line in unpack(store.get(landed.path), landed.path))


def _pieces(ids: Sequence[str]) -> Iterator[Collection[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
