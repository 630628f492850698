"""Runs dbt in this process: models are built by the build in progress, checks are the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from rastup.core.config import Settings
from rastup.lake.build import Build
from rastup.lake.outcome import FailedCheck, ModelFailed, ModelRun, Outcome
from rastup.lake.project import Project
from rastup.lake.session import Session

SAMPLE_ROWS = 5


class Runner:
    """A parsed project and the engine it runs on; keep one a process."""

    def __init__(self, settings: Settings, project: Project | None = None) -> None:
        self.project = project or Project(settings)
        self.session = Session(settings)

    def run(self, build: Build, begin: Callable[[], None], *selection: str) -> Outcome:
        """Builds and checks the selected models.

        Args:
            build: where their rows go.
            begin: called once the engine is open, before the first model.
            selection: dbt's arguments.
        """
        _activate(_Active(build, begin))
        try:
            if self.session.is_open:
                begin()
            result = self.project.invoke("build", *selection)
            if result.exception is not None:
                raise ModelFailed(" ".join(str(result.exception).split()))
            return self._outcome(build, list(getattr(result.result, "results", [])))
        finally:
            _activate(None)

    def compiled(self, build: Build, model: str) -> str:
        """The model as SQL of the engine."""
        _activate(_Active(build, lambda: None))
        try:
            # Its checks are left out: theirs is a text that depends on the scope of a run.
            compiled = self.project.invoke("compile", "--select", model, "--indirect-selection", "empty")
            if not compiled.success:
                raise ModelFailed(f"{model} does not compile: {compiled.exception}")
            found: Any = compiled.result
            return str(found.results[0].node.compiled_code)
        finally:
            _activate(None)

    def close(self) -> None:
        """Closes the engine; the next run opens a new one."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        self.session.forget()
        manager: Any = DuckDBConnectionManager
        manager.close_all_connections()

    def _outcome(self, build: Build, results: list[Any]) -> Outcome:
        models = [r for r in results if r.node.resource_type == "model"]
        checks = [r for r in results if r.node.resource_type in ("test", "unit_test")]
        failed = [self._failed(r) for r in checks if str(r.status) == "fail"]
        errors = [
            f"{r.node.name}: {' '.join(str(r.message).split())}" for r in results if str(r.status) == "error"
        ]
        return Outcome(
            models=tuple(_model_run(r, build) for r in models),
            failed=tuple(failed),
            checks_run=sum(str(r.status) in ("pass", "fail", "warn") for r in checks),
            errors=tuple(errors),
        )

    def _failed(self, result: Any) -> FailedCheck:
        sample = self._sample(result.node.compiled_code or "")
        days = sorted({str(row["dt"]) for row in sample if row.get("dt")})
        return FailedCheck(
            check=result.node.name,
            table=self.project.table_of(result.node),
            failures=int(result.failures or 0),
            days=tuple(days),
            sample=tuple(sample),
            message=result.node.description or "",
        )

    def _sample(self, query: str) -> list[dict[str, Any]]:
        try:
            rows = self.session.connection.execute(f"select * from ({query}) limit {SAMPLE_ROWS}")
            names = [column[0] for column in rows.description]
            return [dict(zip(names, map(_plain, row), strict=True)) for row in rows.fetchall()]
        except duckdb.Error:
            return []


def _model_run(result: Any, build: Build) -> ModelRun:
    table = f"{result.node.schema}.{result.node.name}"
    message = "" if str(result.status) == "success" else " ".join(str(result.message or "").split())
    return ModelRun(
        table, str(result.status), round(result.execution_time, 3), build.changed.get(table), message
    )


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)[:200]


@dataclass(frozen=True)
class _Active:
    build: Build
    begin: Callable[[], None]


_now: _Active | None = None


def _activate(run: _Active | None) -> None:
    # dbt makes its plugins itself and runs models in threads of its own, so what is active belongs to the process.
    global _now
    _now = run


def active() -> Build:
    """The build in progress."""
    if _now is None:
        raise RuntimeError("dbt was started without a build; use `rastup pipeline run`")
    return _now.build


def opened(connection: duckdb.DuckDBPyConnection) -> None:
    """Told by dbt when it has opened its database."""
    if _now is not None:
        _now.build.session.adopt(connection)
        _now.begin()
