"""Quarantine: what was refused, with its original bytes, wherever it lies now (spool or Bronze), and what became of it."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine, select

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.errors import DamageFound, UsageError
from rastup.core.ids import ulid_time_ms
from rastup.ingest.dialects import DIALECTS
from rastup.ingest.spool.frames import read_frames_back
from rastup.ingest.spool.segments import list_segments, mapped
from rastup.lake.bronze import BAD, unpack
from rastup.lake.ledger import LandedFile, files_of_days, is_known, newest_files
from rastup.lake.storage import NoSuchObject, ObjectStore, open_store
from rastup.state.database import open_state
from rastup.state.schema import quarantine

OPEN, REPLAYED, REFUSED, CLAIMED = "open", "replayed", "refused", "claimed"
STATES = (OPEN, REPLAYED, REFUSED)
LEASE = "replay.lease"
"""Held by whoever changes what the quarantine says of its records."""
_ALL = 1 << 31
_IDS_AT_ONCE = 500
_EXAMPLES = 3
_MARK = b'{"_bad":'


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


@dataclass(frozen=True)
class Group:
    """Records that share code, event, path and source: how many, by state; when first and last; the newest ids."""

    code: str
    event: str | None
    path: str | None
    source: str | None
    states: Counter[str]
    first: str
    last: str
    message: str | None
    examples: tuple[str, ...]

    @property
    def records(self) -> int:
        """All of them."""
        return sum(self.states.values())


def grouped(records: Iterable[BadRecord]) -> list[Group]:
    """The records counted by code, event, path and source; most frequent first. Keeps no more than the groups."""
    groups: dict[tuple[str, str | None, str | None, str | None], _Growing] = {}
    for bad in records:
        key = (bad.code, bad.event, bad.path, bad.source)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Growing()
        group.add(bad)
    found = [group.made(key) for key, group in groups.items()]
    return sorted(found, key=lambda group: (-group.records, group.code, group.event or "", group.path or ""))


class _Growing:
    def __init__(self) -> None:
        self._states: Counter[str] = Counter()
        self._first, self._last = "\uffff", ""
        self._newest: list[BadRecord] = []

    def add(self, bad: BadRecord) -> None:
        self._states[bad.state] += 1
        self._first, self._last = min(self._first, bad.received_at), max(self._last, bad.received_at)
        if len(self._newest) < _EXAMPLES or bad.received_at > self._newest[-1].received_at:
            newest = sorted([*self._newest, bad], key=lambda one: one.received_at, reverse=True)
            self._newest = newest[:_EXAMPLES]

    def made(self, key: tuple[str, str | None, str | None, str | None]) -> Group:
        examples = tuple(bad.id for bad in self._newest)
        return Group(*key, self._states, self._first, self._last, self._newest[0].message, examples)


class Quarantine:
    """The quarantined records of one deployment.

    Attributes:
        damaged: files that could not be read so far, and so are missing in what was told: path and why.
    """

    def __init__(
        self, settings: Settings, *, engine: Engine | None = None, store: ObjectStore | None = None
    ) -> None:
        self._settings = settings
        self.engine = engine or open_state(settings.state_url)
        self._store = store or open_store(settings.bronze_url, settings.bronze)
        self.damaged: dict[str, str] = {}

    def records(self, filters: Filters, limit: int | None = None) -> Iterator[BadRecord]:
        """The records meant by the filters, un-landed ones first, then by hour, newest first; at most `limit`."""
        left = _ALL if limit is None else limit
        for batch in self._batches(filters):
            for bad in self._with_states(bad for bad in batch if filters.accepts(bad)):
                if filters.state in (None, bad.state):
                    if left <= 0:
                        return
                    left -= 1
                    yield bad

    def groups(self, filters: Filters) -> list[Group]:
        """The records meant by the filters in groups; most frequent first."""
        return grouped(self.records(filters))

    def get(self, bad_id: str) -> BadRecord:
        """One record.

        Raises:
            UsageError: there is none of that id.
        """
        for batch in self._near(bad_id):
            for bad in batch:
                if bad.id == bad_id:
                    return next(self._with_states([bad]))
        damaged = "".join(f" It may be in a damaged file. {why}" for why in self.damaged.values())
        raise UsageError(
            f"there is no quarantined record {bad_id!r}; `rastup quarantine list` shows which there are.{damaged}"
        )

    def _batches(self, filters: Filters) -> Iterator[list[BadRecord]]:
        """Each record once: one that has just landed may still be in the spool."""
        seen: set[str] = set()
        for found in self._unlanded():
            seen.update(bad.id for bad in found)
            yield found
        for file in newest_files(self.engine, [BAD], _ALL):
            if (filters.since and file.dt < filters.since[:10]) or (
                filters.until and file.dt > filters.until[:10]
            ):
                continue
            yield [bad for bad in self._of_file(file) if bad.id not in seen]

    def _near(self, bad_id: str) -> Iterator[list[BadRecord]]:
        yield from self._unlanded()
        likely = _day_of(bad_id)
        if likely:
            yield from map(self._of_file, files_of_days(self.engine, BAD, [likely]))
        yield from (self._of_file(f) for f in newest_files(self.engine, [BAD], _ALL) if f.dt != likely)

    def _unlanded(self) -> Iterator[list[BadRecord]]:
        for segment in reversed(list_segments(self._settings.home.spool)):
            try:
                with mapped(segment.path) as data:
                    for frame in read_frames_back(data):
                        if _MARK in frame.body:
                            yield _parse(reversed(frame.body.splitlines()))
            except FileNotFoundError:  # it has just landed; the ledger knows it
                continue

    def _of_file(self, file: LandedFile) -> list[BadRecord]:
        try:
            return _parse(reversed(unpack(self._store.get(file.path), file.path)))
        except DamageFound as error:
            self.damaged[file.path] = str(error)
        except (ValueError, TypeError, KeyError, AttributeError):
            self.damaged[file.path] = f"Bronze's file {file.path} holds something else than refused events."
        except NoSuchObject:
            if is_known(self.engine, file.path):  # else retention has just removed it
                self.damaged[file.path] = f"Bronze's file {file.path} is gone. Put it back from a copy."
        return []

    def _with_states(self, records: Iterable[BadRecord]) -> Iterator[BadRecord]:
        waiting = list(records)
        for start in range(0, len(waiting), _IDS_AT_ONCE):
            some = waiting[start : start + _IDS_AT_ONCE]
            marks = self._marks([bad.id for bad in some])
            for bad in some:
                mark = marks.get(bad.id)
                yield (
                    bad
                    # One that is claimed is open until it is known to be in the spool.
                    if mark is None or mark["state"] == CLAIMED
                    else replace(
                        bad,
                        state=mark["state"],
                        event_id=mark["event_id"],
                        note=mark["message"],
                        repair_id=mark["repair_id"],
                    )
                )

    def _marks(self, ids: list[str]) -> Mapping[str, Mapping[str, Any]]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(quarantine).where(quarantine.c.bad_id.in_(ids))).mappings()
            return {row["bad_id"]: dict(row) for row in rows}


def since_of(text: str | None, clock: Clock = system_clock) -> str | None:
    """A day, a moment or an age (`2026-11-06`, `2026-11-06T15:00Z`, `90m`, `24h`, `7d`) as RFC 3339 in UTC.

    Raises:
        UsageError: it is none of these.
    """
    if text is None:
        return None
    unit = {"m": 60, "h": 3_600, "d": 86_400}.get(text[-1:])
    try:
        if unit and text[:-1].isdigit():
            moment = datetime.fromtimestamp(clock().timestamp() - int(text[:-1]) * unit, UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=moment.tzinfo or UTC)
        return rfc3339_ms(moment)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"{text[:80]!r} is not a time; give a day (2026-11-06), a moment (2026-11-06T15:00Z) or an age (90m, 24h, 7d)."
        ) from error


def _parse(lines: Iterable[bytes]) -> list[BadRecord]:
    """The refused events among the lines.

    Raises:
        ValueError: one of them is none; another program or a damaged disk has written it.
    """
    return [_bad_record(orjson.loads(line)["_bad"]) for line in lines if line.startswith(_MARK)]


def _bad_record(bad: dict[str, Any]) -> BadRecord:
    told = {name: bad[name] for name in _ALWAYS} | {name: bad.get(name) for name in _MAYBE}
    texts = [*(told[name] for name in _ALWAYS), *(told[name] for name in _MAYBE if told[name] is not None)]
    if not all(isinstance(text, str) for text in texts) or told["dialect"] not in DIALECTS:
        raise ValueError("no refused event")
    return BadRecord(**told)


_ALWAYS = ("id", "received_at", "dialect", "code", "raw", "encoding")
_MAYBE = ("source", "env", "event", "path", "message")


def _day_of(bad_id: str) -> str | None:
    try:
        moment = datetime.fromtimestamp(ulid_time_ms(bad_id.removeprefix("bad_")) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%d")
