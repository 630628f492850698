"""Memory of a process tree over time."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from statistics import linear_regression

import psutil

from benchmarks import processes


@dataclass(frozen=True)
class Sample:
    """One look: seconds since the start, and megabytes.

    `resident_mb` counts a page that processes share once, `added_mb` in each of them; `parts` is each process by what it
    runs, added up.
    """

    at_s: float
    resident_mb: float
    added_mb: float
    parts: dict[str, float]


class MemoryLog:
    """Looks every few seconds while the block runs."""

    def __init__(self, pid: int, every_s: float = 2.0) -> None:
        self._pid = pid
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples: list[Sample] = []
        self.cpu_cores = 0.0

    def __enter__(self) -> MemoryLog:
        self._started, self._cpu_s = time.monotonic(), processes.cpu_seconds(self._pid)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        used = processes.cpu_seconds(self._pid) - self._cpu_s
        self.cpu_cores = used / (time.monotonic() - self._started)

    @property
    def peak_mb(self) -> float:
        """The highest resident memory."""
        return max(sample.resident_mb for sample in self.samples)

    @property
    def added_mb(self) -> float:
        """The highest sum of what each process has, shared pages counted in each."""
        return max(sample.added_mb for sample in self.samples)

    @property
    def growth_mb_per_h(self) -> float:
        """The slope of resident memory over the second half, when caches are warm."""
        half = self.samples[len(self.samples) // 2 :]
        if len(half) < 3:
            return 0.0
        return linear_regression([s.at_s for s in half], [s.resident_mb for s in half]).slope * 3600

    def story(self, most: int = 60) -> list[dict[str, object]]:
        """At most so many samples, evenly spread."""
        step = max(1, len(self.samples) // most)
        return [
            {"at_s": round(s.at_s), "resident_mb": round(s.resident_mb), "parts": s.parts}
            for s in self.samples[::step]
        ]

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            parts = _parts(self._pid)
            resident = processes.proportional_mb(self._pid)
            at_s = time.monotonic() - self._started
            self.samples.append(Sample(at_s, resident, sum(parts.values()), parts))


def _parts(pid: int) -> dict[str, float]:
    """Resident megabytes by command: `rastup ingest serve`, …, the workers of each with it."""
    parts: dict[str, float] = {}
    for process in processes.tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            name = _name(process)
            parts[name] = round(parts.get(name, 0.0) + process.memory_info().rss / 1e6, 1)
    return parts


def _name(process: psutil.Process) -> str:
    line = process.cmdline()
    if "rastup" in line:
        return " ".join(line[line.index("rastup") + 1 :][:2]) or "rastup"
    return process.name()
