"""The full build, and the same by hand, taking turns."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import processes
from benchmarks.deployment import WORK, Deployment
from benchmarks.pipeline.equality import differences
from benchmarks.processes import Finished
from benchmarks.registry import Say
from benchmarks.results import Figure
from rastup.core.config import LakeConfig

TIMES_BY_HAND = 1.5
PEAK_MB = 4_000.0


class UnequalTablesError(RuntimeError):
    """The two did not do the same work, so their times mean nothing."""


@dataclass(frozen=True)
class Took:
    """One build."""

    seconds: float
    cpu_s: float
    peak_mb: float


def measure(deployment: Deployment, rounds: int, say: Say) -> tuple[list[Figure], dict[str, Any]]:
    """Builds everything from Bronze, both ways.

    Raises:
        UnequalTablesError: their tables are not the same.
    """
    out = WORK / "by-hand"
    ours: list[Took] = []
    by_hand: list[Took] = []
    for number in range(rounds):
        by_hand.append(_told(say, f"by hand {number + 1}/{rounds}", _by_hand(deployment, out)))
        build = deployment.measured("pipeline", "run", "--full-refresh")
        ours.append(_told(say, f"rastup {number + 1}/{rounds}", build))
    if unequal := differences(deployment, out):
        raise UnequalTablesError("; ".join(f"{table}: {how}" for table, how in unequal.items()))
    say("the tables of both are equal")
    shutil.rmtree(out)
    times = median(one.seconds for one in ours) / median(one.seconds for one in by_hand)
    figures = [
        Figure("full build", median(one.seconds for one in ours), "s"),
        Figure("full build by hand", median(one.seconds for one in by_hand), "s"),
        Figure("full build: times by hand", times, "x", at_most=TIMES_BY_HAND),
        Figure("full build: CPU", median(one.cpu_s for one in ours), "s"),
        Figure("full build by hand: CPU", median(one.cpu_s for one in by_hand), "s"),
        Figure("full build: peak memory", max(one.peak_mb for one in ours), "MB", at_most=PEAK_MB),
        Figure("full build by hand: peak memory", max(one.peak_mb for one in by_hand), "MB"),
    ]
    return figures, {"rastup": [asdict(one) for one in ours], "by_hand": [asdict(one) for one in by_hand]}


def _by_hand(deployment: Deployment, out: Path) -> Finished:
    memory = str(LakeConfig().engine_memory_mb)
    bronze = str(deployment.home / "bronze")
    command = [sys.executable, "-m", "benchmarks.pipeline.by_hand", bronze, str(out), memory]
    return processes.run_measured(command)


def _told(say: Say, what: str, done: Finished) -> Took:
    say(f"{what}: {done.seconds:.1f} s, {done.cpu_s:.1f} CPU-s, peak {done.peak_mb:,.0f} MB")
    return Took(round(done.seconds, 2), round(done.cpu_s, 2), round(done.peak_mb))
