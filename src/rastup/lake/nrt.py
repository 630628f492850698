"""Operations views in seconds: the last release, plus what has come in since.

What has come in is of two kinds: files that have landed and that no release holds, and spool segments that have not
landed. The spool is listed first, the ledger read second and the release last, so that an event on its way from one to
the next is seen at least once; then each event counts once, by its id.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy import Engine

from rastup.core.clock import system_clock
from rastup.core.errors import ModelFailed, StoreUnavailable
from rastup.lake import publication, releases, retention, runs
from rastup.lake.build import Build
from rastup.lake.catalog import open_catalog
from rastup.lake.execution import execute
from rastup.lake.ledger import LandedFile, files_of_days, has_segment, open_files
from rastup.lake.live import LiveTables, Refresh
from rastup.lake.pipeline import Pipeline
from rastup.lake.project import EVENTS
from rastup.lake.releases import NRT
from rastup.lake.scope import Scope
from rastup.lake.session import Session
from rastup.lake.tables import Tables
from rastup.lake.unreleased import TailSegment

LEASE = "views.lease"
MEMORY_MB = 1_000
LIVE_HOURS = 3
"""All of what came in so lately is read: the views show two hours."""
EARLIER_RECORDS = 200_000
"""About 300 MB in memory."""
ROWS_IN_MEMORY = 200_000
"""Of a released table: a larger one is read from its files by each refresh, which takes longer and less memory."""
IDLE_REFRESH_S = 10.0
RETENTION_EVERY = 15
_TRIES = 5
_NOTHING_BEFORE = Refresh(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC))


class Views:
    """Refreshes the operations views, on an engine of its own, so that a build and a refresh can go on at the same time.

    Args:
        pipeline: of the deployment.
        segments: lists the un-landed segments now.

    Attributes:
        left_out: events of which the last refresh did not read all that waits for a release.
    """

    def __init__(self, pipeline: Pipeline, segments: Callable[[], Sequence[TailSegment]]) -> None:
        self._pipeline = pipeline
        self._settings = pipeline.settings
        self._engine = pipeline.engine
        self._segments = segments
        self._catalog: SqlCatalog | None = None
        self._session = Session(self._settings, MEMORY_MB)
        self._live: LiveTables | None = None
        self._refreshes: list[Refresh] = []
        self._version = ""
        self._shown: tuple[str, str | None] = "", None
        self._seen: object = None
        self._refreshed_at = 0.0
        self._count = 0
        self.left_out: tuple[str, ...] = ()

    def close(self) -> None:
        """Closes the engine and the catalog; the next refresh opens them anew."""
        self._session.close()
        catalog, self._catalog, self._live = self._catalog, None, None
        if catalog is not None:
            catalog.close()

    def refresh(self) -> float | None:
        """Refreshes them once; returns how many seconds it took, None when there was nothing to do.

        Raises:
            LeaseHeld: another process writes to the lake.
            ProjectBroken: the models do not compile.
            ModelFailed: a view could not be built; the last ones keep serving.
        """
        started = time.monotonic()
        main = releases.current(self._engine)
        if main is None:
            return None
        # While nothing moves, a look every ten seconds is enough: only the time in the views changes.
        seen = (main.release_id, [(s.path, _size(s.path)) for s in self._segments()])
        if seen == self._seen and started - self._refreshed_at < IDLE_REFRESH_S:
            return None
        with (
            self._pipeline.lease("refresh of the operations views", LEASE),
            runs.begun(self._engine, NRT, "refresh", "pipeline") as run_id,
        ):
            self._refresh(run_id)
        self._seen, self._refreshed_at = seen, started
        return time.monotonic() - started

    def _refresh(self, run_id: str) -> None:
        project = self._pipeline.project
        views = project.part(publication.SCHEMAS[NRT])
        if self._live is None or self._version != project.digest:
            self._live = LiveTables(self._settings, project.specs[EVENTS].query)
            self._version = project.digest
        if self._catalog is None:
            self._catalog = open_catalog(self._settings)
        parent = releases.current(self._engine, NRT)
        tables = Tables(self._catalog)
        publication.align(tables, parent, NRT)
        scope = Scope(run_id, system_clock(), frozenset(views.specs))
        build = Build(self._settings, self._session, tables, scope, views.specs)
        self._refreshes = self._recent(scope.as_of)
        self._begin(build, self._live)
        outcome = execute(views, build)
        if outcome.errors or outcome.failed:
            failed = (*outcome.errors, *(f"{check.check}: {check.failures} rows" for check in outcome.failed))
            with self._engine.begin() as connection:
                runs.end(connection, run_id, runs.FAILED, outcome, message="; ".join(failed))
            raise ModelFailed("; ".join(failed))
        release = publication.publish(
            self._engine,
            tables,
            release_id=releases.new_release_id(self._engine),
            channel=NRT,
            run_id=run_id,
            who="pipeline",
            parent=parent,
            names=views.specs,
            data_until=scope.as_of,
            project="",
            files=(),
            outcome=outcome,
        )
        self._refreshes.append(Refresh(scope.as_of, datetime.fromisoformat(release.created_at)))
        self._count += 1
        if self._count % RETENTION_EVERY == 0:
            retention.expire(self._settings, self._engine, self._catalog, NRT)

    def _recent(self, as_of: datetime) -> list[Refresh]:
        """The refreshes whose views are there; after a restart those of the releases that are still noted."""
        if self._refreshes:
            since = as_of - timedelta(hours=LIVE_HOURS)
            older = sum(refresh.as_of < since for refresh in self._refreshes)
            # One before the window says that none is missing in it.
            return self._refreshes[max(0, older - 1) :]
        noted = releases.list_releases(self._engine, NRT, limit=200)
        instants = ((r.data_until, r.created_at) for r in reversed(noted) if r.data_until)
        recent = [Refresh(*map(datetime.fromisoformat, pair)) for pair in instants]
        return recent or [_NOTHING_BEFORE]

    def _begin(self, build: Build, live: LiveTables) -> None:
        build.session.begin()
        build.scope.show(build.connection)
        took = self._refreshes[-1].visible_at - self._refreshes[-1].as_of
        running = Refresh(build.scope.as_of, build.scope.as_of + took)
        live.show_refreshes(build.connection, [*self._refreshes, running])
        for attempt in range(_TRIES):
            try:
                self._show(build, live)
                return
            except (
                duckdb.IOException,
                FileNotFoundError,
            ) as error:  # a segment has just been sealed or landed: look again
                if attempt == _TRIES - 1:
                    raise StoreUnavailable(f"the newest events cannot be read: {error}") from error
                time.sleep(0.05)

    def _show(self, build: Build, live: LiveTables) -> None:
        session = build.session
        read = frozenset[str]().union(*(spec.inputs for spec in build.specs.values()))
        segments = self._segments()
        waiting = [s for s in segments if not has_segment(self._engine, s.stream, s.first_offset)]
        now = system_clock()
        landed, self.left_out = bounded(open_files(self._engine, "events"), now)
        meters = _files_since(self._engine, "meter", now - timedelta(hours=LIVE_HOURS))
        release = releases.current(self._engine)
        shown = self._version, release.project if release else None
        if shown != self._shown:
            session.forget()
            self._shown = shown
        for table in release.tables if release else ():
            if table.snapshot_id is not None:
                in_memory = table.name in read and table.rows <= ROWS_IN_MEMORY
                session.show(table.name, table.metadata_location, in_memory=in_memory)
        live.show(session.connection, landed, meters, waiting)


def bounded(files: Sequence[LandedFile], now: datetime) -> tuple[list[LandedFile], tuple[str, ...]]:
    """Those of the landed files that fit, and the events that are not whole among them.

    What came in lately is all there. Of what has waited longer, as when the pipeline is held, the rarest events come first:
    an order or a payout counts however old it is, where what is many, such as impressions, is of minutes.
    """
    since = _hour(now - timedelta(hours=LIVE_HOURS))
    earlier: Counter[str] = Counter()
    for file in files:
        if (file.dt, file.hour) < since:
            earlier[file.event or ""] += file.records
    room, left_out = EARLIER_RECORDS, set()
    for event, records in sorted(earlier.items(), key=lambda entry: entry[1]):
        room -= records
        if room < 0:
            left_out.add(event)
    taken = [f for f in files if (f.dt, f.hour) >= since or (f.event or "") not in left_out]
    return taken, tuple(sorted(left_out))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def _files_since(engine: Engine, kind: str, since: datetime) -> list[LandedFile]:
    """The landed files of that kind from the hour of `since` on."""
    days = [since.date() + timedelta(days=n) for n in range((system_clock().date() - since.date()).days + 1)]
    found = files_of_days(engine, kind, [day.isoformat() for day in days])
    return [file for file in found if (file.dt, file.hour) >= _hour(since)]


def _hour(moment: datetime) -> tuple[str, int]:
    """The hour of a moment, as Bronze's partitions name it."""
    return moment.date().isoformat(), moment.hour
