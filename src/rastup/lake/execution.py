"""Builds models and runs checks: the SQL that dbt made of the project, on the build's connection."""

from __future__ import annotations

import time

import duckdb

from rastup.core.errors import UsageError
from rastup.lake.build import Build, ColumnsChanged
from rastup.lake.engine import ENGINE_FAULTS, one_line
from rastup.lake.outcome import FailedCheck, ModelRun, Outcome, failed_check
from rastup.lake.project import Project
from rastup.lake.spec import CheckSpec, ModelSpec


def execute(project: Project, build: Build, *, checks_all: bool = False) -> Outcome:
    """Builds every model, then runs the checks of what has changed; stops at the first model that cannot be built.

    Args:
        project: the models and checks.
        build: where the rows go.
        checks_all: check every table wholly. Else what has not changed counts as checked by the run that made it.

    Raises:
        ColumnsChanged: a table must be built anew, because the engine gives its columns other types.
    """
    runs: list[ModelRun] = []
    for model in project.models:
        runs.append(_built(model, build))
        if runs[-1].status == "error":
            return Outcome(tuple(runs), errors=(f"{model.table}: {runs[-1].message}",))
    checks = project.checks
    if checks_all:
        build.look_at_everything()
    else:
        checks = tuple(check for check in checks if check.inputs & build.changed.keys())
    failed: list[FailedCheck] = []
    for check in checks:
        try:
            if found := _checked(check, build.connection):
                failed.append(found)
        except ENGINE_FAULTS:
            raise
        except duckdb.Error as error:
            return Outcome(tuple(runs), tuple(failed), len(checks), (f"{check.name}: {one_line(error)}",))
    return Outcome(tuple(runs), tuple(failed), len(checks))


def _built(model: ModelSpec, build: Build) -> ModelRun:
    started = time.monotonic()
    status, message = "success", ""
    try:
        build.materialize(model.table)
    except (ColumnsChanged, *ENGINE_FAULTS):
        raise
    except (duckdb.Error, UsageError) as error:
        status, message = "error", " ".join(str(error).split())
    seconds = round(time.monotonic() - started, 3)
    return ModelRun(model.table, status, seconds, build.changed.get(model.table), message)


def _checked(check: CheckSpec, connection: duckdb.DuckDBPyConnection) -> FailedCheck | None:
    query = (
        f"select {check.count} as n, {check.count} {check.fails_if} as fails from ({check.query}) as found"
    )
    [(count, fails)] = connection.execute(query).fetchall()
    if not fails:
        return None
    return failed_check(connection, check.name, check.table, check.query, int(count or 0), check.description)
