"""A run of the main channel: Bronze files become Silver and Gold, are checked, and only then a release.

It starts from the current release's snapshots: what a run that crashed has left is put back first. When a model or a
check fails, the tables are put back again and the last release keeps serving.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import datetime

import orjson

from rastup.core.clock import system_clock
from rastup.core.errors import ModelFailed, QualityCheckFailed
from rastup.core.logs import get_logger
from rastup.lake import publication, releases, retention, runs
from rastup.lake.batches import batched
from rastup.lake.build import Build, ColumnsChanged
from rastup.lake.execution import execute
from rastup.lake.ledger import LandedFile, files_of_days, files_of_kind, open_files
from rastup.lake.outcome import FailedCheck, Outcome
from rastup.lake.pipeline import Pipeline
from rastup.lake.releases import MAIN, Release
from rastup.lake.request import FULL, RANGE, Request, RunResult
from rastup.lake.scope import Scope
from rastup.lake.spec import ModelSpec
from rastup.lake.tables import Tables

_log = get_logger(__name__)


class MainRun:
    """One run, under the lake's lease."""

    def __init__(self, pipeline: Pipeline, run_id: str, request: Request) -> None:
        self._settings = pipeline.settings
        self._engine = pipeline.engine
        self._session = pipeline.session
        self._project = pipeline.project.part(publication.SCHEMAS[MAIN])
        self._on_progress = pipeline.on_progress
        self._run_id = run_id
        self._request = request
        self._parent = releases.current(pipeline.engine)
        self._catalog = pipeline.catalog
        self._tables = Tables(self._catalog)
        self._release_id = releases.new_release_id(pipeline.engine)

    def run(self, started: float) -> RunResult:
        """Builds, checks, publishes; puts everything back when it cannot.

        Args:
            started: when the request came, by the monotonic clock.
        """
        outcome = Outcome()
        try:
            build, files, outcome = self._built()
            _judge(outcome)
            release = self._publish(build, files, outcome)
        except Exception as error:
            with self._engine.begin() as connection:
                runs.end(connection, self._run_id, runs.FAILED, outcome, message=str(error))
            publication.align(self._tables, self._parent, MAIN)
            raise
        self._expire()
        new_records = sum(file.records for file in files)
        seconds = time.monotonic() - started
        return RunResult(self._run_id, runs.PUBLISHED, release, len(files), new_records, seconds, outcome)

    def _built(self) -> tuple[Build, list[LandedFile], Outcome]:
        """Builds on the parent's tables; again with a table anew when the engine gives its columns other types."""
        other_types: set[str] = set()
        while True:
            publication.align(self._tables, self._parent, MAIN)
            build, files = self._prepared(other_types)
            self._on_progress(f"building from {len(files):,} Bronze files")
            try:
                return build, files, self._execute(build)
            except ColumnsChanged as changed:
                if changed.table in other_types:
                    raise
                _log.warning("columns changed, table is built anew", table=changed.table)
                other_types.add(changed.table)

    def _expire(self) -> None:
        try:
            retention.expire(self._settings, self._engine, self._catalog, MAIN)
        except Exception:
            # The release is published; the next run removes what this one could not.
            _log.exception("old releases could not be removed")

    def _prepared(self, other_types: Collection[str]) -> tuple[Build, list[LandedFile]]:
        specs = self._project.specs
        built_by = {name: self._tables[name].fingerprint for name in specs}
        built_by |= dict.fromkeys(other_types)
        anew = frozenset(specs) if self._request.kind == FULL else _outdated(specs, built_by)
        takes_all = any(specs[table].is_unique for table in anew)
        files = self._files(takes_all)
        if other_types or self._parent is None or self._parent.project != self._project.digest:
            self._session.forget()
        build = Build(
            settings=self._settings,
            session=self._session,
            tables=self._tables,
            scope=Scope(self._run_id, system_clock(), anew),
            specs=specs,
            batches=batched(files),
            range_days=frozenset() if takes_all else self._request.days,
            tag=releases.tag_of(self._release_id),
            on_progress=self._on_progress,
        )
        return build, files

    def _execute(self, build: Build) -> Outcome:
        is_new_version = self._parent is None or self._parent.project != self._project.digest
        try:
            _begin(build)
            return execute(self._project, build, checks_all=is_new_version)
        finally:
            self._session.let_go()

    def _files(self, takes_all: bool) -> list[LandedFile]:
        if takes_all:
            return files_of_kind(self._engine, "events")
        if self._request.kind == RANGE:
            return files_of_days(self._engine, "events", [day.isoformat() for day in self._request.days])
        return open_files(self._engine, "events")

    def _publish(self, build: Build, files: list[LandedFile], outcome: Outcome) -> Release:
        message = f"{build.unreadable} records could not be read" if build.unreadable else ""
        if message:
            _log.warning("unreadable records in Bronze", records=build.unreadable)
        before = None
        if self._parent and self._parent.data_until and self._request.kind != FULL:
            before = datetime.fromisoformat(self._parent.data_until)
        return publication.publish(
            self._engine,
            build.tables,
            release_id=self._release_id,
            channel=MAIN,
            run_id=self._run_id,
            who=self._request.who,
            parent=self._parent,
            names=build.specs,
            data_until=max(filter(None, (before, build.newest)), default=None),
            project=self._project.digest,
            files=[file.path for file in files if file.release_id is None],
            outcome=outcome,
            message=message,
        )


def _begin(build: Build) -> None:
    """Shows the scope and every table as it is now."""
    build.session.begin()
    build.scope.show(build.connection)
    for name in build.specs:
        table = build.tables[name]
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
