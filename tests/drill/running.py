"""A platform under drill: `rastup up` in a folder of its own, with hands on its processes."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from rastup.core.config import Settings, load

PARTS = ("collector", "lander", "pipeline", "console")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """`rastup up` on free ports; `environ` adds settings such as `RASTUP_SPOOL__MAX_BYTES`.

    What it prints goes to `log`, by default beside its folder.
    """

    def __init__(self, home: Path, environ: dict[str, str] | None = None, log: Path | None = None) -> None:
        self.home = home
        self.port, self.console_port = free_port(), free_port()
        self.environ = {**os.environ, "RASTUP_HOME": str(home), **(environ or {})}
        self._up: subprocess.Popen[bytes] | None = None
        self._log = log or home.parent / f"{home.name}.log"

    def __enter__(self) -> Running:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts everything and waits until events are taken."""
        ports = ("--port", str(self.port), "--console-port", str(self.console_port))
        command = [sys.executable, "-m", "rastup", "up", *ports]
        with self._log.open("ab") as log:
            self._up = subprocess.Popen(
                command, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_for(self.is_ready, 60, "the collector to be ready")

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        if self._up is None:
            return 0
        self._up.send_signal(signal.SIGINT)
        try:
            return self._up.wait(180)
        finally:
            if self._up.poll() is None:
                os.killpg(self._up.pid, signal.SIGKILL)
            self._up = None

    @property
    def url(self) -> str:
        """The collector's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """The settings that its processes have."""
        return load(self.home, environ=self.environ)

    def is_ready(self) -> bool:
        """Whether the collector answers its readiness probe with 200."""
        import httpx

        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def key(self, source: str = "drill") -> str:
        """A new write key."""
        return str(
            json.loads(
                self.rastup("keys", "create", "--source", source, "--env", "prod", "--output", "json")
            )["key"]
        )

    def rastup(self, *arguments: str, check: bool = True) -> str:
        """Runs a command of the platform; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "rastup", *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=1800,
        )
        assert not check or done.returncode == 0, (
            f"rastup {' '.join(arguments)}: {done.returncode}\n{done.stderr}"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def sql(self, query: str) -> list[dict[str, Any]]:
        """Rows of the current release."""
        rows: list[dict[str, Any]] = json.loads(self.rastup("sql", query, "--output", "json"))
        return rows

    def status(self) -> dict[str, Any]:
        """`rastup status` as it is."""
        found: dict[str, Any] = json.loads(self.rastup("status", "--output", "json", check=False))
        return found

    def pids(self, part: str) -> list[int]:
        """Process ids of a part: what the supervisor started, and for the collector its workers too."""
        try:
            note = json.loads((self.home / "run" / "up.json").read_text())
            top = next(p["pid"] for p in note["processes"] if p["name"] == part)
            return (
                [top, *(child.pid for child in psutil.Process(top).children(recursive=True))] if top else []
            )
        except (OSError, ValueError, StopIteration, psutil.NoSuchProcess):
            return []

    def kill_one(self, rng: random.Random, parts: tuple[str, ...] = PARTS) -> str | None:
        """kill -9 of one random process; returns which part it was of."""
        part = rng.choice(parts)
        pids = self.pids(part)
        if not pids:
            return None
        # A worker rather than its parent, most of the time: that is where events are.
        pid = rng.choice(pids[1:]) if len(pids) > 1 and rng.random() < 0.7 else pids[0]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return None
        return part

    def restarts(self) -> dict[str, int]:
        """How often the supervisor has started each part again."""
        note = json.loads((self.home / "run" / "up.json").read_text())
        return {process["name"]: process["restarts"] for process in note["processes"]}

    def settle(self, timeout_s: float = 300) -> None:
        """Waits until everything that was taken has landed and is in a release."""

        def is_settled() -> bool:
            backlog = self.status()["backlog"]
            return bool(backlog["spool_segments"] == 0 and backlog["pending_files"] == 0)

        self.wait_for(is_settled, timeout_s, "everything to land and be released", every_s=1.0)

    @staticmethod
    def wait_for(condition: Callable[[], bool], timeout_s: float, what: str, every_s: float = 0.1) -> None:
        """Waits until a condition holds."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s in vain for {what}"
            time.sleep(every_s)
