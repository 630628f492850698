"""Runs with nothing new and with a thousand new events: as a command, and in a process that lives."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.deployment import Deployment
from benchmarks.pipeline import in_process
from benchmarks.pipeline.lakes import land_more
from benchmarks.registry import Say

NEW_EVENTS = 1_000
Seconds = dict[str, float]


def measure(deployment: Deployment, repeats: int, say: Say) -> tuple[Seconds, dict[str, Any]]:
    """Median seconds of each kind of run on a lake that has a release; and every one of them."""
    deployment.measured("pipeline", "run")
    found: dict[str, list[float]] = {}
    for number in range(repeats):
        found.setdefault("nothing new", []).append(deployment.measured("pipeline", "run").seconds)
        land_more(deployment, NEW_EVENTS, number)
        found.setdefault("1 k new", []).append(deployment.measured("pipeline", "run").seconds)
    with in_process.loop(deployment) as loop:
        loop.run_s()
        for number in range(repeats, 2 * repeats):
            found.setdefault("nothing new, in a living process", []).append(loop.run_s())
            land_more(deployment, NEW_EVENTS, number)
            found.setdefault("1 k new, in a living process", []).append(loop.run_s())
    middle = {name: median(seconds) for name, seconds in found.items()}
    say(", ".join(f"{name}: {seconds:.2f} s" for name, seconds in middle.items()))
    return middle, {name: [round(one, 3) for one in seconds] for name, seconds in found.items()}
