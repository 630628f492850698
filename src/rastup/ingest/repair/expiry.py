"""Retention of the quarantine: refused events hold what people sent, and go after ninety days.

A file goes when both its day and its landing are that long ago: refused history that was imported today stays as long
as anything that was refused today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Engine, delete

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.errors import DamageFound
from rastup.ingest.quarantine import LEASE
from rastup.lake.bronze import BAD, DAMAGED, unpack
from rastup.lake.ledger import LandedFile, expired_files, files_of_kind, forget, set_kind
from rastup.lake.storage import NoSuchObject, ObjectStore, open_store
from rastup.state.leases import Lease
from rastup.state.schema import quarantine

_DAY = re.compile(r"_bad/dt=(\d{4}-\d\d-\d\d)/")
_AT_ONCE = 500


@dataclass(frozen=True)
class Purged:
    """What went: files, the records in them, and the moment before which they landed.

    `damaged` files could not be read: they stay, and nothing looks at them again. `left` are due, but not yet gone.
    """

    files: int
    records: int
    before: str
    damaged: tuple[str, ...] = ()
    left: bool = False


def purge(
    settings: Settings,
    engine: Engine,
    *,
    store: ObjectStore | None = None,
    clock: Clock = system_clock,
    dry_run: bool = False,
    most_files: int | None = None,
) -> Purged:
    """Removes what is older than `bronze.quarantine_keep_days`, at most `most_files`; 0 days keeps everything.

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
        old = expired_files(engine, BAD, before, most_files)
        is_cut = len(old) == most_files
        if dry_run:
            return _purged(old, before)
        gone = [file for file in old if _remove(engine, store, file)]
        if not is_cut:
            _remove_unknown(engine, store, before)
    return _purged(gone, before, tuple(file.path for file in old if file not in gone), left=is_cut)


def _purged(
    gone: list[LandedFile], before: str, damaged: tuple[str, ...] = (), *, left: bool = False
) -> Purged:
    return Purged(len(gone), sum(file.records for file in gone), before, damaged, left)


def _remove(engine: Engine, store: ObjectStore, file: LandedFile) -> bool:
    """The marks, then the ledger's row, then the file: killed in between, what is left is found again.

    False when it cannot be read: it is kept aside, for whoever wants to know what happened to it.
    """
    try:
        ids = _ids(store, file)
    except DamageFound:
        set_kind(engine, file.path, DAMAGED)
        return False
    with engine.begin() as connection:
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            connection.execute(delete(quarantine).where(quarantine.c.bad_id.in_(some)))
    forget(engine, [file.path])
    store.delete(file.path)
    return True


def _remove_unknown(engine: Engine, store: ObjectStore, before: str) -> None:
    """Files of the quarantine that the ledger no longer knows: a purge was killed."""
    known = {file.path for kind in (BAD, DAMAGED) for file in files_of_kind(engine, kind)}
    for info in list(store.list("_bad")):
        day = _DAY.match(info.key)
        stored = rfc3339_ms(datetime.fromtimestamp(info.stored_at_s, UTC))
        if day and info.key not in known and day[1] < before[:10] and stored < before:
            store.delete(info.key)


def _ids(store: ObjectStore, file: LandedFile) -> list[str]:
    try:
        lines = unpack(store.get(file.path), file.path)
    except NoSuchObject:
        return []
    try:
        return [str(orjson.loads(line)["_bad"]["id"]) for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        raise DamageFound(f"Bronze's file {file.path} holds something else than refused events.") from error
