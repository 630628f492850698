"""Releases: which snapshot of each table readers see, in which order they came, and going back.

A release is a row in the state database and a tag on each of its tables. A channel (`main`, `nrt`) points at its
current one; moving that pointer is what publishing and rolling back are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from rastup.core.clock import Clock, now_ms, rfc3339_ms, system_clock
from rastup.core.errors import NoRelease, ReleaseMoved, UsageError
from rastup.core.ids import ulid, ulid_time_ms
from rastup.state.schema import bronze_files, channels, release_tables, releases

MAIN, NRT = "main", "nrt"


@dataclass(frozen=True)
class ReleaseTable:
    """One table of a release: its snapshot, and the metadata file in which that snapshot is the current one."""

    name: str
    snapshot_id: int | None
    metadata_location: str
    rows: int


@dataclass(frozen=True)
class Release:
    """A published set of snapshots.

    `data_until` is the newest `received_at` it holds (RFC 3339), `project` a digest of the models it was built by.
    """

    release_id: str
    channel: str
    parent_id: str | None
    run_id: str
    created_at: str
    who: str
    data_until: str | None
    project: str | None
    expired: bool
    tables: tuple[ReleaseTable, ...]

    def table(self, name: str) -> ReleaseTable | None:
        """The table of that name (`gold.kpi_gmv_daily`)."""
        return next((table for table in self.tables if table.name == name), None)


@dataclass(frozen=True)
class TableChange:
    """How one table differs between two releases: `change` is added, removed, changed or same."""

    name: str
    change: str
    rows_before: int | None
    rows_after: int | None


@dataclass(frozen=True)
class Rollback:
    """What a rollback does: `undone` are the releases after the target, newest first."""

    target: Release
    undone: tuple[str, ...]
    files_freed: int


def new_release_id(engine: Engine) -> str:
    """A fresh id. Within a channel ids sort in the order of publication, also when the clock has gone back: its one
    writer takes an id when a run begins, and no other run of the channel begins before that one has ended.
    """
    with engine.connect() as connection:
        newest = connection.execute(select(func.max(releases.c.release_id))).scalar()
    earliest_ms = ulid_time_ms(newest.removeprefix("rel_")) + 1 if newest else 0
    return "rel_" + ulid(max(now_ms(), earliest_ms))


def tag_of(release_id: str) -> str:
    """The Iceberg tag that keeps the release's snapshots."""
    return f"release-{release_id}"


def current(engine: Engine, channel: str = MAIN) -> Release | None:
    """The release that readers of the channel see, None before the first."""
    named = select(channels.c.release_id).where(channels.c.channel == channel)
    missed: str | None = None
    with engine.connect() as connection:
        # One that is forgotten between the two looks is not the current one any more.
        while (release_id := connection.execute(named).scalar()) is not None and release_id != missed:
            if found := _read(connection, [release_id]):
                return found[0]
            missed = release_id
    return None


def get(engine: Engine, release_id: str) -> Release:
    """The release of that id.

    Raises:
        UsageError: there is none.
    """
    found = find(engine, release_id)
    if found is None:
        raise UsageError(
            f"no release {release_id!r}: it is unknown, or expired long ago; `rastup release list` shows the others."
        )
    return found


def find(engine: Engine, release_id: str) -> Release | None:
    """The release of that id; None when it is unknown, or was forgotten some time after it expired."""
    with engine.connect() as connection:
        return next(iter(_read(connection, [release_id])), None)


def list_releases(engine: Engine, channel: str = MAIN, limit: int = 50) -> list[Release]:
    """The channel's releases, newest first."""
    query = select(releases.c.release_id).where(releases.c.channel == channel)
    with engine.connect() as connection:
        ids: Sequence[str] = (
            connection.execute(query.order_by(releases.c.release_id.desc()).limit(limit)).scalars().all()
        )
        return sorted(_read(connection, ids), key=lambda release: release.release_id, reverse=True)


def held_reason(engine: Engine, channel: str = MAIN) -> str | None:
    """Why the loop must not publish, None when it may."""
    with engine.connect() as connection:
        return connection.execute(
            select(channels.c.held_reason).where(channels.c.channel == channel)
        ).scalar()


def diff(before: Release, after: Release) -> list[TableChange]:
    """Every table of either release, by name, and what became of it."""
    names = sorted({t.name for t in before.tables} | {t.name for t in after.tables})
    return [_change(name, before.table(name), after.table(name)) for name in names]


def _change(name: str, before: ReleaseTable | None, after: ReleaseTable | None) -> TableChange:
    if before is None or after is None:
        change = "added" if before is None else "removed"
    else:
        change = "same" if before.snapshot_id == after.snapshot_id else "changed"
    return TableChange(name, change, before.rows if before else None, after.rows if after else None)


def publish(connection: Connection, release: Release, files: Iterable[str] = ()) -> None:
    """Inserts the release, marks the Bronze files as held by it and moves the channel, within the caller's transaction.

    Raises:
        ReleaseMoved: the channel does not stand at the release's parent any more.
    """
    row = {k: v for k, v in vars(release).items() if k != "tables"}
    connection.execute(insert(releases).values(row))
    if release.tables:
        connection.execute(
            insert(release_tables),
            [
                {
                    "release_id": release.release_id,
                    "table_name": t.name,
                    "snapshot_id": t.snapshot_id,
                    "metadata_location": t.metadata_location,
                    "rows": t.rows,
                }
                for t in release.tables
            ],
        )
    _mark(connection, release.release_id, list(files))
    if release.parent_id is None:
        _point(connection, release.channel, release.release_id, None, release.created_at)
    else:
        _move(connection, release)


def _mark(connection: Connection, release_id: str, paths: Sequence[str]) -> None:
    for start in range(0, len(paths), 500):
        connection.execute(
            update(bronze_files)
            .where(bronze_files.c.path.in_(paths[start : start + 500]))
            .values(release_id=release_id)
        )


def _move(connection: Connection, release: Release) -> None:
    stands_there = (channels.c.channel == release.channel) & (channels.c.release_id == release.parent_id)
    to = {"release_id": release.release_id, "held_reason": None, "updated_at": release.created_at}
    if connection.execute(update(channels).where(stands_there).values(to)).rowcount != 1:
        raise ReleaseMoved(
            f"the current release is not {release.parent_id} any more, from which the run started: somebody has rolled "
            "back meanwhile. Nothing was published; run the pipeline again to build on what is current now."
        )


def _point(connection: Connection, channel: str, release_id: str, held: str | None, at: str) -> None:
    connection.execute(delete(channels).where(channels.c.channel == channel))
    connection.execute(
        insert(channels).values(channel=channel, release_id=release_id, held_reason=held, updated_at=at)
    )


def rollback(
    engine: Engine, release_id: str, *, who: str, dry_run: bool = False, clock: Clock = system_clock
) -> Rollback:
    """Makes an earlier release of the main channel the current one, and holds the loop.

    The Bronze files of the releases after it are free again, so that the next run that somebody asks for takes them.

    Raises:
        UsageError: no such release, or it is not before the current one, or its snapshots are gone.
    """
    target = get(engine, release_id)
    now = current(engine)
    if now is None or target.channel != MAIN or target.release_id >= now.release_id:
        raise UsageError(
            f"{release_id} is not before the current release {now.release_id if now else '(none)'}; "
            "`rastup release list` shows the earlier ones."
        )
    if target.expired:
        raise UsageError(f"{release_id} has expired: its files are removed. Choose a newer one.")
    later = select(releases.c.release_id).where(
        releases.c.channel == MAIN, releases.c.release_id > release_id
    )
    with engine.begin() as connection:
        undone: Sequence[str] = (
            connection.execute(later.order_by(releases.c.release_id.desc())).scalars().all()
        )
        held = bronze_files.c.release_id.in_(later)
        freed = len(connection.execute(select(bronze_files.c.path).where(held)).all())
        if not dry_run:
            at = rfc3339_ms(clock())
            connection.execute(update(bronze_files).where(held).values(release_id=None))
            _point(connection, MAIN, release_id, f"rolled back from {now.release_id} by {who} at {at}", at)
    return Rollback(target, tuple(undone), freed)


def require(engine: Engine, release_id: str | None, channel: str = MAIN) -> Release:
    """The release of that id, or the channel's current one.

    Raises:
        NoRelease: nothing has been published yet.
        UsageError: the id is unknown, or its files are removed.
    """
    if release_id is None:
        found = current(engine, channel)
        if found is None:
            raise NoRelease(
                "no release has been published yet; run `rastup pipeline run`, or wait for the loop."
            )
        return found
    found = get(engine, release_id)
    if found.expired:
        raise UsageError(f"{release_id} has expired: its files are removed. Choose a newer one.")
    return found


def _read(connection: Connection, ids: Sequence[str]) -> list[Release]:
    rows = connection.execute(select(releases).where(releases.c.release_id.in_(ids))).mappings().all()
    tables: dict[str, list[ReleaseTable]] = {row["release_id"]: [] for row in rows}
    query = select(release_tables).where(release_tables.c.release_id.in_(ids))
    for row in connection.execute(query.order_by(release_tables.c.table_name)).mappings():
        tables[row["release_id"]].append(_table(row))
    return [Release(**row, tables=tuple(tables[row["release_id"]])) for row in rows]


def _table(row: Mapping[Any, Any]) -> ReleaseTable:
    return ReleaseTable(row["table_name"], row["snapshot_id"], row["metadata_location"], row["rows"])
