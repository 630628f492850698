"""The ledger of Bronze: every landed file, and the release that first held it.

New files are known by the ledger, not by the newest time seen, so that what lands late is never missed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, String, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from rastup.lake.bronze import EVENTS, UNDONE
from rastup.state.schema import bronze_files

_AT_ONCE = 500


@dataclass(frozen=True)
class LandedFile:
    """One Bronze file: `path` relative to Bronze's root, `[first_offset, end_offset)` of the segment it came from."""

    path: str
    kind: str
    dt: str
    hour: int
    env: str | None
    event: str | None
    records: int
    bytes: int
    stream: str
    first_offset: int
    end_offset: int
    landed_at: str
    release_id: str | None = None


def insert_files(engine: Engine, files: Iterable[LandedFile]) -> int:
    """Notes files in one transaction; those that are noted stay as they are. Returns how many were new."""
    rows = [vars(file) for file in files]
    dialect = postgresql_insert if engine.dialect.name == "postgresql" else sqlite_insert
    statement = dialect(bronze_files).on_conflict_do_nothing(index_elements=["path"])
    new = 0
    with engine.begin() as connection:
        for start in range(0, len(rows), _AT_ONCE):
            new += connection.execute(statement, rows[start : start + _AT_ONCE]).rowcount
    return new


def open_files(engine: Engine, kind: str) -> list[LandedFile]:
    """The files of that kind (events, bad, meter) that no release holds, oldest landing first."""
    query = select(bronze_files).where(_is_open(kind))
    return _read(engine, query.order_by(bronze_files.c.landed_at, bronze_files.c.path))


def count_open(engine: Engine, kind: str) -> int:
    """How many files of that kind no release holds."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).where(_is_open(kind))).scalar_one()


def _is_open(kind: str) -> ColumnElement[bool]:
    return (bronze_files.c.kind == kind) & bronze_files.c.release_id.is_(None)


def files_of_kind(engine: Engine, kind: str) -> list[LandedFile]:
    """Every file of that kind, by path."""
    query = select(bronze_files).where(bronze_files.c.kind == kind)
    return _read(engine, query.order_by(bronze_files.c.path))


def expired_files(engine: Engine, kind: str, before: str, limit: int | None = None) -> list[LandedFile]:
    """At most `limit` files of that kind whose day and landing are both before that moment (RFC 3339), oldest first."""
    query = select(bronze_files).where(
        bronze_files.c.kind == kind, bronze_files.c.dt < before[:10], bronze_files.c.landed_at < before
    )
    return _read(engine, query.order_by(bronze_files.c.dt, bronze_files.c.path).limit(limit))


def set_kind(engine: Engine, path: str, kind: str) -> None:
    """Calls a file another kind."""
    with engine.begin() as connection:
        connection.execute(update(bronze_files).where(bronze_files.c.path == path).values(kind=kind))


def known_paths(engine: Engine) -> set[str]:
    """The paths of all noted files."""
    with engine.connect() as connection:
        return set(connection.execute(select(bronze_files.c.path)).scalars())


def files_of_days(engine: Engine, kind: str, dts: Collection[str]) -> list[LandedFile]:
    """The files of that kind on those days (`YYYY-MM-DD`), by path."""
    found: list[LandedFile] = []
    ordered = sorted(dts)
    for start in range(0, len(ordered), _AT_ONCE):
        days = ordered[start : start + _AT_ONCE]
        query = select(bronze_files).where(bronze_files.c.kind == kind, bronze_files.c.dt.in_(days))
        found += _read(engine, query.order_by(bronze_files.c.path))
    return found


def is_known(engine: Engine, path: str) -> bool:
    """Whether the file is noted."""
    with engine.connect() as connection:
        return (
            connection.execute(select(bronze_files.c.path).where(bronze_files.c.path == path)).first()
            is not None
        )


def forget(engine: Engine, paths: Collection[str]) -> None:
    """Takes files out of the ledger, because they are about to be removed."""
    with engine.begin() as connection:
        connection.execute(delete(bronze_files).where(bronze_files.c.path.in_(list(paths))))


def files_of_stream(engine: Engine, stream: str) -> list[LandedFile]:
    """The files that hold events of that stream of the spool, by path."""
    query = select(bronze_files).where(
        bronze_files.c.stream == stream, bronze_files.c.kind.in_([EVENTS, UNDONE])
    )
    return _read(engine, query.order_by(bronze_files.c.path))


def newest_files(
    engine: Engine, kind: str, limit: int, *, event: str | None = None, since: str = ""
) -> list[LandedFile]:
    """The `limit` files of that kind of the newest hours, newest first.

    Args:
        engine: of the state database.
        kind: of the files.
        limit: how many at most.
        event: only of this event.
        since: only those that may hold what came in at that moment (RFC 3339) or later.
    """
    query = select(bronze_files).where(bronze_files.c.kind == kind)
    if event is not None:
        query = query.where(bronze_files.c.event == event)
    if since:
        query = query.where(bronze_files.c.dt >= since[:10], bronze_files.c.landed_at >= since)
    newest = query.order_by(
        bronze_files.c.dt.desc(),
        bronze_files.c.hour.desc(),
        bronze_files.c.landed_at.desc(),
        bronze_files.c.path,
    )
    return _read(engine, newest.limit(limit))


@dataclass(frozen=True)
class Volume:
    """How many records landed, and the hour in which the newest came in (RFC 3339)."""

    records: int
    last_hour: str


def volumes_by_event(engine: Engine, since_dt: str) -> dict[str, Volume]:
    """What landed of each event since that day."""
    files = bronze_files
    query = (
        select(files.c.event, func.sum(files.c.records), func.max(files.c.dt + _hour()))
        .where(files.c.kind == "events", files.c.dt >= since_dt)
        .group_by(files.c.event)
    )
    with engine.connect() as connection:
        return {
            row[0]: Volume(int(row[1]), f"{row[2][:10]}T{int(row[2][10:]) - 100:02d}:00:00.000Z")
            for row in connection.execute(query).all()
        }


def volumes_by_day(engine: Engine, event: str, since_dt: str) -> dict[str, int]:
    """Records of an event that landed, by day since that one."""
    files = bronze_files
    query = (
        select(files.c.dt, func.sum(files.c.records))
        .where(files.c.kind == "events", files.c.dt >= since_dt, files.c.event == event)
        .group_by(files.c.dt)
    )
    with engine.connect() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query).all()}


def _hour() -> ColumnElement[str]:
    """The hour as text that sorts: one more digit in front keeps its zeros."""
    return cast(bronze_files.c.hour + 100, String)


def has_segment(engine: Engine, stream: str, first_offset: int) -> bool:
    """Whether the segment of that stream and offset has landed."""
    query = select(bronze_files.c.path).where(
        bronze_files.c.stream == stream, bronze_files.c.first_offset == first_offset
    )
    with engine.connect() as connection:
        return connection.execute(query.limit(1)).first() is not None


def landed_end(engine: Engine, stream: str) -> int | None:
    """The offset after the last record of that stream that has landed."""
    query = select(func.max(bronze_files.c.end_offset)).where(bronze_files.c.stream == stream)
    with engine.connect() as connection:
        end: int | None = connection.execute(query).scalar_one()
    return end


def _read(engine: Engine, query: Select[Any]) -> list[LandedFile]:
    with engine.connect() as connection:
        return [LandedFile(**row) for row in connection.execute(query).mappings()]
