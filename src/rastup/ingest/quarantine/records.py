"""One refused event, as its `_bad` line tells of it, and which of them are meant."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from rastup.core.clock import canonical_time
from rastup.ingest.dialects import DIALECTS

OPEN, REPLAYED, REFUSED, CLAIMED = "open", "replayed", "refused", "claimed"
STATES = (OPEN, REPLAYED, REFUSED)
MARK = b'{"_bad":'
"""What the line of a refused event begins with."""
IDS = re.compile(r"bad_[0-9A-Z]{26}")
_ENCODINGS = ("utf8", "base64")
_ALWAYS = ("id", "received_at", "dialect", "code", "raw", "encoding")
_MAYBE = ("source", "env", "event", "path", "message")


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
        return b64decode(self.raw, validate=True) if self.encoding == "base64" else self.raw.encode()


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
                found.append(record_of(line))
            except ValueError:
                odd += 1
    return found, odd


def record_of(line: bytes) -> BadRecord:
    """The refused event that a `_bad` line tells of: with an id, a moment, text in every field, and bytes that can be had.

    Raises:
        ValueError: it tells of none.
    """
    try:
        bad = orjson.loads(line)["_bad"]
        told = {name: bad[name] for name in _ALWAYS} | {name: bad.get(name) for name in _MAYBE}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no refused event") from error
    record = BadRecord(**told)
    if not (
        all(isinstance(told[name], str) for name in _ALWAYS)
        and all(told[name] is None or isinstance(told[name], str) for name in _MAYBE)
        and IDS.fullmatch(record.id)
        and canonical_time(record.received_at) == record.received_at
        and record.dialect in DIALECTS
        and record.encoding in _ENCODINGS
    ):
        raise ValueError("no refused event")
    record.original  # noqa: B018  raises when the bytes cannot be had
    return record
