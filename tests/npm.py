"""Packages of npm for tests, installed into a folder of the test; without a Node the test is skipped, with a word."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

LONGEST_S = 90


def missing() -> str | None:
    """Why there is no Node, or None."""
    return None if shutil.which("node") and shutil.which("npm") else "node and npm are not installed"


def install(folder: Path, *packages: str) -> bool:
    """Whether they could be installed: there is a Node, and a registry to be reached."""
    if missing():
        return False
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
