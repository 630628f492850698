"""The oracle of the fault drills: a client that hands out ids, posts under load, and remembers what was acknowledged."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.drill.marketplace import Marketplace


@dataclass
class Ledger:
    """What the client knows: every record it ever sent, the ids that a 200 acknowledged, and how it was refused."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)
    refusals: list[tuple[str | None, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_sent(self, batch: list[dict[str, Any]]) -> None:
        """Before the request leaves."""
        with self._lock:
            self.sent.update((record["event_id"], record) for record in batch)

    def note_answer(self, answer: httpx.Response, seconds: float, batch: list[dict[str, Any]]) -> None:
        """After the answer; of a 503 its `Retry-After` and its code are kept."""
        with self._lock:
            self._count(str(answer.status_code))
            if answer.status_code == 200:
                self.acknowledged.update(record["event_id"] for record in batch)
                self.seconds.append(seconds)
            elif answer.status_code == 503:
                self.refusals.append((answer.headers.get("retry-after"), answer.json().get("code")))

    def note_failure(self, error: httpx.HTTPError) -> None:
        """What came instead of an answer."""
        with self._lock:
            self._count(type(error).__name__)

    def take(self, other: Ledger) -> None:
        """Takes what another client knows, as if both were one."""
        self.sent |= other.sent
        self.acknowledged |= other.acknowledged
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count

    def _count(self, status: str) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


class Senders:
    """Threads that post batches until told to stop; what fails is sent again as it was, like any SDK does."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        threads: int = 4,
        batch: int = 20,
        pause_s: float = 0.02,
        seed: int = 1,
        timeout_s: float = 10,
    ) -> None:
        self.ledger = Ledger()
        self._url, self._key, self._batch, self._pause_s, self._seed = url, key, batch, pause_s, seed
        self._timeout_s = timeout_s
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(i,)) for i in range(threads)]

    def __enter__(self) -> Senders:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, index: int) -> None:
        market = Marketplace(random.Random(self._seed * 1000 + index), f"s{self._seed}t{index}")
        headers = {"Authorization": f"Bearer {self._key}"}
        batch: list[dict[str, Any]] | None = None
        with httpx.Client(headers=headers, timeout=self._timeout_s) as client:
            while not self._stop.is_set():
                batch = batch or market.batch(self._batch)
                if self._post(client, batch):
                    batch = None
                    time.sleep(self._pause_s)
                else:
                    time.sleep(0.1)

    def _post(self, client: httpx.Client, batch: list[dict[str, Any]]) -> bool:
        self.ledger.note_sent(batch)
        started = time.monotonic()
        try:
            answer = client.post(f"{self._url}/collect", json=batch)
        except httpx.HTTPError as error:
            self.ledger.note_failure(error)
            return False
        self.ledger.note_answer(answer, time.monotonic() - started, batch)
        return answer.status_code == 200
