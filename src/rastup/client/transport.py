"""One batch over HTTP: gzip NDJSON to `/collect`, and what the collector said of it."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
import requests

from rastup.client.errors import Refused

AGAIN = {408, 425, 429}
"""And every 5xx: what a proxy in between answers is as little for good as what the collector does."""
TOO_LARGE = 413
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 30.0
SMALL_BYTES = 1_000
"""Below it, packing costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event that the collector kept in quarantine: why (`code`), where (`path`), and a sentence."""

    event_id: str
    code: str
    path: str
    message: str


class Interrupted(Exception):
    """The wait for another try was ended from outside."""


class Transport:
    """Posts batches to one collector.

    Args:
        url: its address, for example `http://127.0.0.1:8700`.
        key: a write key.
        timeout_s: for one answer.
        wait: waits that many seconds before another try; False means to give up instead.
    """

    def __init__(self, url: str, key: str, *, timeout_s: float, wait: Callable[[float], bool]) -> None:
        self._url = url.rstrip("/") + "/collect"
        self._timeout_s = timeout_s
        self._wait = wait
        self._session = requests.Session()
        self._session.headers.update(
            {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        )
        self.last_reason = ""

    def post(self, lines: Sequence[bytes]) -> list[Rejection]:
        """Sends a batch until the collector has it. Returns what it rejected.

        Raises:
            Refused: sending it again would not help; with `TOO_LARGE`, sending less of it may.
            Interrupted: `wait` said to give up.
        """
        wait_s = FIRST_WAIT_S
        body, packing = _body(lines)
        while True:
            try:
                # A redirected POST comes as a GET, without its events; an answer to that is none to them.
                answer = self._session.post(
                    self._url, data=body, headers=packing, timeout=self._timeout_s, allow_redirects=False
                )
            except requests.RequestException as error:
                self.last_reason, asked_s = type(error).__name__, 0.0
            else:
                if answer.status_code == 200:
                    self.last_reason = ""
                    return _rejections(answer.content)
                self.last_reason, asked_s = _said(answer), _retry_after(answer)
                if answer.status_code < 500 and answer.status_code not in AGAIN:
                    raise Refused(answer.status_code, self.last_reason)
            # Many clients come back from one outage: half of each wait is random, so that they do not come as one.
            if not self._wait(max(asked_s, wait_s * (0.5 + random.random() / 2))):  # noqa: S311 -- no secret is drawn
                raise Interrupted(self.last_reason)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def close(self) -> None:
        """Closes its connections."""
        self._session.close()


def _body(lines: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
    body = b"\n".join(lines)
    if len(body) < SMALL_BYTES:
        return body, {}
    return gzip.compress(body, 1), {"Content-Encoding": "gzip"}


def _rejections(content: bytes) -> list[Rejection]:
    try:
        results = orjson.loads(content)["results"]
        return [
            Rejection(str(r["event_id"]), r["code"], r["path"], r["message"])
            for r in results
            if r["status"] == "quarantined"
        ]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Refused(200, "its answer is not a collector's; is the address right?") from error


def _said(answer: requests.Response) -> str:
    if 300 <= answer.status_code < 400:
        place = answer.headers.get("Location", "another place")
        return f"the address leads to {place[:200]}; give the client the collector's own."
    try:
        said = orjson.loads(answer.content)
        return f"{said['code']}: {said['message']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"status {answer.status_code}"


def _retry_after(answer: requests.Response) -> float:
    try:
        return min(max(float(answer.headers.get("Retry-After", 0)), 0.0), LONGEST_WAIT_S)
    except ValueError:
        return 0.0
