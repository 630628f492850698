"""Withdrawals: streams whose events no longer count.

Bronze is never changed: the files stay, the ledger calls them `undone`, so no run takes them, and a marker beside them
says so to whoever rebuilds the ledger from the store. Tables that hold their rows already lose them with the next run,
which takes every day since the first of these files again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine, Select, func, insert, or_, select, update

from rastup.lake.bronze import EVENTS, UNDONE
from rastup.lake.ledger import LandedFile
from rastup.lake.releases import Release
from rastup.lake.request import FULL, INCREMENTAL, RANGE, Request
from rastup.lake.storage import ObjectStore
from rastup.state.schema import bronze_files, withdrawals

_MARKERS = "_withdrawn"


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
            update(bronze_files).where(of_streams, bronze_files.c.kind == EVENTS).values(kind=UNDONE)
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


@dataclass(frozen=True)
class Due:
    """Withdrawn streams whose events a release still holds, and `[first, last]`, the days to take again without them."""

    streams: frozenset[str]
    first: date
    last: date

    def is_taken_by(self, request: Request) -> bool:
        """Whether the run takes all of these days."""
        if request.from_dt is None or request.to_dt is None:
            return request.kind == FULL
        return request.from_dt <= self.first and self.last <= request.to_dt


def due(engine: Engine, release: Release | None) -> Due | None:
    """What the release still holds of withdrawn events, None for nothing.

    A run asks before it lists its files: what is withdrawn later may be among them, and is due after it.
    """
    if release is None:
        return None
    query = _still_in(release.release_id, withdrawals.c.stream, func.min(bronze_files.c.dt))
    with engine.connect() as connection:
        rows = connection.execute(query.group_by(withdrawals.c.stream)).all()
    if not rows:
        return None
    first = min(date.fromisoformat(row[1]) for row in rows)
    return Due(frozenset(row[0] for row in rows), first, _last_day(engine))


def first_day(engine: Engine, release: Release | None) -> date | None:
    """The first day of which the release still holds withdrawn events; None when there is none."""
    found = due(engine, release)
    return found.first if found else None


def widened(found: Due | None, request: Request) -> Request:
    """The request, made to take the days again whose withdrawn events the release still holds."""
    if found is None or request.kind != INCREMENTAL:
        return request
    return Request(RANGE, found.first, found.last, request.who)


def settle(engine: Engine, found: Due | None, request: Request, after: Release | None) -> None:
    """Notes that those streams are in no table from this release on, when the run has taken their days again."""
    if found is None or after is None or not found.is_taken_by(request):
        return
    gone = withdrawals.c.stream.in_(sorted(found.streams))
    with engine.begin() as connection:
        connection.execute(update(withdrawals).where(gone).values(gone_since=after.release_id))


def _last_day(engine: Engine) -> date:
    """The newest day of any event: one that was dropped for a withdrawn one may have come in on any later day."""
    with engine.connect() as connection:
        found = connection.execute(
            select(func.max(bronze_files.c.dt)).where(bronze_files.c.kind.in_([EVENTS, UNDONE]))
        ).scalar()
    return date.fromisoformat(found) if found else date.min


def _still_in(release_id: str, *what: Any) -> Select[Any]:
    """Ids of releases sort by time: after a rollback a withdrawal that came later counts as not done again."""
    query: Select[Any] = select(*what).select_from(
        bronze_files.join(withdrawals, withdrawals.c.stream == bronze_files.c.stream)
    )
    return query.where(
        bronze_files.c.kind == UNDONE,
        bronze_files.c.release_id <= release_id,
        or_(withdrawals.c.gone_since.is_(None), withdrawals.c.gone_since > release_id),
    )
