"""A collector as a user starts it: `rastup ingest serve` as a process, spoken to over its port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tests.drill.running import free_port

from rastup.core.config import load
from rastup.ingest import tail
from rastup.ingest.keys import create_key
from rastup.ingest.spool.segments import list_segments
from rastup.state.database import open_state


class Collector:
    """The process, its address and the spool that it writes."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self.settings = load(home, environ={})
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = {
            **os.environ,
            **environ,
            "RASTUP_HOME": str(home),
            "RASTUP_INGEST__PORT": str(self.port),
        }
        self.process = self._start()
        self.key = self.new_key()

    def _start(self) -> subprocess.Popen[bytes]:
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        command = [sys.executable, "-m", "rastup", "ingest", "serve"]
        process = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log, start_new_session=True)
        log.close()
        deadline = time.monotonic() + 30
        while not self.is_ready():
            assert process.poll() is None, (self.home.parent / f"{self.home.name}.log").read_text()
            assert time.monotonic() < deadline, "the collector did not become ready"
            time.sleep(0.05)
        return process

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def new_key(self, **options: Any) -> str:
        options = {"source": "web", "env": "prod", **options}
        return create_key(open_state(self.settings.state_url), **options).key

    def post(self, path: str, content: Any, *, key: str | None = None, **headers: str) -> httpx.Response:
        """Posts bytes as they are, and anything else as JSON."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key != "":
            sent = {"Authorization": f"Bearer {key or self.key}", **sent}
        return httpx.post(self.url + path, content=body, headers=sent, timeout=20)

    def tail(self, **wanted: Any) -> list[tail.TailItem]:
        """The live tail, newest first."""
        return tail.latest(self.settings, limit=1000, **wanted)

    def spooled(self) -> list[dict[str, Any]]:
        """Every record in the spool, read as the NDJSON that it is, in the order of each stream."""
        found: list[dict[str, Any]] = []
        for segment in list_segments(self.settings.home.spool):
            found += map(json.loads, segment.path.read_bytes().splitlines())
        return [record for record in found if not record.keys() & {"_meter", "_frame"}]

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        return [p for p in psutil.Process(self.process.pid).children() if _is_worker(p)]

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ends it; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(30)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "resource_tracker" not in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # dead, and perhaps not buried yet
        return False


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """One for all tests of a module that only send."""
    running = Collector(tmp_path_factory.mktemp("collector") / "home")
    yield running
    assert running.stop() == 0
    assert "Traceback" not in (running.home.parent / f"{running.home.name}.log").read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Collector]]:
    """Starts one with settings of its own; it is ended after the test."""
    started: list[Collector] = []

    def start_one(**environ: str) -> Collector:
        started.append(Collector(tmp_path / "home", **environ))
        return started[-1]

    yield start_one
    for running in started:
        running.stop()
