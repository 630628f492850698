"""The first thing that anyone types: `make demo ARGS=--once`, here smaller, and its promise to start again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.drill.running import free_port

pytestmark = pytest.mark.slow


def _demo(home: Path) -> subprocess.CompletedProcess[str]:
    ports = ("--port", str(free_port()), "--console-port", str(free_port()))
    command = [
        sys.executable,
        "-m",
        "rastup",
        "--home",
        str(home),
        "up",
        "--demo",
        "--once",
        "--events",
        "6000",
        *ports,
    ]
    return subprocess.run(
        command, env=dict(os.environ), capture_output=True, text=True, timeout=170, stdin=subprocess.DEVNULL
    )


def test_the_demo_builds_checks_and_ends_with_0_and_again(tmp_path: Path) -> None:
    first = _demo(tmp_path / "home")
    assert first.returncode == 0, first.stderr
    assert "Traceback" not in first.stderr + first.stdout
    assert re.search(r"GMV [\d,]+", first.stdout)
    assert "all checks passed" in first.stderr
    second = _demo(tmp_path / "home")
    assert second.returncode == 0, second.stderr
    assert "simulating" not in second.stderr
