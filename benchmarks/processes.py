"""Processes under measurement: their CPU time and memory, children included."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """The process and everything below it, as it is now."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process tree so far; of children that have ended as well."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def resident_mb(pid: int) -> float:
    """Resident memory of a process tree. Pages that processes share count once for each."""
    return _summed(pid, "rss")


def proportional_mb(pid: int) -> float:
    """Memory of a process tree with shared pages divided among those that share them."""
    return _summed(pid, "pss")


def _summed(pid: int, kind: str) -> float:
    total = 0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            memory = process.memory_info() if kind == "rss" else process.memory_full_info()
            total += getattr(memory, kind)
    return total / 1e6


@dataclass(frozen=True)
class Finished:
    """A command that has ended: wall-clock seconds, CPU seconds, highest resident memory of its tree, its output."""

    seconds: float
    cpu_s: float
    peak_mb: float
    output: str


class CommandFailedError(RuntimeError):
    """A command under measurement ended with something else than 0."""


def run_measured(command: Sequence[str], env: Mapping[str, str] | None = None) -> Finished:
    """Runs a command to its end, looking at its memory 20 times a second.

    Raises:
        CommandFailedError: with the end of what it printed.
    """
    started = time.monotonic()
    before = _ended_children_s()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    peak = PeakMemory(process.pid)
    with peak:
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode != 0:
        raise CommandFailedError(
            f"`{' '.join(command[:6])}` ended with {process.returncode}: {output[-2000:]}"
        )
    return Finished(seconds, _ended_children_s() - before, peak.mb, output)


def _ended_children_s() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


class PeakMemory:
    """The highest resident memory of a process tree while the block runs."""

    def __init__(self, pid: int, every_s: float = 0.05) -> None:
        self._pid = pid
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.mb = 0.0

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(self._every_s):
            self.mb = max(self.mb, resident_mb(self._pid))


@contextlib.contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Iterator[int]:
    """A server's process id for as long as the block runs; then it is asked to end, and killed when it does not."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, env=env, cwd=cwd, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
