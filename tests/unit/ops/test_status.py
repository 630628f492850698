"""`rastup status` and the overview say it when nothing is published, whatever it is that fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from starlette.testclient import TestClient
from tests.unit.lake.released import publish
from tests.unit.lake.test_ledger import landed

from rastup.cli.status import status as command
from rastup.console.app import create_app
from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.errors import LeaseHeld, ProjectBroken
from rastup.lake import releases, runs
from rastup.lake.ledger import LandedFile, insert_files
from rastup.lake.nrt import Views
from rastup.lake.pipeline import Pipeline
from rastup.lake.releases import MAIN, NRT
from rastup.lake.request import Request
from rastup.ops import pipeline_loop, status
from rastup.state import heartbeats
from rastup.state.database import open_state
from rastup.state.leases import Lease

BROKEN = "models/gold/kpi.sql cannot be compiled"


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = open_state(settings.state_url)
    yield made
    made.dispose()


def _problems(settings: Settings, clock: Callable[[], datetime] = system_clock) -> list[str]:
    """What is wrong with the pipeline; nothing else runs here."""
    others = ("collector", "lander", "console")
    return [line for line in status.collect(settings, clock=clock).problems if not line.startswith(others)]


def _in(seconds: float) -> Callable[[], datetime]:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return lambda: moment


def _landed_now(records: int) -> LandedFile:
    return landed(records, landed_at=rfc3339_ms(system_clock()))


def _beat(engine: Engine, clock: Callable[[], datetime] = system_clock) -> None:
    heartbeats.beat(engine, "pipeline", detail={"errors": {}}, clock=clock)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_pipeline: Pipeline) -> None:
        raise ProjectBroken(BROKEN + "\nand much more")

    monkeypatch.setattr(Pipeline, "project", property(fails))


@pytest.mark.usefixtures("broken")
def test_a_run_that_fails_before_it_builds_is_a_failed_run(settings: Settings, engine: Engine) -> None:
    _beat(engine)
    pipeline = Pipeline(settings)
    with pytest.raises(ProjectBroken):
        pipeline.run(Request())
    pipeline.close()
    (run,) = runs.list_runs(engine)
    assert (run.state, run.message) == (runs.FAILED, BROKEN + "\nand much more")
    assert _problems(settings) == [f"run {run.run_id} failed: {BROKEN}"]


@pytest.mark.usefixtures("broken")
def test_a_refresh_that_fails_before_it_builds_is_a_failed_run(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    pipeline = Pipeline(settings)
    views = Views(pipeline, list)
    with pytest.raises(ProjectBroken):
        views.refresh()
    views.close()
    pipeline.close()
    assert [run.state for run in runs.list_runs(engine, NRT)] == [runs.FAILED]


@pytest.mark.usefixtures("broken")
def test_a_loop_that_fails_says_so_everywhere(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    insert_files(engine, [_landed_now(1)])
    stop, reported = threading.Event(), heartbeats.beat

    def beat(engine: Engine, component: str, **word: object) -> None:
        reported(engine, component, **word)  # type: ignore[arg-type]
        if {"build", "refresh"} <= set(word["detail"]["errors"]):  # type: ignore[index]
            stop.set()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(heartbeats, "beat", beat)
        patched.setattr(pipeline_loop, "REPORT_EVERY_S", 0.01)
        pipeline_loop.watch(settings, stop)
    (problem,) = _problems(settings)
    assert f"build fails: {BROKEN}; refresh fails: {BROKEN}" in problem
    told = CliRunner().invoke(command, ["--home", str(settings.home.root), "--output", "json"])
    assert told.exit_code == 1
    assert problem.partition("; last word")[0] in "\n".join(json.loads(told.stdout)["problems"])
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        assert f"refresh fails: {BROKEN}" in client.get("/").text


def test_events_that_wait_too_long_for_a_release_are_told(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    insert_files(engine, [_landed_now(7)])
    late = _in(status.RELEASE_LATE_S + 60)
    _beat(engine, late)
    assert _problems(settings, _in(status.RELEASE_LATE_S - 60)) == []
    (problem,) = _problems(settings, late)
    assert problem.startswith("7 records wait for a release, the first for 66")
    with Lease(settings.home.run / "up.lease", purpose="rastup up"):
        assert _problems(settings) == []  # what has just been started gets its time


def test_the_overview_tells_of_them_too(settings: Settings, engine: Engine) -> None:
    release = publish(engine, MAIN)
    _beat(engine)
    stage = f'<li class="stage {{}}"><a href="/pipeline/releases/{release}">'
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        assert stage.format("good") in client.get("/").text
        insert_files(engine, [landed(7)])  # weeks ago
        page = client.get("/").text
    assert stage.format("warn") in page and "7 records wait for a release" in page


def test_an_old_release_is_well_while_nothing_waits(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    long_after = _in(86_400)
    _beat(engine, long_after)
    assert _problems(settings, long_after) == []


def test_held_events_are_told_as_held_alone(settings: Settings, engine: Engine) -> None:
    first = publish(engine, MAIN)
    publish(engine, MAIN)
    releases.rollback(engine, first, who="on-call")
    insert_files(engine, [landed(1)])
    _beat(engine)
    (problem,) = _problems(settings)
    assert problem.startswith("publishing is held: rolled back")


def test_views_that_are_not_refreshed_are_told(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    publish(engine, NRT)
    late = _in(status.VIEWS_LATE_S + 30)
    _beat(engine, late)
    assert _problems(settings, _in(status.VIEWS_LATE_S - 30)) == []
    (problem,) = _problems(settings, late)
    assert problem.startswith("the operations views are ")


def test_what_a_dead_pipeline_said_last_is_not_told_as_news(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN)
    heartbeats.beat(engine, "pipeline", detail={"errors": {"build": "old"}})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(status.psutil, "pid_exists", lambda _pid: False)
        assert _problems(settings, _in(86_400)) == ["pipeline: no such process"]


def test_a_home_has_one_loop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline_loop, "ANOTHER_ENDS_S", 0.0)
    with (
        Lease(settings.home.run / pipeline_loop.LEASE, purpose="pipeline watch"),
        pytest.raises(LeaseHeld, match=r"pipeline watch"),
    ):
        pipeline_loop.watch(settings, threading.Event())
