"""Deployments with a simulated history in Bronze."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.deployment import WORK, Deployment
from benchmarks.registry import Say

DAYS = 30
SEED = 7
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
"""Where the history ends: fixed, so that every run of the benchmark builds the same lake."""


def lake_of(events: int, *, keep: bool, say: Say) -> Deployment:
    """A deployment with about that many events of 30 days landed; an earlier run's when `keep` and it is there."""
    mark = WORK / f"lake-{events}.json"
    if keep and mark.is_file():
        return Deployment(f"lake-{events}", fresh=False)
    mark.unlink(missing_ok=True)
    deployment = Deployment(f"lake-{events}")
    say(f"simulating {events:,} events of {DAYS} days")
    file = history(deployment, events, DAYS, UNTIL, SEED)
    say("importing them")
    tally = deployment.json("import", str(file))
    file.unlink()
    mark.write_text(json.dumps(tally))
    return deployment


def land_more(deployment: Deployment, events: int, number: int) -> int:
    """Lands about that many new events that arrive now, all within the hour; how many it were."""
    until = UNTIL + timedelta(days=number + 1)
    # Another seed each time: a lake that was kept must not be given what it has.
    file = history(deployment, events, 1, until, time.time_ns() % 2**31)
    accepted = int(deployment.json("import", str(file), "--received-at", "now")["accepted"])
    file.unlink()
    return accepted


def history(deployment: Deployment, events: int, days: float, until: datetime, seed: int) -> Path:
    """A history as a file."""
    file = WORK / f"history-{events}.ndjson.gz"
    size = ("--events", str(events), "--days", str(days), "--seed", str(seed))
    deployment.json("sim", "history", *size, "--until", until.isoformat(), "--out", str(file))
    return file
