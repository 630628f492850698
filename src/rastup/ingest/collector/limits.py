"""Rate limits: one token bucket a key and worker."""

from __future__ import annotations

import math
import time

from rastup.core.errors import Rejected
from rastup.ingest.keys import WriteKey

BURST_S = 2.0
"""A bucket holds what two seconds at its rate bring."""


class RateLimited(Rejected):
    """429; `retry_after_s` is when the same request would pass."""

    def __init__(self, key: WriteKey, retry_after_s: float) -> None:
        rate = key.rate_limit_events_per_s
        super().__init__(
            429, "EVENT_REJECTED_RATE_LIMIT", f"This key may send {rate} events a second; nothing was stored."
        )
        self.retry_after_s = max(1, math.ceil(retry_after_s))


class RateLimits:
    """The buckets of one worker; each worker grants its share of a key's rate."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: WriteKey, events: int, now: float | None = None) -> None:
        """Takes tokens for `events`.

        Raises:
            RateLimited: there are too few; nothing was taken.
        """
        now = time.monotonic() if now is None else now
        rate = key.rate_limit_events_per_s / self._workers
        # A batch larger than the bucket passes when the bucket is full, or it never could.
        capacity = max(rate * BURST_S, 1.0)
        tokens, at = self._buckets.get(key.key_id, (capacity, now))
        tokens = min(capacity, tokens + (now - at) * rate)
        needed = min(float(events), capacity)
        if tokens < needed:
            self._buckets[key.key_id] = (tokens, now)
            raise RateLimited(key, (needed - tokens) / rate)
        self._buckets[key.key_id] = (tokens - events, now)
