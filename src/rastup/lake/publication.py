"""What a release needs around it: tables brought back to the last one before a run, and published after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.lake import releases, runs
from rastup.lake.outcome import Outcome
from rastup.lake.releases import Release, ReleaseTable
from rastup.lake.tables import LakeTable, Tables

SCHEMAS = {releases.MAIN: ("silver", "gold"), releases.NRT: ("nrt",)}
"""The schemas of each channel."""


def align(tables: Tables, release: Release | None, channel: str) -> None:
    """Puts every table of the channel back to the release, so that nothing of a run that failed or crashed is left."""
    held = {table.name: table.snapshot_id for table in release.tables} if release else {}
    for table in tables.of(SCHEMAS[channel]):
        table.restore(held.get(table.name))


def publish(
    engine: Engine,
    tables: Tables,
    *,
    release_id: str,
    channel: str,
    run_id: str,
    who: str,
    parent: Release | None,
    names: Iterable[str],
    data_until: datetime | None,
    project: str,
    files: Iterable[str],
    outcome: Outcome,
    message: str = "",
) -> Release:
    """Makes the current snapshots of the tables of those names the channel's current release, in one transaction."""
    before = {table.name: table for table in parent.tables} if parent else {}
    held = [_held(tables[name], before.get(name)) for name in sorted(names)]
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


def _held(table: LakeTable, before: ReleaseTable | None) -> ReleaseTable:
    """The table's place in the release."""
    snapshot_id = table.snapshot.snapshot_id if table.snapshot else None
    if before is not None and before.snapshot_id == snapshot_id:
        return before
    return ReleaseTable(table.name, snapshot_id, table.table.metadata_location, table.rows)
