"""What a release needs around it: tables brought back to the last one before a run, tagged and published after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.lake import releases, runs
from rastup.lake.catalog import LakeTable, tables_of
from rastup.lake.outcome import Outcome
from rastup.lake.releases import Release, ReleaseTable

SCHEMAS = {releases.MAIN: ("silver", "gold"), releases.NRT: ("nrt",)}
"""The schemas of each channel."""


def align(catalog: SqlCatalog, release: Release | None, channel: str) -> None:
    """Puts every table of the channel back to the release, so that nothing of a run that failed or crashed is left."""
    held = {table.name: table.snapshot_id for table in release.tables} if release else {}
    for table in tables_of(catalog, SCHEMAS[channel]):
        table.restore(held.get(table.name))


def publish(
    engine: Engine,
    catalog: SqlCatalog,
    *,
    channel: str,
    run_id: str,
    who: str,
    parent: Release | None,
    tables: Iterable[str],
    data_until: datetime | None,
    project: str,
    files: Iterable[str],
    outcome: Outcome,
    message: str = "",
) -> Release:
    """Tags what is new and makes the tables' current snapshots the channel's current release, in one transaction."""
    release_id = releases.new_release_id(engine)
    before = {table.name: table for table in parent.tables} if parent else {}
    # A release of the operations views lives a minute, within which nobody but the lake's own retention expires anything.
    is_tagged = channel == releases.MAIN
    held = [
        _held(LakeTable(catalog, name), before.get(name), releases.tag_of(release_id) if is_tagged else None)
        for name in sorted(tables)
    ]
    release = Release(
        release_id=release_id,
        channel=channel,
        parent_id=parent.release_id if parent else None,
        run_id=run_id,
        created_at=rfc3339_ms(system_clock()),
        who=who[:128],
        data_until=rfc3339_ms(data_until) if data_until else None,
        project=project,
        expired=False,
        tables=tuple(held),
    )
    paths = list(files)
    with engine.begin() as connection:
        runs.end(connection, run_id, runs.PUBLISHED, outcome, new_files=len(paths), message=message)
        releases.publish(connection, release, paths)
    return release


def _held(table: LakeTable, before: ReleaseTable | None, tag: str | None) -> ReleaseTable:
    """The table's place in the release. A snapshot that an earlier release tagged is kept by that tag."""
    snapshot_id = table.snapshot.snapshot_id if table.snapshot else None
    if before is not None and before.snapshot_id == snapshot_id:
        return before
    if tag is not None:
        table.tag(tag)
    return ReleaseTable(table.name, snapshot_id, table.table.metadata_location, table.rows)
