"""Guards what people see: seconds from an accepted event to its row in an operations view; and the memory of `rastup up`.

Budget: p95 at most 5 s at 10,000 events a minute and at most 10 s at 100,000, with the console open; resident memory of all
processes at most 600 MB idle and 1 GB at 10,000 events a minute, flat over an hour.
Run: `python -m benchmarks freshness [--minutes 3]`; `--minutes 60` for the hour.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import processes
from benchmarks.deployment import WORK, Deployment, wait_for
from benchmarks.freshness.browser import OpenConsole
from benchmarks.freshness.memory import MemoryLog
from benchmarks.freshness.probes import Probes
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result

HISTORY = ("--days", "30", "--events", "120000", "--seed", "7")
IDLE_S, QUICK_IDLE_S = 60.0, 20.0
WARM_UP_S = 15.0
LONGEST_FAST_MINUTES = 5.0
"""Of traffic at the higher rate: an hour of it would be a test of the disk."""

RATES = {10_000: (5.0, 1_000.0), 100_000: (10.0, None)}
"""Events a minute, and what is promised at that rate: p95 in seconds, resident megabytes."""

IDLE_MB = 600.0
FLAT_MB_PER_H = 50.0
SHORTEST_SLOPE_MINUTES = 20.0
"""A slope over less says nothing."""


def run(options: Options, say: Say) -> Result:
    """Starts everything on a lake with a month of history, and leaves it in peace; then sends."""
    minutes = options.minutes or (0.7 if options.is_quick else 3.0)
    deployment = Deployment("freshness")
    key = _with_history(deployment, say)
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    try:
        with deployment.serving("up") as pid:
            wait_for(deployment.console_url + "/health/live", pid, deployment.home.with_suffix(".log"))
            figures += _idle(pid, QUICK_IDLE_S if options.is_quick else IDLE_S, details, say)
            for rate, (p95_s, memory_mb) in RATES.items():
                long = minutes if rate == min(RATES) else min(minutes, LONGEST_FAST_MINUTES)
                figures += _loaded(deployment, pid, key, rate, long, p95_s, memory_mb, details, say)
    finally:
        if not options.keep:
            deployment.remove()
    return Result(tuple(figures), details)


def _with_history(deployment: Deployment, say: Say) -> str:
    say("a month of history")
    key = deployment.write_key()
    file = WORK / "freshness.ndjson.gz"
    deployment.json("sim", "history", *HISTORY, "--out", str(file))
    deployment.json("import", str(file))
    file.unlink()
    deployment.json("pipeline", "run")
    return key


def _idle(pid: int, seconds: float, details: dict[str, Any], say: Say) -> list[Figure]:
    say(f"idle for {seconds:.0f} s")
    time.sleep(10)  # its first refreshes
    with MemoryLog(pid) as memory:
        time.sleep(seconds)
    details["idle"] = {"memory": memory.story()}
    return [
        Figure("idle: resident memory", memory.peak_mb, "MB", at_most=IDLE_MB),
        Figure("idle: the same, each process by itself", memory.added_mb, "MB"),
        Figure("idle: CPU", memory.cpu_cores, "cores"),
    ]


def _loaded(
    deployment: Deployment,
    pid: int,
    key: str,
    rate: int,
    minutes: float,
    p95_s: float,
    memory_mb: float | None,
    details: dict[str, Any],
    say: Say,
) -> list[Figure]:
    say(f"{rate:,} events a minute for {minutes:g} min, the console open")
    sender = deployment.command("sim", "live", "--to", deployment.collector_url, "--key", key)
    sender += ["--rate", str(rate), "--catch-up", "0"]
    with processes.running(sender, WORK / "live.log", deployment.env):
        time.sleep(WARM_UP_S)
        with (
            OpenConsole(deployment.console_url) as console,
            MemoryLog(pid) as memory,
            Probes(deployment, key) as probes,
        ):
            time.sleep(minutes * 60)
    label = f"{rate:,}/min"
    lags = sorted(probes.lags_s)
    details[label] = {
        "probes": len(lags),
        "not_seen_at_the_end": probes.unseen,
        "lags_s": [round(lag, 2) for lag in lags],
        "views": probes.releases,
        "console_answers": len(console.seconds),
        "console_failures": len(console.failures),
        "console_failures_seen": sorted(set(console.failures))[:10],
        "console_p95_s": round(quantile(console.seconds, 0.95), 3),
        "memory": memory.story(),
    }
    figures = [
        Figure(f"{label}: accepted to visible, p50", quantile(lags, 0.5), "s"),
        Figure(f"{label}: accepted to visible, p95", quantile(lags, 0.95), "s", at_most=p95_s),
        Figure(f"{label}: a card of the console, p95", quantile(console.seconds, 0.95), "s"),
        Figure(f"{label}: resident memory", memory.peak_mb, "MB", at_most=memory_mb),
        Figure(f"{label}: the same, each process by itself", memory.added_mb, "MB"),
        Figure(f"{label}: CPU", memory.cpu_cores, "cores"),
    ]
    if minutes >= SHORTEST_SLOPE_MINUTES:
        growth = memory.growth_mb_per_h
        figures.append(Figure(f"{label}: growth in the second half", growth, "MB/h", at_most=FLAT_MB_PER_H))
    return figures


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of the values does not exceed; infinity of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf
