"""Meters: what one worker took and refused, as `_meter` lines in the spool every second, and as Prometheus metrics.

Workers do not share memory. Each writes its totals beside the others' every second, and whichever worker is asked for
`/metrics` adds up those of the workers that live.
"""

from __future__ import annotations

import json
import os
import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from rastup.core.clock import Clock, rfc3339_ms, system_clock

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
OUTCOMES = ("accepted", "duplicates", "quarantined")
STALE_AFTER_S = 10.0

Place = tuple[str, str]
"""Source and environment."""


def has_workers(folder: Path) -> bool:
    """Whether a worker that publishes there lives."""
    return any(map(_is_fresh, folder.glob("*.json")))


class Meters:
    """The counts of one worker. `events` and `rejected` are kept twice: since the last line, and since the start."""

    def __init__(self, folder: Path, clock: Clock = system_clock) -> None:
        self._folder = folder
        self._clock = clock
        self._fresh: dict[Place, list[int]] = {}
        self._fresh_rejected: dict[Place, Counter[str]] = {}
        self._totals: Counter[tuple[str, ...]] = Counter()
        self._histogram = [0] * (len(BUCKETS_S) + 1)
        self._seconds = 0.0

    def took(self, place: Place, accepted: int, duplicates: int, quarantined: int) -> None:
        """Counts a request whose events are on disk."""
        counts = self._fresh.get(place)
        if counts is None:
            counts = self._fresh[place] = [0, 0, 0]
        counts[0] += accepted
        counts[1] += duplicates
        counts[2] += quarantined

    def ignored(self, place: Place, count: int) -> None:
        """Counts calls of SDKs of which, by rule, nothing is kept."""
        source, env = place
        self._totals["events", "ignored", source, env] += count

    def refused(self, place: Place, code: str, status: int) -> None:
        """Counts a request of which nothing was stored; without a key its place is `("unknown", "unknown")`."""
        self._fresh_rejected.setdefault(place, Counter())[code] += 1
        self._totals["requests", str(status)] += 1

    def webhook(self, provider: str, kind: str, outcome: str) -> None:
        """Counts a webhook: `kind` is a type that the provider's mapping knows, else `other`."""
        self._totals["webhooks", provider, kind, outcome] += 1

    def redirect(self, outcome: str) -> None:
        """Counts a request for a link."""
        self._totals["redirects", outcome] += 1

    def answered(self, seconds: float) -> None:
        """Counts an answer of 200 and how long its request took, the sync to disk included."""
        self._histogram[bisect_left(BUCKETS_S, seconds)] += 1
        self._seconds += seconds

    def drain(self) -> list[bytes]:
        """The `_meter` lines since the last call."""
        now = rfc3339_ms(self._clock())
        lines = []
        for place in self._fresh.keys() | self._fresh_rejected.keys():
            counts = dict(zip(OUTCOMES, self._fresh.get(place, (0, 0, 0)), strict=True))
            rejected = self._fresh_rejected.get(place, Counter())
            source, env = place
            meter = {"minute": f"{now[:16]}:00.000Z", "received_at": now, "source": source, "env": env}
            lines.append(orjson.dumps({"_meter": {**meter, **counts, "rejected": dict(rejected)}}) + b"\n")
            for outcome, count in counts.items():
                self._totals["events", outcome, source, env] += count
            for code, count in rejected.items():
                self._totals["rejected", code, source, env] += count
        self._fresh, self._fresh_rejected = {}, {}
        return lines

    def publish(self) -> None:
        """Writes this worker's totals where the others find them.

        Raises:
            OSError: the disk refused.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        note = {"totals": list(self._totals.items()), "histogram": self._histogram, "seconds": self._seconds}
        path = self._folder / f"{os.getpid()}.json"
        scratch = path.with_suffix(".tmp")
        scratch.write_text(json.dumps(note))
        scratch.replace(path)

    def everyones(self) -> dict[str, Any]:
        """Totals, histogram and seconds summed over the workers that live."""
        totals: Counter[tuple[str, ...]] = Counter()
        histogram, seconds = [0] * len(self._histogram), 0.0
        for path in self._folder.glob("*.json"):
            try:
                if not _is_fresh(path):
                    path.unlink()  # a worker that died; its counts end as any counter's do at a restart
                    continue
                note = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
            totals.update({tuple(key): value for key, value in note["totals"]})
            histogram = [a + b for a, b in zip(histogram, note["histogram"], strict=True)]
            seconds += note["seconds"]
        return {"totals": totals, "histogram": histogram, "seconds": seconds}


def _is_fresh(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime <= STALE_AFTER_S
    except FileNotFoundError:  # removed by another worker
        return False
