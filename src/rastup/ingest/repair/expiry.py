"""Retention of the quarantine: refused events hold what people sent, and go after ninety days.

A file goes when both its day and its landing are that long ago: refused history that was imported today stays as long
as anything that was refused today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Engine, delete

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.ingest.quarantine import LEASE
from rastup.lake.bronze import BAD, unpack
from rastup.lake.ledger import LandedFile, files_of_kind, forget
from rastup.lake.storage import NoSuchObject, ObjectStore, open_store
from rastup.state.leases import Lease
from rastup.state.schema import quarantine

_DAY = re.compile(r"_bad/dt=(\d{4}-\d\d-\d\d)/")
_AT_ONCE = 500


@dataclass(frozen=True)
class Purged:
    """What went: files, the records in them, and the moment before which they landed."""

    files: int
    records: int
    before: str


def purge(
    settings: Settings,
    engine: Engine,
    *,
    store: ObjectStore | None = None,
    clock: Clock = system_clock,
    dry_run: bool = False,
) -> Purged:
    """Removes what is older than `bronze.quarantine_keep_days`; 0 keeps everything.

    Raises:
        LeaseHeld: a repair is at work.
        StoreUnavailable: the store is away; what is left goes the next time.
    """
    store = store or open_store(settings.bronze_url, settings.bronze)
    days = settings.bronze.quarantine_keep_days
    before = rfc3339_ms(clock() - timedelta(days=days))
    if not days:
        return Purged(0, 0, before)
    with Lease(settings.home.run / LEASE, purpose="quarantine retention"):
        old = [f for f in files_of_kind(engine, BAD) if f.dt < before[:10] and f.landed_at < before]
        if not dry_run:
            for file in old:
                _remove(engine, store, file)
            _remove_unknown(engine, store, before)
    return Purged(len(old), sum(file.records for file in old), before)


def _remove(engine: Engine, store: ObjectStore, file: LandedFile) -> None:
    """The marks, then the ledger's row, then the file: killed in between, what is left is found again."""
    ids = list(_ids(store, file))
    with engine.begin() as connection:
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            connection.execute(delete(quarantine).where(quarantine.c.bad_id.in_(some)))
    forget(engine, [file.path])
    store.delete(file.path)


def _remove_unknown(engine: Engine, store: ObjectStore, before: str) -> None:
    """Files of the quarantine that the ledger no longer knows: a purge was killed."""
    known = {file.path for file in files_of_kind(engine, BAD)}
    for info in list(store.list("_bad")):
        day = _DAY.match(info.key)
        stored = rfc3339_ms(datetime.fromtimestamp(info.stored_at_s, UTC))
        if day and info.key not in known and day[1] < before[:10] and stored < before:
            store.delete(info.key)


def _ids(store: ObjectStore, file: LandedFile) -> Iterator[str]:
    try:
        lines = unpack(store.get(file.path))
    except NoSuchObject:
        return
    for line in lines:
        yield str(orjson.loads(line)["_bad"]["id"])
