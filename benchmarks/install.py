"""Guards what a newcomer waits for: a fresh environment from a warm package cache, and the disk that it takes.

Budget: at most 60 s and 650 MB, byte code included.
Run: `python -m benchmarks install`.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks.deployment import WORK
from benchmarks.machine import ROOT
from benchmarks.processes import run_measured
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result

INSTALL_S = 60.0
DISK_MB = 650.0
LARGEST = 12


def run(options: Options, say: Say) -> Result:  # noqa: ARG001  there is nothing to shorten
    """Makes the environment as `make demo` does, with the Makefile's own recipe, in a copy of the checkout."""
    copy = WORK / "install"
    shutil.rmtree(copy, ignore_errors=True)
    _copy_checkout(copy)
    try:
        say("filling the package cache")
        _make(copy)
        say("installing with a warm cache")
        shutil.rmtree(copy / ".venv")
        seconds = _make(copy)
        packages = copy / ".venv" / "lib"
        sizes = {
            entry.name: disk_mb(entry) for entry in next(packages.glob("python*/site-packages")).iterdir()
        }
        largest = sorted(sizes.items(), key=lambda item: -item[1])[:LARGEST]
        total = disk_mb(copy / ".venv")
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    figures = (
        Figure("install with a warm cache", seconds, "s", at_most=INSTALL_S),
        Figure("core environment on disk", total, "MB", at_most=DISK_MB),
    )
    return Result(figures, {"largest_mb": {name: round(size, 1) for name, size in largest}})


def _copy_checkout(target: Path) -> None:
    """Everything but what is made: environments, caches, scratch."""
    ignored = shutil.ignore_patterns(".venv", ".git", ".rastup", ".work", ".*_cache", "__pycache__", "target")
    shutil.copytree(ROOT, target, ignore=ignored)


def _make(folder: Path) -> float:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return run_measured(
        ["make", "-C", str(folder), f"PYTHON={_base_python()}", ".venv/.core-stamp"], env
    ).seconds


def _base_python() -> str:
    """The interpreter that this environment was made from."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def disk_mb(path: Path) -> float:
    """Disk taken by a file or folder, in blocks as `du` counts it."""
    if path.is_symlink() or path.is_file():
        return path.lstat().st_blocks * 512 / 1e6
    total = 0
    for folder, _, names in os.walk(path):
        total += sum(os.lstat(Path(folder) / name).st_blocks for name in names)
    return total * 512 / 1e6
