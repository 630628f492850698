"""The pipeline of a deployment: decides whether there is anything to do, and runs under the lake's lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from rastup.core.config import Settings
from rastup.lake import releases, runs, withdrawals
from rastup.lake.ledger import count_open
from rastup.lake.outcome import Outcome
from rastup.lake.project import Project, digest, load
from rastup.lake.request import FULL, INCREMENTAL, Request, RunResult
from rastup.state.database import open_state
from rastup.state.leases import Holder, Lease

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog

    from rastup.lake.session import Session

LEASE = "lake.lease"
Progress = Callable[[str], None]


class Pipeline:
    """Runs of one deployment. Keep one a process: the project and the engine stay ready.

    Args:
        settings: of the deployment.
        on_progress: told in a line what is being done.
    """

    def __init__(self, settings: Settings, *, on_progress: Progress = lambda _line: None) -> None:
        self.settings = settings
        self.engine: Engine = open_state(settings.state_url)
        self.on_progress = on_progress
        self._session: Session | None = None
        self._catalog: SqlCatalog | None = None
        self._project: Project | None = None
        self._reading = threading.Lock()

    @property
    def session(self) -> Session:
        """The engine that builds."""
        if self._session is None:
            # Kept out of what a process loads that finds nothing to do.
            from rastup.lake.session import Session

            self._session = Session(self.settings)
        return self._session

    @property
    def catalog(self) -> SqlCatalog:
        """The lake's catalog."""
        if self._catalog is None:
            # As with the session.
            from rastup.lake.catalog import open_catalog

            self._catalog = open_catalog(self.settings)
        return self._catalog

    @property
    def project(self) -> Project:
        """The models and checks as the files have them now. A new version is compiled first, which takes seconds.

        Raises:
            ProjectBroken: it does not compile.
        """
        with self._reading:
            if self._project is None or self._project.digest != digest(self.settings):
                self.on_progress("reading the models")
                self._project = load(self.settings)
            return self._project

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
            if request.kind == INCREMENTAL and (same := self._nothing_new(started)):
                return same  # whoever held the lease before us has taken it
            due = withdrawals.due(self.engine, releases.current(self.engine))
            request = withdrawals.widened(due, request)
            with runs.begun(self.engine, releases.MAIN, request.kind, request.who) as run_id:
                if request.kind == FULL or releases.current(self.engine) is None:
                    self._relist(request)
                result = self._run(run_id, request, started)
            withdrawals.settle(self.engine, due, request, result.release)
            return result

    def lease(self, purpose: str, name: str = LEASE) -> Lease:
        """The lease of a channel: one process at a time writes to its tables."""

        def on_wait(holder: Holder | None) -> None:
            who = f"process {holder.pid} ({holder.purpose})" if holder else "another process"
            self.on_progress(f"waiting for {who}, which writes to the lake")

        wait_s = self.settings.pipeline.lease_wait_s
        return Lease(self.settings.home.run / name, purpose=purpose, wait_s=wait_s, on_wait=on_wait)

    def _nothing_new(self, started: float) -> RunResult | None:
        """Decided without reading the project or the lake."""
        release = releases.current(self.engine)
        if release is None or release.project != digest(self.settings):
            return None
        if releases.held_reason(self.engine) or count_open(self.engine, "events"):
            return None
        if withdrawals.first_day(self.engine, release):
            return None
        return RunResult(None, runs.UNCHANGED, release, 0, 0, time.monotonic() - started, Outcome())

    def _relist(self, request: Request) -> None:
        from rastup.lake.relisting import relist

        found = relist(self.settings, self.engine, accept_loss=request.accept_loss)
        if found.new:
            self.on_progress(f"{found.new} Bronze files that the ledger did not know are taken in")
        if found.gone:
            self.on_progress(f"{found.gone} Bronze files that the ledger knew are gone, and left out")

    def _run(self, run_id: str, request: Request, started: float) -> RunResult:
        # Kept out of what a process loads that finds nothing to do.
        from rastup.lake.main_run import MainRun

        return MainRun(self, run_id, request).run(started)

    def close(self) -> None:
        """Closes the engine and the catalog; the next run opens them anew."""
        session, self._session = self._session, None
        catalog, self._catalog = self._catalog, None
        if session is not None:
            session.close()
        if catalog is not None:
            catalog.close()


def run(
    settings: Settings,
    *,
    from_dt: date | None = None,
    to_dt: date | None = None,
    full_refresh: bool = False,
    accept_loss: bool = False,
    who: str = "pipeline",
    on_progress: Progress = lambda _line: None,
) -> RunResult:
    """One run in a process of its own; see `Pipeline.run`."""
    pipeline = Pipeline(settings, on_progress=on_progress)
    try:
        return pipeline.run(Request.of(from_dt, to_dt, full_refresh, who, accept_loss=accept_loss))
    finally:
        pipeline.close()
