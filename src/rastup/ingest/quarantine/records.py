"""One refused event, as its `_bad` line tells of it, and which of them are meant."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from rastup.ingest.dialects import DIALECTS

OPEN, REPLAYED, REFUSED, CLAIMED = "open", "replayed", "refused", "claimed"
STATES = (OPEN, REPLAYED, REFUSED)
MARK = b'{"_bad":'
"""What the line of a refused event begins with."""


@dataclass(frozen=True)
class BadRecord:
    """One quarantined event. `state` is open, replayed, or refused (replayed and refused again, see `note`)."""

    id: str
    received_at: str
    source: str | None
    env: str | None
    dialect: str
    event: str | None
    code: str
    path: str | None
    message: str | None
    raw: str
    encoding: str
    state: str = OPEN
    event_id: str | None = None
    note: str | None = None
    repair_id: str | None = None

    @property
    def original(self) -> bytes:
        """The bytes that came in."""
        return b64decode(self.raw) if self.encoding == "base64" else self.raw.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Filters:
    """Which records are meant; None is any. `since` and `until` are RFC 3339 in UTC and include their moments."""

    code: str | None = None
    event: str | None = None
    source: str | None = None
    since: str | None = None
    state: str | None = None
    path: str | None = None
    until: str | None = None

    def accepts(self, bad: BadRecord) -> bool:
        """Whether the record is meant, its state aside."""
        return (
            self.code in (None, bad.code)
            and self.event in (None, bad.event)
            and self.source in (None, bad.source)
            and self.path in (None, bad.path)
            and (self.since is None or bad.received_at >= self.since)
            and (self.until is None or bad.received_at <= self.until)
        )


def parse(lines: Iterable[bytes]) -> tuple[list[BadRecord], int]:
    """The refused events among lines of Bronze or of the spool, and how many others only look like one.

    Those another program or a damaged disk has written.
    """
    found: list[BadRecord] = []
    odd = 0
    for line in lines:
        if line.startswith(MARK):
            try:
                found.append(_bad_record(orjson.loads(line)["_bad"]))
            except (ValueError, TypeError, KeyError, AttributeError):
                odd += 1
    return found, odd


def _bad_record(bad: dict[str, Any]) -> BadRecord:
    told = {name: bad[name] for name in _ALWAYS} | {name: bad.get(name) for name in _MAYBE}
    texts = [*(told[name] for name in _ALWAYS), *(told[name] for name in _MAYBE if told[name] is not None)]
    if not all(isinstance(text, str) for text in texts) or told["dialect"] not in DIALECTS:
        raise ValueError("no refused event")
    return BadRecord(**told)


_ALWAYS = ("id", "received_at", "dialect", "code", "raw", "encoding")
_MAYBE = ("source", "env", "event", "path", "message")
