"""`rastup pipeline watch`: a build whenever Bronze has something new, the operations views every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rastup.core.config import Settings
from rastup.core.errors import LeaseHeld, ModelFailed, QualityCheckFailed, RastupError, StoreUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.spool.segments import list_segments
from rastup.lake import ledger, releases
from rastup.lake.nrt import Views
from rastup.lake.pipeline import Pipeline
from rastup.lake.request import Request
from rastup.lake.unreleased import TailSegment
from rastup.state import heartbeats
from rastup.state.leases import Lease

COMPONENT = "pipeline"
LEASE = "watch.lease"
"""Of the home's only loop: two would refresh the same views in turn."""
ANOTHER_ENDS_S = 5.0
LOOK_S = 0.2
REPORT_EVERY_S = 5.0
LONGEST_BACK_OFF_S = 60.0
ENGINE_LIFE_S = 600.0
"""Each look at an Iceberg table leaves some memory behind in its engine; a new one starts without."""
_STAYS_GOOD = (LeaseHeld, QualityCheckFailed, ModelFailed, StoreUnavailable)
"""After anything else the engine and the catalog are opened anew: one may be of no use, the other's file be another."""
_log = get_logger(__name__)


def watch(settings: Settings, stop: threading.Event) -> None:
    """Runs until `stop` is set; what fails is said, and tried again after a while.

    Raises:
        LeaseHeld: another loop of this home runs, and did not end in time.
    """
    loop = _Loop(settings)
    with Lease(settings.home.run / LEASE, purpose="pipeline watch", wait_s=ANOTHER_ENDS_S):
        _watch(loop, stop)


def _watch(loop: _Loop, stop: threading.Event) -> None:
    # The views do not wait for a build: theirs is a thread, an engine and a lease of its own.
    views = threading.Thread(target=loop.keep_views, args=(stop,), name="views")
    try:
        _log.info("pipeline loop started")
        views.start()
        while not stop.is_set():
            loop.turn()
            stop.wait(LOOK_S)
    finally:
        stop.set()
        views.join()
        loop.close()
        _log.info("pipeline loop stopped")


class _Step:
    """Something done again and again, later and later while it fails."""

    def __init__(self, name: str, every_s: float, do: Callable[[], None]) -> None:
        self._name = name
        self._every_s = every_s
        self._do = do
        self._due = 0.0
        self._failed = 0
        self.error: str | None = None

    def turn(self) -> None:
        """Does it when it is due."""
        started = time.monotonic()
        if started < self._due:
            return
        try:
            self._do()
            self._failed, self.error = 0, None
        except LeaseHeld as error:
            _log.info(f"{self._name} waits", reason=str(error))
        except RastupError as error:
            self._note(str(error))
        except Exception as error:
            # Whatever it is, the other step must go on and this one must be tried again.
            _log.exception(f"{self._name} failed", error=type(error).__name__)
            self._note(f"{type(error).__name__}: {error}")
        back_off_s = (
            min(self._every_s * 2**self._failed, LONGEST_BACK_OFF_S) if self._failed else self._every_s
        )
        self._due = started + max(back_off_s, self._every_s)

    def _note(self, error: str) -> None:
        self._failed += 1
        self.error = error
        _log.warning(f"{self._name} failed", reason=error, failures=self._failed)


class _Loop:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pipeline = Pipeline(settings)
        self._views = Views(self._pipeline, lambda: _segments(settings))
        self._build = _Step("build", settings.pipeline.build_interval_s, self._build_once)
        self._refresh = _Step("refresh", settings.pipeline.nrt_interval_s, self._refresh_once)
        self._report = _Step("report", REPORT_EVERY_S, self._beat)
        self._end_build_engine = _Step("end of the engine", ENGINE_LIFE_S, self._pipeline.close)
        self._end_views_engine = _Step("end of the views' engine", ENGINE_LIFE_S, self._views.close)
        self._lag_s: float | None = None

    def turn(self) -> None:
        """One look at what is due."""
        self._end_build_engine.turn()
        self._build.turn()

    def keep_views(self, stop: threading.Event) -> None:
        """Refreshes the views and reports, until `stop` is set."""
        while not stop.wait(LOOK_S):
            self._end_views_engine.turn()
            self._refresh.turn()
            self._report.turn()

    def close(self) -> None:
        """Closes the engines."""
        self._views.close()
        self._pipeline.close()

    def _build_once(self) -> None:
        if reason := releases.held_reason(self._pipeline.engine):
            _log.debug("build is held", reason=reason)
            return
        try:
            result = self._pipeline.run(Request(who=COMPONENT))
        except _STAYS_GOOD:
            raise
        except Exception:
            self._pipeline.close()
            raise
        if result.release and result.run_id:
            _log.info(
                "release published",
                release=result.release.release_id,
                files=result.new_files,
                records=result.new_records,
                seconds=round(result.seconds, 2),
            )

    def _refresh_once(self) -> None:
        try:
            seconds = self._views.refresh()
        except _STAYS_GOOD:
            raise
        except Exception:
            self._views.close()
            raise
        self._lag_s = self._lag_s if seconds is None else round(seconds, 3)

    def _beat(self) -> None:
        errors = {
            name: step.error
            for name, step in (("build", self._build), ("refresh", self._refresh))
            if step.error
        }
        waiting = ledger.count_open(self._pipeline.engine, "events")
        detail = {"pending_files": waiting, "errors": errors, "left_out": self._views.left_out}
        heartbeats.beat(self._pipeline.engine, COMPONENT, lag_s=self._lag_s, detail=detail)


def _segments(settings: Settings) -> list[TailSegment]:
    found = list_segments(settings.home.spool)
    return [TailSegment(segment.stream, segment.first_offset, segment.path) for segment in found]
