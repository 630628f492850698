"""wrk: the load generator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import CommandFailedError

SCRIPT = Path(__file__).with_name("load.lua")
THREADS = 2


@dataclass(frozen=True)
class Load:
    """How one run of wrk went, seen from the clients."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    socket_errors: int
    status_errors: int


def missing() -> str | None:
    """Why there can be no load, or None."""
    return None if shutil.which("wrk") else "wrk is not installed (Debian: `apt-get install wrk`)"


def drive(url: str, requests: Path, *, connections: int, seconds: int, skip: int = 0) -> Load:
    """Sends as fast as the server answers.

    Args:
        url: of the server.
        requests: folder that `bodies.write_requests` filled.
        connections: kept open, one request at a time on each.
        seconds: how long.
        skip: packed requests of each thread that were sent before.
    """
    command = [
        "wrk",
        f"-t{THREADS}",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "-s",
        str(SCRIPT),
        url,
    ]
    env = os.environ | {"REQUESTS": str(requests), "SKIP": str(skip)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    found = re.search(r"^SUMMARY (\{.*\})$", done.stdout, re.MULTILINE)
    if done.returncode != 0 or found is None:
        raise CommandFailedError(f"wrk: {done.stdout[-500:]} {done.stderr[-500:]}")
    return Load(**json.loads(found[1]))
