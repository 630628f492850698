"""Retention: releases beyond the kept ones expire, and what no kept release needs is removed from the store.

Every commit adds a snapshot and a metadata file, so this runs from the first day. A file goes only when nothing that is
kept refers to it and it is older than the grace, within which readers and a run in progress may still need it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import Table
from sqlalchemy import Connection, Engine, delete, select, update

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.logs import get_logger
from rastup.lake.engine import engine_path, local_path
from rastup.lake.publication import SCHEMAS
from rastup.lake.releases import MAIN
from rastup.lake.storage import open_store
from rastup.lake.tables import LakeTable, Tables
from rastup.state.schema import channels, release_tables, releases

LISTED_EXPIRED = 1_000
"""As many expired releases of the main channel stay listed, newest first, with what they held."""
NRT_KEPT_S = 60
"""How long a release of the operations views stays readable; there is one every few seconds."""

_log = get_logger(__name__)


def expire(settings: Settings, engine: Engine, catalog: SqlCatalog, channel: str) -> int:
    """Expires the channel's old releases, removes their files and forgets what expired long ago; returns how many files.
    Called by the lake's writer.
    """
    with engine.begin() as connection:
        gone = _old_releases(connection, settings, channel)
        if not gone:
            return 0
        connection.execute(update(releases).where(releases.c.release_id.in_(gone)).values(expired=True))
        _forget_expired(connection, channel)
        kept = _kept(connection, channel)
    removed = 0
    grace_s = settings.lake.snapshot_grace_s if channel == MAIN else NRT_KEPT_S
    for table in Tables(catalog).of(SCHEMAS[channel]):
        removed += _expire_table(settings, table, kept.get(table.name, {}), grace_s)
    return removed


def _old_releases(connection: Connection, settings: Settings, channel: str) -> list[str]:
    is_ours = (releases.c.channel == channel) & releases.c.expired.is_(False)
    newest = select(releases.c.release_id, releases.c.created_at).where(is_ours)
    newest = newest.order_by(releases.c.release_id.desc())
    current = connection.execute(select(channels.c.release_id).where(channels.c.channel == channel)).scalar()
    if channel == MAIN:
        newest = newest.offset(settings.lake.release_keep + 1)
    else:
        before = rfc3339_ms(system_clock() - timedelta(seconds=NRT_KEPT_S))
        newest = newest.where(releases.c.created_at < before)
    rows = [(str(release_id), str(created_at)) for release_id, created_at in connection.execute(newest)]
    kept: frozenset[str] = _of_hours_and_days(rows, settings) if channel == MAIN else frozenset()
    old = [release_id for release_id, _ in rows if release_id not in kept]
    # To look through every table's files takes a second or two: several releases share it.
    if channel == MAIN and len(old) < settings.lake.release_keep // 4:
        return []
    return [release_id for release_id in old if release_id != current]


def _of_hours_and_days(rows: Iterable[tuple[str, str]], settings: Settings) -> frozenset[str]:
    """The last release of each hour, and further back of each day: who finds a fault late goes back before it."""
    now = system_clock()
    last: dict[str, str] = {}
    for release_id, created_at in rows:  # newest first
        age = now - datetime.fromisoformat(created_at)
        if age < timedelta(hours=settings.lake.release_keep_hours):
            last.setdefault(created_at[:13], release_id)
        if age < timedelta(days=settings.lake.release_keep_days):
            last.setdefault(created_at[:10], release_id)
    return frozenset(last.values())


def _forget_expired(connection: Connection, channel: str) -> None:
    """There are thousands of releases a day: those of which nobody asks leave no rows."""
    is_old = (releases.c.channel == channel) & releases.c.expired
    listed = LISTED_EXPIRED if channel == MAIN else 0
    newest = select(releases.c.release_id).where(is_old).order_by(releases.c.release_id.desc())
    first_gone = connection.execute(newest.offset(listed).limit(1)).scalar()
    if first_gone is not None:
        gone = select(releases.c.release_id).where(is_old, releases.c.release_id <= first_gone)
        connection.execute(delete(release_tables).where(release_tables.c.release_id.in_(gone)))
        connection.execute(delete(releases).where(is_old, releases.c.release_id <= first_gone))


def _kept(connection: Connection, channel: str) -> dict[str, dict[int, set[str]]]:
    """Of each table the snapshots that kept releases hold, and the metadata files they name."""
    query = (
        select(release_tables.c.table_name, release_tables.c.snapshot_id, release_tables.c.metadata_location)
        .join(releases, releases.c.release_id == release_tables.c.release_id)
        .where(releases.c.channel == channel, releases.c.expired.is_(False))
    )
    kept: dict[str, dict[int, set[str]]] = {}
    for row in connection.execute(query).mappings():
        of_table = kept.setdefault(row["table_name"], {})
        of_table.setdefault(row["snapshot_id"] or 0, set()).add(row["metadata_location"])
    return kept


def _expire_table(
    settings: Settings, lake_table: LakeTable, kept: dict[int, set[str]], grace_s: float
) -> int:
    table = lake_table.table
    current = table.current_snapshot()
    alive = {*kept, current.snapshot_id if current else 0}
    _remove_tags(table, alive)
    oldest_ms = (time.time() - grace_s) * 1000
    gone = [
        s.snapshot_id for s in table.snapshots() if s.snapshot_id not in alive and s.timestamp_ms < oldest_ms
    ]
    if not gone:
        return 0
    table.maintenance.expire_snapshots().by_ids(gone).commit()
    table.refresh()
    return _sweep(
        settings, table, {location for locations in kept.values() for location in locations}, grace_s
    )


def _remove_tags(table: Table, alive: set[int]) -> None:
    old = [
        name
        for name, ref in table.refs().items()
        if ref.snapshot_ref_type == "tag" and ref.snapshot_id not in alive
    ]
    if old:
        manage = table.manage_snapshots()
        for name in old:
            manage = manage.remove_tag(name)
        manage.commit()
        table.refresh()


def _sweep(settings: Settings, table: Table, metadata_files: Iterable[str], grace_s: float) -> int:
    """Removes the table's files that nothing refers to."""
    store, root = open_store(settings.warehouse_url, settings.bronze), engine_path(settings.warehouse_url)

    def key_of(url: str) -> str:
        return url.removeprefix("file://").removeprefix(root).lstrip("/")

    referenced = {key_of(url) for url in (*metadata_files, *_referenced(table))}
    before = time.time() - grace_s
    removed = 0
    for found in store.list(key_of(table.location())):
        if found.key not in referenced and found.stored_at_s < before:
            store.delete(found.key)
            removed += 1
    if (folder := local_path(table.location())) is not None:
        _remove_empty(folder / "data")
    _log.debug("files removed", table=".".join(table.name()), files=removed)
    return removed


def _referenced(table: Table) -> Iterable[str]:
    yield table.metadata_location
    yield from (entry.metadata_file for entry in table.metadata.metadata_log)
    seen: set[str] = set()
    for snapshot in table.snapshots():
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            if manifest.manifest_path not in seen:
                seen.add(manifest.manifest_path)
                yield manifest.manifest_path
                yield from (
                    entry.data_file.file_path
                    for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True)
                )


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
