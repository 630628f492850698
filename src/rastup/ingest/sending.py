"""Sending files to a collector over HTTP, as any client would: in batches, and again when it says that it is busy."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import requests

from rastup.core.errors import Unavailable, UsageError
from rastup.ingest.dialects import WEB
from rastup.ingest.lines import read_lines
from rastup.ingest.readmission import dialect_of

BATCH_EVENTS = 500
BATCH_BYTES = 900_000
TRIES = 8
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0
TIMEOUT_S = 30.0
AGAIN = {408, 429, 500, 502, 503, 504}
REASONS_KEPT = 20


@dataclass
class Sent:
    """What a collector said. `reasons` are the most frequent ones for a quarantined event: code, path and message."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)


class Sender:
    """Sends to one collector.

    Args:
        url: its address, for example `http://127.0.0.1:8700`.
        key: a write key.
        on_progress: called after each batch.
    """

    def __init__(self, url: str, key: str, on_progress: Callable[[Sent], None] = lambda _sent: None) -> None:
        _require_address(url)
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {key}"
        self._on_progress = on_progress
        self.sent = Sent()

    def send(self, path: Path) -> None:
        """Sends a file of NDJSON, plain, gzip or Zstandard, in the domain or the web dialect.

        Raises:
            UsageError: the file cannot be read, the address is no collector's, or the key or a batch is refused.
            Unavailable: the collector does not answer.
        """
        for route, batch in _batches(path):
            answer = self._post(route, batch)
            try:
                self._note(orjson.loads(answer))
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(
                    f"{self._url}{route} answered 200, but not as a collector does; is --to its address?"
                ) from error
            self._on_progress(self.sent)

    def _post(self, route: str, batch: list[bytes]) -> bytes:
        wait_s, reason = FIRST_WAIT_S, ""
        for _ in range(TRIES):
            try:
                answer = self._session.post(
                    self._url + route,
                    data=b"\n".join(batch),
                    headers={"Content-Type": "application/x-ndjson"},
                    timeout=TIMEOUT_S,
                )
            except requests.RequestException as error:
                reason = f"{type(error).__name__}"
            else:
                if answer.status_code == 200:
                    return answer.content
                reason = _said(answer)
                if answer.status_code not in AGAIN:
                    raise UsageError(f"{self._url}{route} refused the batch: {reason}")
                wait_s = max(wait_s, _retry_after(answer))
            time.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        raise Unavailable(
            f"{self._url}{route} did not take the batch after {TRIES} tries: {reason}. What it took before stays "
            "taken; send the file again: nothing counts twice."
        )

    def _note(self, answer: dict[str, Any]) -> None:
        self.sent.accepted += int(answer["accepted"])
        self.sent.duplicates += int(answer["duplicates"])
        self.sent.quarantined += int(answer["quarantined"])
        for result in answer["results"]:
            if result["status"] == "quarantined":
                self.sent.reasons[result["code"], result["path"], result["message"]] += 1


def _require_address(url: str) -> None:
    try:
        requests.Request("POST", url).prepare()
        is_address = url.startswith(("http://", "https://"))
    except (requests.RequestException, ValueError):
        is_address = False
    if not is_address:
        raise UsageError(f"--to {url[:200]!r} is not allowed; give an address such as http://127.0.0.1:8700.")


def _batches(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """The file's lines in batches that a request may hold, each for the route of its dialect."""
    waiting: dict[str, list[bytes]] = {}
    sizes: Counter[str] = Counter()
    for lines in read_lines(path):
        for line in lines:
            if not line.strip():
                continue
            route = _route(line)
            if sizes[route] + len(line) > BATCH_BYTES or len(waiting.get(route, ())) == BATCH_EVENTS:
                yield route, waiting.pop(route)
                sizes[route] = 0
            waiting.setdefault(route, []).append(line)
            sizes[route] += len(line) + 1
    yield from waiting.items()


def _route(line: bytes) -> str:
    try:
        return "/e" if dialect_of(orjson.loads(line)) == WEB else "/collect"
    except orjson.JSONDecodeError:
        return "/collect"  # the collector says what is wrong with it


def _said(answer: requests.Response) -> str:
    try:
        said = answer.json()
        return f"{answer.status_code} {said['code']}: {said['message']}"
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"


def _retry_after(answer: requests.Response) -> float:
    try:
        return min(float(answer.headers.get("Retry-After", 0)), LONGEST_WAIT_S)
    except ValueError:
        return 0.0
