"""`rastup ingest serve` under load."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.collector.base import Server, Stored, count, lines_below
from benchmarks.collector.bodies import Shape
from benchmarks.deployment import Deployment

WORKERS = 2


class Collector(Server):
    """The collector alone: nothing lands what it spools, so that the run's events can be counted afterwards."""

    name = "rastup"

    def __init__(self) -> None:
        self._deployment = Deployment("collector")
        self._spool = self._deployment.home / "spool"
        self.key = self._deployment.write_key()

    @contextmanager
    def running(self, shape: Shape) -> Iterator[tuple[int, str]]:  # noqa: ARG002  takes every shape as it is
        shutil.rmtree(self._spool, ignore_errors=True)
        with self._deployment.serving("ingest", "serve", "--workers", str(WORKERS)) as pid:
            yield pid, self._deployment.collector_url

    def stored(self) -> Stored:
        good, refused = [], 0
        for line in lines_below(self._spool, "*.ndjson*"):
            if line.startswith(b'{"_bad"'):
                refused += 1
            elif not line.startswith((b'{"_frame"', b'{"_meter"')):
                good.append(line)
        return count(good, refused)

    def close(self) -> None:
        self._deployment.remove()
