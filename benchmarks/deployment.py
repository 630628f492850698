"""A deployment of its own for a benchmark: a folder, free ports, a write key. Only the public command line is used."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.machine import ROOT
from benchmarks.processes import CommandFailedError, Finished

WORK = ROOT / "benchmarks" / ".work"
"""Scratch, on the disk of the checkout: a sync to a memory disk would cost nothing."""


class Deployment:
    """One home of RastUp. `fresh` removes what an earlier run has left there."""

    def __init__(self, name: str, *, fresh: bool = True) -> None:
        self.home = WORK / name
        if fresh:
            shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True, exist_ok=True)
        self.port, self.console_port = free_ports(2)

    @property
    def env(self) -> dict[str, str]:
        """The environment of its commands: a user's, whose Python keeps the byte code that it has compiled."""
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("RASTUP_", "PYTHON"))
        }
        return clean | {
            "RASTUP_HOME": str(self.home),
            "RASTUP_INGEST__PORT": str(self.port),
            "RASTUP_CONSOLE__PORT": str(self.console_port),
        }

    @property
    def collector_url(self) -> str:
        """Where events go."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def console_url(self) -> str:
        """Where people look."""
        return f"http://127.0.0.1:{self.console_port}"

    def command(self, *arguments: str) -> list[str]:
        """A `rastup` command of this environment."""
        return [sys.executable, "-m", "rastup", *arguments]

    def json(self, *arguments: str) -> Any:
        """What a command answers with `--output json`."""
        done = subprocess.run(
            self.command(*arguments, "--output", "json"),
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CommandFailedError(f"`rastup {' '.join(arguments[:3])}`: {done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def measured(self, *arguments: str) -> Finished:
        """Runs a command to its end and says what it took."""
        return processes.run_measured(self.command(*arguments), self.env)

    def write_key(self) -> str:
        """A new write key."""
        return str(self.json("keys", "create", "--source", "bench")["key"])

    @contextmanager
    def serving(self, *arguments: str, ready_path: str = "/health/ready") -> Iterator[int]:
        """A server command's process id, once the collector answers; stopped at the end of the block."""
        log = self.home.with_suffix(".log")
        with processes.running(self.command(*arguments), log, self.env, ROOT) as pid:
            wait_for(self.collector_url + ready_path, pid, log)
            yield pid

    def remove(self) -> None:
        """Frees its disk."""
        shutil.rmtree(self.home, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait_for(url: str, pid: int, log: Path, timeout_s: float = 60.0) -> None:
    """Returns once the address answers something else than 503.

    Raises:
        CommandFailedError: the server has ended or does not answer; with the end of its log.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and processes.tree(pid):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return
            time.sleep(0.05)
        except OSError:
            time.sleep(0.05)
    raise CommandFailedError(f"{url} does not answer: {log.read_text(errors='replace')[-2000:]}")
