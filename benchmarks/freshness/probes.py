"""Probes: events that can be told from all others in an operations view, and the moment at which each is seen there."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

from benchmarks.deployment import Deployment
from rastup.core.config import load
from rastup.lake.reader import ReaderPool

LOOK_S = 0.05
VIEW = "select city from nrt.ops_bookings_live where city like 'probe%'"
"""A probe is a checkout in a city of its own, so it is a row of its own."""


class Probes:
    """Sends a probe every second and looks into each new release of the views, in threads, while the block runs.

    Attributes:
        lags_s: for each probe that was seen, seconds from the answer of the collector to the first look that shows it.
    """

    def __init__(self, deployment: Deployment, key: str) -> None:
        self._url = deployment.collector_url + "/collect"
        self._key = key
        self._pool = ReaderPool(load(deployment.home), memory_mb=500)
        self._stop = threading.Event()
        self._waiting: dict[str, float] = {}
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._look)]
        self.lags_s: list[float] = []
        self.releases = 0

    @property
    def unseen(self) -> int:
        """Probes that wait to be seen."""
        return len(self._waiting)

    def __enter__(self) -> Probes:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._pool.close()

    def _send(self) -> None:
        start = time.time_ns() // 1_000_000
        for number in itertools.count():
            if self._stop.wait(1.0):
                return
            city = f"probe{start}x{number}"
            with contextlib.suppress(urllib.error.URLError, OSError):
                self._post(_checkout(city))
                with self._lock:
                    self._waiting[city] = time.monotonic()

    def _post(self, event: dict[str, object]) -> None:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url, json.dumps(event).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            counts = json.load(answer)
        if counts["accepted"] != 1:
            raise RuntimeError(f"the collector did not take a probe: {counts}")

    def _look(self) -> None:
        last = ""
        while not self._stop.wait(LOOK_S):
            reader = self._pool.pin()
            if reader.nrt is None or reader.nrt.release_id == last:
                continue
            last = reader.nrt.release_id
            seen = reader.query(VIEW).column("city").to_pylist()
            now = time.monotonic()
            self.releases += 1
            with self._lock:
                self.lags_s += [now - self._waiting.pop(city) for city in seen if city in self._waiting]


def _checkout(city: str) -> dict[str, object]:
    return {
        "event": "checkout.start",
        "v": 1,
        "occurred_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "anon_id": "an_probe",
        "city": city,
        "context": {"role": "guest"},
        "ids": {},
        "payload": {"order_id": f"lbg_{city}", "context": "person", "subtotal_cents": 10_000},
    }
