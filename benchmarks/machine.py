"""What a figure was measured on and with: without it the figure says nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("granian", "orjson", "jsonschema-rs", "duckdb", "pyiceberg", "pyarrow", "dbt-core", "dbt-duckdb")


def describe() -> dict[str, object]:
    """The machine, the moment, the commit and the versions of what carries the load."""
    return {
        "date_utc": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "commit": commit(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


def commit() -> str:
    """The commit of the checkout, with `+` when product files differ from it; `unknown` outside of one."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if not head:
        return "unknown"
    return head + ("+" if _git("status", "--porcelain", "--", "src", "transform", "contracts") else "")


def is_busy(share: float = 0.3, seconds: float = 1.0) -> bool:
    """Whether others use more than that share of the machine now, so that figures will be too low."""
    return psutil.cpu_percent(interval=seconds) > share * 100


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
