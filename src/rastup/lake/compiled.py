"""Models and checks as SQL of the engine: what is built every few seconds does without dbt after the first time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from rastup.lake.build import Build, staged_view
from rastup.lake.engine import one_line
from rastup.lake.outcome import FailedCheck, ModelRun, Outcome, failed_check
from rastup.lake.spec import ModelSpec


@dataclass(frozen=True)
class CompiledModel:
    """A model's query."""

    table: str
    sql: str


@dataclass(frozen=True)
class CompiledCheck:
    """A check's query, whose rows are failures, and the SQL condition over them by which it fails."""

    name: str
    table: str
    sql: str
    count: str
    fails_if: str
    description: str


@dataclass(frozen=True)
class Compiled:
    """Models, each after those that it reads, and their checks."""

    models: tuple[CompiledModel, ...]
    checks: tuple[CompiledCheck, ...]

    def run(self, build: Build) -> Outcome:
        """Builds every model, then runs every check, as a run of dbt does; stops at the first model that cannot be built."""
        runs: list[ModelRun] = []
        for model in self.models:
            started = time.monotonic()
            try:
                view = staged_view(model.table)
                build.connection.execute(f"create or replace view {view} as {model.sql}")
                build.materialize(model.table)
            except duckdb.Error as error:
                return Outcome(tuple(runs), errors=(f"{model.table}: {one_line(error)}",))
            seconds = round(time.monotonic() - started, 3)
            runs.append(ModelRun(model.table, "success", seconds, build.changed.get(model.table)))
        failed = filter(None, (_checked(check, build.connection) for check in self.checks))
        return Outcome(tuple(runs), tuple(failed), len(self.checks))


def in_order(models: Iterable[CompiledModel], specs: Mapping[str, ModelSpec]) -> tuple[CompiledModel, ...]:
    """The models, each after those that it reads."""
    waiting, ordered = {model.table: model for model in models}, []
    while waiting:
        ready = [table for table in waiting if not specs[table].inputs & (waiting.keys() - {table})]
        ordered += [waiting.pop(table) for table in sorted(ready)]
    return tuple(ordered)


def _checked(check: CompiledCheck, connection: duckdb.DuckDBPyConnection) -> FailedCheck | None:
    query = (
        f"select {check.count} as n, {check.count} {check.fails_if} as fails from ({check.sql}) as failures"
    )
    found: Any = connection.execute(query).fetchone()
    count, fails = found
    if not fails:
        return None
    return failed_check(connection, check.name, check.table, check.sql, int(count or 0), check.description)
