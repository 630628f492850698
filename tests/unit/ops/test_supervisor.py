"""The supervisor against the operating system's own view of the processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from rastup.core.config import Settings
from rastup.ops.processes import FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S, Process, ProcessSpec
from rastup.ops.supervisor import Supervisor


def _wait(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _pids(settings: Settings) -> list[int | None]:
    note = settings.home.run / "up.json"
    return [p["pid"] for p in json.loads(note.read_text())["processes"]] if note.exists() else []


def _first_pid(settings: Settings) -> int:
    _wait(lambda: any(_pids(settings)))
    pid = _pids(settings)[0]
    assert pid is not None
    return pid


@pytest.fixture
def supervisor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    # A real long-running command of the platform that needs no port: it holds a lease and waits for files.
    monkeypatch.setenv("RASTUP_HOME", str(settings.home.root))
    made = Supervisor(settings, lambda _name, _line: None)
    thread = threading.Thread(target=made.watch)
    thread.start()
    yield made
    made.stop.set()
    thread.join()
    made.drain()


def test_a_killed_process_comes_back(settings: Settings, supervisor: Supervisor) -> None:
    supervisor.add("lander", ("ingest", "land"))
    first = _first_pid(settings)
    os.kill(first, signal.SIGKILL)
    _wait(lambda: _pids(settings)[0] not in (None, first))
    again = _pids(settings)[0]
    assert again is not None
    assert psutil.pid_exists(again)


def test_a_process_outlives_the_thread_that_asked_for_it(settings: Settings, supervisor: Supervisor) -> None:
    asking = threading.Thread(target=supervisor.add, args=("lander", ("ingest", "land")))
    asking.start()
    asking.join()
    pid = _first_pid(settings)
    time.sleep(3)
    assert _pids(settings) == [pid]
    assert psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_draining_ends_every_process_and_its_note(settings: Settings, supervisor: Supervisor) -> None:
    supervisor.add("lander", ("ingest", "land"))
    pid = _first_pid(settings)
    supervisor.stop.set()
    supervisor.drain()
    assert not psutil.pid_exists(pid)
    assert not (settings.home.run / "up.json").exists()


def test_what_cannot_be_noted_is_watched_all_the_same(settings: Settings, supervisor: Supervisor) -> None:
    (settings.home.run / "up.json.tmp").mkdir(parents=True)
    supervisor.add("lander", ("ingest", "land"))
    lander = supervisor._processes["lander"]
    _wait(lambda: lander.pid)
    first = lander.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    _wait(lambda: lander.pid not in (None, first))
    assert not (settings.home.run / "up.json").exists()


def test_a_refused_configuration_stops_everything_with_its_message(
    settings: Settings, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASTUP_INGEST__PORT", "no port")
    supervisor.add("lander", ("ingest", "land"))
    _wait(supervisor.stop.is_set)
    assert supervisor.failure is not None
    assert "lander" in supervisor.failure
    assert "no port" in (settings.home.logs / "lander.log").read_text()


def test_a_part_that_worked_and_then_refuses_its_settings_does_not_stop_the_others(
    settings: Settings, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.add("lander", ("ingest", "land"))
    first = _first_pid(settings)
    monkeypatch.setenv("RASTUP_INGEST__PORT", "no port")
    os.kill(first, signal.SIGKILL)
    log = settings.home.logs / "lander.log"
    _wait(lambda: log.exists() and log.read_text().count("no port") >= 2, timeout_s=60)
    assert (supervisor.failure, supervisor.stop.is_set()) == (None, False)
    monkeypatch.delenv("RASTUP_INGEST__PORT")
    _wait(lambda: (pid := _pids(settings)[0]) and psutil.pid_exists(pid), timeout_s=60)


def test_back_off_doubles_up_to_its_bound(tmp_path: Path) -> None:
    process = Process(ProcessSpec("x", ("config", "nonsense")), tmp_path / "x.log", lambda _n, _l: None)
    waits = []
    for _ in range(3):
        process.start()
        _wait(lambda: process.look() is not None)
        waits.append(process.next_start_at - time.monotonic())
    assert [round(wait, 1) for wait in waits] == pytest.approx(
        [FIRST_BACK_OFF_S * 2**i for i in range(3)], abs=0.2
    )
    assert waits[-1] < LONGEST_BACK_OFF_S


def _no_folder(log: Path) -> None:
    log.parent.write_text("a file where the folder of logs belongs")


def _no_rotation(log: Path) -> None:
    log.parent.mkdir()
    log.write_bytes(b"x" * 10_000_000)
    log.with_name("x.log.1").touch()
    log.with_name("x.log.2").mkdir()


SHOW = ("config", "show", "--output", "json")


@pytest.fixture
def printed() -> list[str]:
    """What a command prints, by itself."""
    command = [sys.executable, "-m", "rastup", *SHOW]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def _no_room(log: Path) -> None:
    log.parent.mkdir()
    log.symlink_to("/dev/full")


@pytest.mark.parametrize("broken", [_no_folder, _no_rotation, _no_room])
def test_what_a_process_prints_is_read_though_its_log_cannot_be_written(
    tmp_path: Path, printed: list[str], broken: Callable[[Path], None]
) -> None:
    lines: list[str] = []
    log = tmp_path / "logs" / "x.log"
    broken(log)
    process = Process(ProcessSpec("x", SHOW), log, lambda _name, line: lines.append(line))
    process.start()
    _wait(lambda: lines == printed)
    _wait(lambda: process.look() == 0)


def test_what_a_process_prints_is_logged_though_nobody_can_be_shown_it(
    tmp_path: Path, printed: list[str]
) -> None:
    def closed(_name: str, _line: str) -> None:
        raise BrokenPipeError

    log = tmp_path / "logs" / "x.log"
    process = Process(ProcessSpec("x", SHOW), log, closed)
    process.start()
    _wait(lambda: log.exists() and log.read_text().splitlines() == printed)
    _wait(lambda: process.look() == 0)
