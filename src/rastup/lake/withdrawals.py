"""Withdrawals: streams whose events no longer count.

Bronze is never changed: the files stay, the ledger calls them `undone`, so no run takes them, and a marker beside them
says so to whoever rebuilds the ledger from the store. Tables that hold their rows already lose them with the next run,
which takes every day since the first of these files again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine, Select, func, insert, or_, select, update

from rastup.lake.ledger import LandedFile
from rastup.lake.releases import Release
from rastup.lake.request import FULL, INCREMENTAL, RANGE, Request
from rastup.lake.storage import ObjectStore
from rastup.state.schema import bronze_files, withdrawals

UNDONE = "undone"
_MARKERS = "_withdrawn"
_AT_ONCE = 500


def withdraw(engine: Engine, streams: Collection[str], *, at: str, who: str, reason: str) -> list[LandedFile]:
    """Has the streams' landed events no longer count; returns their files. Streams that are withdrawn stay so."""
    of_streams = bronze_files.c.stream.in_(sorted(streams))
    with engine.begin() as connection:
        known: set[str] = set(connection.execute(select(withdrawals.c.stream)).scalars())
        new = [
            {"stream": s, "at": at, "who": who, "reason": reason} for s in sorted(streams) if s not in known
        ]
        if new:
            connection.execute(insert(withdrawals), new)
        connection.execute(
            update(bronze_files).where(of_streams, bronze_files.c.kind == "events").values(kind=UNDONE)
        )
        rows = connection.execute(select(bronze_files).where(of_streams, bronze_files.c.kind == UNDONE))
        return [LandedFile(**row) for row in rows.mappings()]


def mark(store: ObjectStore, streams: Collection[str], *, at: str, who: str, reason: str) -> None:
    """Says it in Bronze too, for a ledger that is made anew."""
    for stream in sorted(streams):
        content = orjson.dumps({"stream": stream, "at": at, "who": who, "reason": reason})
        store.put_if_absent(f"{_MARKERS}/{stream}.json", content)


def marked(store: ObjectStore) -> frozenset[str]:
    """The streams that Bronze itself says are withdrawn."""
    names = (info.key.rpartition("/")[2] for info in store.list(_MARKERS))
    return frozenset(name.removesuffix(".json") for name in names)


def first_day(engine: Engine, release: Release | None) -> date | None:
    """The first day of which the release still holds withdrawn events; None when there is none."""
    if release is None:
        return None
    with engine.connect() as connection:
        found = connection.execute(_still_in(release.release_id, func.min(bronze_files.c.dt))).scalar()
    return date.fromisoformat(found) if found else None


def widened(engine: Engine, release: Release | None, request: Request) -> Request:
    """The request, made to take the days again whose withdrawn events the release still holds."""
    first = first_day(engine, release) if request.kind == INCREMENTAL else None
    return Request(RANGE, first, _last_day(engine), request.who) if first else request


def settle(engine: Engine, before: Release | None, request: Request, after: Release | None) -> None:
    """Notes from which release on withdrawn events are in no table, when the run has taken their days again."""
    first = first_day(engine, before)
    if before is None or after is None or first is None or not _covers(request, first, _last_day(engine)):
        return
    with engine.begin() as connection:
        held: set[str] = set(connection.execute(_still_in(before.release_id, withdrawals.c.stream)).scalars())
        gone = withdrawals.c.stream.in_(sorted(held))
        connection.execute(update(withdrawals).where(gone).values(gone_since=after.release_id))


def _covers(request: Request, first: date, last: date) -> bool:
    if request.from_dt is None or request.to_dt is None:
        return request.kind == FULL
    return request.from_dt <= first and last <= request.to_dt


def _last_day(engine: Engine) -> date:
    """The newest day of any event: one that was dropped for a withdrawn one may have come in on any later day."""
    with engine.connect() as connection:
        found = connection.execute(
            select(func.max(bronze_files.c.dt)).where(bronze_files.c.kind.in_(["events", UNDONE]))
        ).scalar()
    return date.fromisoformat(found) if found else date.min


def _still_in(release_id: str, what: Any) -> Select[Any]:
    """Ids of releases sort by time: after a rollback a withdrawal that came later counts as not done again."""
    query: Select[Any] = select(what).select_from(
        bronze_files.join(withdrawals, withdrawals.c.stream == bronze_files.c.stream)
    )
    return query.where(
        bronze_files.c.kind == UNDONE,
        bronze_files.c.release_id <= release_id,
        or_(withdrawals.c.gone_since.is_(None), withdrawals.c.gone_since > release_id),
    )
