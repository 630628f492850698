"""The oracle of the fault drills: a client that hands out ids, posts under load, and remembers what was acknowledged."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from rastup.core.ids import new_event_id


@dataclass
class Ledger:
    """What the client knows: every record it ever sent, and the ids that a 200 acknowledged."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_sent(self, batch: list[dict[str, Any]]) -> None:
        """Before the request leaves."""
        with self._lock:
            self.sent.update((record["event_id"], record) for record in batch)

    def note_answer(self, status: str, batch: list[dict[str, Any]]) -> None:
        """After the answer, or what came instead of one."""
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == "200":
                self.acknowledged.update(record["event_id"] for record in batch)


def make_batch(rng: random.Random, size: int) -> list[dict[str, Any]]:
    """Valid events of several kinds, each with content of its own."""
    now = datetime.now(UTC)
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    batch = []
    for _ in range(size):
        number = rng.randrange(10**9)
        kind = rng.choice(["search.query", "profile.view", "studio.view"])
        payload: dict[str, Any] = {
            "search.query": {"query_hash": f"{number:08x}", "results": number % 90},
            "profile.view": {"profile_id": f"srv_{number}", "verified": bool(number % 2)},
            "studio.view": {"studio_id": f"std_{number}"},
        }[kind]
        batch.append(
            {
                "event_id": new_event_id(int(now.timestamp() * 1000)),
                "event": kind,
                "v": 1,
                "occurred_at": moment,
                "anon_id": f"an_{number % 5000}",
                "city": rng.choice(["houston", "austin", "miami"]),
                "context": {"role": "guest"},
                "ids": {},
                "payload": payload,
            }
        )
    return batch


class Senders:
    """Threads that post batches until told to stop; what fails is sent again as it was, like any SDK does."""

    def __init__(
        self, url: str, key: str, *, threads: int = 4, batch: int = 20, pause_s: float = 0.02, seed: int = 1
    ) -> None:
        self.ledger = Ledger()
        self._url, self._key, self._batch, self._pause_s, self._seed = url, key, batch, pause_s, seed
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
        rng = random.Random(self._seed * 1000 + index)
        headers = {"Authorization": f"Bearer {self._key}"}
        client = httpx.Client(headers=headers, timeout=10)
        batch: list[dict[str, Any]] | None = None
        while not self._stop.is_set():
            batch = batch or make_batch(rng, self._batch)
            self.ledger.note_sent(batch)
            try:
                answer = client.post(f"{self._url}/collect", json=batch)
                status = str(answer.status_code)
            except httpx.HTTPError as error:
                status = type(error).__name__
            self.ledger.note_answer(status, batch)
            if status == "200":
                batch = None
                time.sleep(self._pause_s)
            else:
                time.sleep(0.1)
        client.close()
