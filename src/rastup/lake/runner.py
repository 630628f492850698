"""Runs dbt in this process: models are built by the build in progress, checks are the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from rastup.core.clock import system_clock
from rastup.core.config import Settings
from rastup.lake.build import Build
from rastup.lake.compiled import Compiled, CompiledCheck, CompiledModel, in_order
from rastup.lake.outcome import FailedCheck, ModelFailed, ModelRun, Outcome, failed_check
from rastup.lake.project import Project
from rastup.lake.scope import Scope
from rastup.lake.session import Session


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
        _activate(_Active(self.session, begin, build))
        try:
            if self.session.is_open:
                begin()
            result = self.project.invoke("build", *selection)
            if result.exception is not None:
                raise ModelFailed(" ".join(str(result.exception).split()))
            return self._outcome(build, list(getattr(result.result, "results", [])))
        finally:
            self.session.let_go()
            _activate(None)

    def compiled(self, *selection: str) -> Compiled:
        """The selected models and checks as SQL of the engine.

        Args:
            selection: dbt's arguments.

        Raises:
            ModelFailed: one does not compile.
        """

        def begin() -> None:
            Scope("", system_clock()).show(self.session.connection)

        _activate(_Active(self.session, begin))
        try:
            if self.session.is_open:
                begin()
            result = self.project.invoke("compile", *selection)
            if not result.success:
                raise ModelFailed(f"the models do not compile: {' '.join(str(result.exception).split())}")
            found: Any = result.result
            nodes = [one.node for one in found.results]
        finally:
            _activate(None)
        stored = [n for n in nodes if n.resource_type == "model" and n.config.materialized == "lake_table"]
        models = [CompiledModel(f"{node.schema}.{node.alias}", str(node.compiled_code)) for node in stored]
        checks = [self._check(node) for node in nodes if node.resource_type == "test"]
        return Compiled(in_order(models, self.project.specs), tuple(checks))

    def _check(self, node: Any) -> CompiledCheck:
        config, table = node.config, self.project.table_of(node)
        return CompiledCheck(
            node.name,
            table,
            str(node.compiled_code),
            config.fail_calc,
            config.error_if,
            node.description or "",
        )

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
        node = result.node
        return failed_check(
            self.session.connection,
            node.name,
            self.project.table_of(node),
            node.compiled_code or "",
            int(result.failures or 0),
            node.description or "",
        )


def _model_run(result: Any, build: Build) -> ModelRun:
    table = f"{result.node.schema}.{result.node.name}"
    message = "" if str(result.status) == "success" else " ".join(str(result.message or "").split())
    return ModelRun(
        table, str(result.status), round(result.execution_time, 3), build.changed.get(table), message
    )


@dataclass(frozen=True)
class _Active:
    session: Session
    begin: Callable[[], None]
    build: Build | None = None


_now: _Active | None = None


def _activate(run: _Active | None) -> None:
    # dbt makes its plugins itself and runs models in threads of its own, so what is active belongs to the process.
    global _now
    _now = run


def active() -> Build:
    """The build in progress."""
    if _now is None or _now.build is None:
        raise RuntimeError("dbt was started without a build; use `rastup pipeline run`")
    return _now.build


def opened(connection: duckdb.DuckDBPyConnection) -> None:
    """Told by dbt when it has opened its database."""
    if _now is not None:
        _now.session.adopt(connection)
        _now.begin()
