"""Sending events through the public endpoints, as any client would: batches, keep-alive, and patience when asked for it."""

from __future__ import annotations

import http.client
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Stop
from urllib.parse import urlsplit

import orjson

from rastup_sim.wire import Event

DOMAIN_BATCH, WEB_BATCH = 500, 50
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 10.0
TIMEOUT_S = 20.0
_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
_RETRIED = {408, 429, 500, 502, 503, 504}


class SendingRefusedError(Exception):
    """The collector will not take this whoever asks again: a wrong key, a wrong address, a request too large."""


@dataclass
class Sent:
    """What was sent so far, by the collector's answers."""

    requests: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    retries: int = 0

    @property
    def events(self) -> int:
        """All that were answered."""
        return self.accepted + self.duplicates + self.quarantined


class Sender:
    """One connection to a collector.

    Args:
        url: of the collector, for example http://127.0.0.1:8700.
        key: write key.
        stop: ends waiting for a collector that is away.
        on_wait: told why it waits, once each time it begins to.

    Raises:
        ValueError: the address is not one of HTTP.
    """

    def __init__(
        self, url: str, key: str, stop: Stop, on_wait: Callable[[str], None] = lambda _why: None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address such as http://127.0.0.1:8700")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._prefix = parts.path.rstrip("/")
        self._key = key
        self._stop = stop
        self._on_wait = on_wait
        self.sent = Sent()
        self.ends_at = math.inf
        """When waiting for a collector that takes nothing ends, by the monotonic clock."""
        self.waits_for: str | None = None
        """Why what was sent last has not been taken, None when it has."""

    def send(self, events: list[Event]) -> None:
        """Sends events, those of each dialect in its own way; returns when all are taken or `stop` is set.

        Raises:
            SendingRefusedError: the collector will not take them.
        """
        domain = [event.line for event in events if not event.is_web]
        web = [event.line for event in events if event.is_web]
        for start in range(0, len(domain), DOMAIN_BATCH):
            body = "\n".join(domain[start : start + DOMAIN_BATCH])
            self._post("/collect", "application/x-ndjson", body.encode())
        for start in range(0, len(web), WEB_BATCH):
            self._post(
                "/e", "application/json", ("[" + ",".join(web[start : start + WEB_BATCH]) + "]").encode()
            )

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _post(self, path: str, kind: str, body: bytes) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            status, answer, asked_s = self._try(path, kind, body)
            if status == 200:
                self._note(answer)
                self.waits_for = None
                return
            if status not in _RETRIED and status != 0:
                raise SendingRefusedError(
                    f"{path} answered {status}: {answer[:300].decode('utf-8', 'replace')}"
                )
            self._wait(wait_s if asked_s is None else asked_s, status, wait_s == FIRST_WAIT_S)
            if self._stop.is_set() or time.monotonic() >= self.ends_at:
                return
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _wait(self, wait_s: float, status: int, is_first: bool) -> None:
        self.sent.retries += 1
        self.waits_for = f"answered {status}" if status else "the collector cannot be reached"
        if is_first:
            self._on_wait(self.waits_for)
        self._stop.wait(min(wait_s, max(0.0, self.ends_at - time.monotonic())))

    def _try(self, path: str, kind: str, body: bytes) -> tuple[int, bytes, float | None]:
        """Status (0: no answer), body, and how long the collector asks to wait."""
        headers = {"authorization": f"Bearer {self._key}", "content-type": kind, "user-agent": _AGENT}
        self.sent.requests += 1
        try:
            self._connection.request("POST", self._prefix + path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b"", None
        asked = answer.getheader("retry-after")
        return answer.status, text, float(asked) if asked and asked.isdigit() else None

    def _note(self, answer: bytes) -> None:
        counts = orjson.loads(answer)
        self.sent.accepted += counts.get("accepted", 0)
        self.sent.duplicates += counts.get("duplicates", 0)
        self.sent.quarantined += counts.get("quarantined", 0)


def now_ms() -> int:
    """This moment."""
    return time.time_ns() // 1_000_000
