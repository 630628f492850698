"""A run of the main channel: Bronze files become Silver and Gold, are checked, and only then a release.

Under the lake's lease, from the current release's snapshots: what a run that crashed has left is put back first. When a
model or a check fails, the tables are put back again and the last release keeps serving.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine

from rastup.core.clock import system_clock
from rastup.core.config import Settings
from rastup.core.errors import QualityCheckFailed, UsageError
from rastup.core.logs import get_logger
from rastup.lake import publication, releases, retention, runs
from rastup.lake.batches import batched
from rastup.lake.build import Build, ModelSpec
from rastup.lake.catalog import LakeTable, open_catalog
from rastup.lake.ledger import LandedFile, files_of_days, files_of_kind, open_files
from rastup.lake.project import digest
from rastup.lake.releases import MAIN, Release
from rastup.lake.relisting import relist
from rastup.lake.runner import FailedCheck, ModelFailed, Outcome, Runner
from rastup.lake.scope import Scope
from rastup.state.database import open_state
from rastup.state.leases import Holder, Lease

LEASE = "lake.lease"
INCREMENTAL, RANGE, FULL = "incremental", "range", "full"
LONGEST_RANGE_DAYS = 3_660
Progress = Callable[[str], None]
_log = get_logger(__name__)


@dataclass(frozen=True)
class Request:
    """What a run is asked to do: take what is new, take `[from_dt, to_dt]` again from Bronze, or take everything again."""

    kind: str = INCREMENTAL
    from_dt: date | None = None
    to_dt: date | None = None
    who: str = "pipeline"

    @classmethod
    def of(cls, from_dt: date | None, to_dt: date | None, full_refresh: bool, who: str) -> Request:
        """The request that the command's options mean.

        Raises:
            UsageError: they contradict each other.
        """
        if full_refresh and (from_dt or to_dt):
            raise UsageError("--full-refresh takes every day; leave out --from and --to.")
        if full_refresh:
            return cls(FULL, who=who)
        if from_dt is None and to_dt is None:
            return cls(INCREMENTAL, who=who)
        last = to_dt or system_clock().date()
        first = from_dt or last
        if first > last:
            raise UsageError(f"--from {first} is after --to {last}.")
        if (last - first).days > LONGEST_RANGE_DAYS:
            raise UsageError(f"{first} to {last} is more than ten years; use --full-refresh.")
        return cls(RANGE, first, last, who)

    @property
    def days(self) -> frozenset[date]:
        """The days of a range."""
        if self.from_dt is None or self.to_dt is None:
            return frozenset()
        return frozenset(
            self.from_dt + timedelta(days=n) for n in range((self.to_dt - self.from_dt).days + 1)
        )


@dataclass(frozen=True)
class RunResult:
    """How a run ended: `state` is published or unchanged."""

    run_id: str | None
    state: str
    release: Release | None
    new_files: int
    new_records: int
    seconds: float
    outcome: Outcome


class Pipeline:
    """Runs of one deployment. Keep one a process: the parsed project and the engine stay ready.

    Args:
        settings: of the deployment.
        on_progress: told in a line what is being done.
    """

    def __init__(self, settings: Settings, *, on_progress: Progress = lambda _line: None) -> None:
        self.settings = settings
        self.engine: Engine = open_state(settings.state_url)
        self.on_progress = on_progress
        self._runner: Runner | None = None

    @property
    def runner(self) -> Runner:
        """dbt, parsed when it is first needed: that costs seconds."""
        if self._runner is None:
            self.on_progress("reading the models")
            self._runner = Runner(self.settings)
        return self._runner

    def run(self, request: Request) -> RunResult:
        """Runs once.

        Raises:
            LeaseHeld: another process writes, and did not end in time.
            QualityCheckFailed: a check refused the run; the last release is untouched.
            ModelFailed: a model could not be built; the last release is untouched.
        """
        started = time.monotonic()
        if request.kind == INCREMENTAL and (same := self._nothing_new(started)):
            return same
        with self.lease("pipeline run"):
            if request.kind == FULL:
                self._relist()
            elif request.kind == INCREMENTAL and (same := self._nothing_new(started)):
                return same  # whoever held the lease before us has taken it
            return self._run(request, started)

    def lease(self, purpose: str) -> Lease:
        """The lake's lease: one process writes at a time."""

        def on_wait(holder: Holder | None) -> None:
            who = f"process {holder.pid} ({holder.purpose})" if holder else "another process"
            self.on_progress(f"waiting for {who}, which writes to the lake")

        wait_s = self.settings.pipeline.lease_wait_s
        return Lease(self.settings.home.run / LEASE, purpose=purpose, wait_s=wait_s, on_wait=on_wait)

    def _nothing_new(self, started: float) -> RunResult | None:
        """Decided without reading the project or the lake."""
        release = releases.current(self.engine)
        if release is None or release.project != digest(self.settings):
            return None
        if releases.held_reason(self.engine) or open_files(self.engine, "events"):
            return None
        return RunResult(None, runs.UNCHANGED, release, 0, 0, time.monotonic() - started, Outcome())

    def _relist(self) -> None:
        found = relist(self.settings, self.engine)
        if found:
            self.on_progress(f"{found} Bronze files that the ledger did not know are taken in")

    def _run(self, request: Request, started: float) -> RunResult:
        run_id = runs.begin(self.engine, MAIN, request.kind, request.who)
        parent = releases.current(self.engine)
        catalog = open_catalog(self.settings)
        publication.align(catalog, parent, MAIN)
        outcome = Outcome()
        try:
            build, files = self._prepared(run_id, request, catalog)
            self.on_progress(f"building from {len(files):,} Bronze files")
            outcome = self.runner.run(build, lambda: _begin(build), "--exclude", "tag:nrt")
            _judge(outcome)
            release = self._publish(build, request, parent, files, outcome)
        except Exception as error:
            publication.align(catalog, parent, MAIN)
            with self.engine.begin() as connection:
                runs.end(connection, run_id, runs.FAILED, outcome, message=str(error))
            raise
        retention.expire(self.settings, self.engine, catalog, MAIN)
        new_records = sum(file.records for file in files)
        seconds = time.monotonic() - started
        return RunResult(run_id, runs.PUBLISHED, release, len(files), new_records, seconds, outcome)

    def _prepared(self, run_id: str, request: Request, catalog: Any) -> tuple[Build, list[LandedFile]]:
        project = self.runner.project
        specs = {table: project.specs[table] for table in project.tables(publication.SCHEMAS[MAIN])}
        anew = (
            frozenset(specs)
            if request.kind == FULL
            else _outdated(specs, {name: LakeTable(catalog, name).fingerprint for name in specs})
        )
        takes_all = any(specs[table].is_unique for table in anew)
        files = self._files(request, takes_all)
        build = Build(
            settings=self.settings,
            session=self.runner.session,
            catalog=catalog,
            scope=Scope(run_id, system_clock(), anew),
            specs=specs,
            batches=batched(files),
            range_days=frozenset() if takes_all else request.days,
            on_progress=self.on_progress,
        )
        return build, files

    def _files(self, request: Request, takes_all: bool) -> list[LandedFile]:
        if takes_all:
            return files_of_kind(self.engine, "events")
        if request.kind == RANGE:
            return files_of_days(self.engine, "events", [day.isoformat() for day in request.days])
        return open_files(self.engine, "events")

    def close(self) -> None:
        """Closes the engine."""
        if self._runner is not None:
            self._runner.close()

    def _publish(
        self,
        build: Build,
        request: Request,
        parent: Release | None,
        files: list[LandedFile],
        outcome: Outcome,
    ) -> Release:
        message = f"{build.unreadable} records could not be read" if build.unreadable else ""
        if message:
            _log.warning("unreadable records in Bronze", records=build.unreadable)
        before = None
        if parent and parent.data_until and request.kind != FULL:
            before = datetime.fromisoformat(parent.data_until)
        return publication.publish(
            self.engine,
            build.catalog,
            channel=MAIN,
            run_id=build.scope.run_id,
            who=request.who,
            parent=parent,
            tables=build.specs,
            data_until=max(filter(None, (before, build.newest)), default=None),
            project=digest(self.settings),
            files=[file.path for file in files if file.release_id is None],
            outcome=outcome,
            message=message,
        )


def _begin(build: Build) -> None:
    """Shows the scope and every table as it is now."""
    build.scope.show(build.connection)
    for name in build.specs:
        table = LakeTable(build.catalog, name)
        if table.exists:
            build.show(table)


def _outdated(specs: Mapping[str, ModelSpec], built_by: Mapping[str, str | None]) -> frozenset[str]:
    """Tables that are not there or were built by another version of their model, and those that are built from them."""
    anew = {name for name, spec in specs.items() if built_by[name] != spec.fingerprint}
    while more := {name for name, spec in specs.items() if name not in anew and spec.inputs & anew}:
        anew |= more
    return frozenset(anew)


def _judge(outcome: Outcome) -> None:
    """The gate.

    Raises:
        QualityCheckFailed: says which check refused which rows.
        ModelFailed: says which model could not be built.
    """
    if outcome.errors:
        raise ModelFailed("; ".join(outcome.errors))
    if outcome.failed:
        raise QualityCheckFailed("the gate refused the run: " + "; ".join(map(_described, outcome.failed)))


def _described(failed: FailedCheck) -> str:
    days = f" on {', '.join(failed.days)}" if failed.days else ""
    sample = f", for example {orjson.dumps(failed.sample[0]).decode()}" if failed.sample else ""
    return f"{failed.check} on {failed.table}: {failed.failures:,} rows{days}{sample}"


def run(
    settings: Settings,
    *,
    from_dt: date | None = None,
    to_dt: date | None = None,
    full_refresh: bool = False,
    who: str = "pipeline",
    on_progress: Progress = lambda _line: None,
) -> RunResult:
    """One run in a process of its own; see `Pipeline.run`."""
    pipeline = Pipeline(settings, on_progress=on_progress)
    try:
        return pipeline.run(Request.of(from_dt, to_dt, full_refresh, who))
    finally:
        pipeline.close()
