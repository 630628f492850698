"""The live tail: the newest events, read backwards from the spool's ends and, when those do not suffice, from Bronze."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Engine

from rastup.core.config import Settings
from rastup.core.errors import DamageFound, Unavailable
from rastup.ingest.quarantine.records import MARK, BadRecord, record_of
from rastup.ingest.spool.frames import read_frames_back
from rastup.ingest.spool.segments import Segment, list_segments, opened
from rastup.lake.bronze import BAD, EVENTS, unpack
from rastup.lake.ledger import newest_files
from rastup.lake.storage import NoSuchObject, ObjectStore, open_store
from rastup.state.database import open_state

ACCEPTED, QUARANTINED = "accepted", "quarantined"
_SPOOL_BUDGET_BYTES = 4_000_000
_SEARCH_BUDGET_BYTES = 64_000_000
"""Of the spool, for one look; more where a line is parsed only when it holds what is wanted."""
_BRONZE_FILES = 128
"""Of each kind, while there is room among the newest."""
_LANDED_SINCE = 1_000
"""Of each kind, of those that landed after the oldest of the newest came in: a few workers' segments, a file an event."""
_BRONZE_LINES = 200
_FILES_KEPT, _BYTES_KEPT = 512, 64_000_000
"""Of Bronze, for the next look."""
_KINDS = {None: (EVENTS, BAD), ACCEPTED: (EVENTS,), QUARANTINED: (BAD,)}


@dataclass(frozen=True)
class TailItem:
    """One event as it came in. `record` is the canonical record of an accepted one, `raw` the text of a refused one."""

    status: str
    received_at: str
    event: str | None
    event_id: str | None
    source: str | None
    env: str | None
    code: str | None = None
    path: str | None = None
    message: str | None = None
    record: Mapping[str, Any] | None = None
    raw: str | None = None


@dataclass(frozen=True)
class _Wanted:
    """What the caller filters by. `needles` must be in a line for it to be worth reading."""

    limit: int
    event: str | None
    source: str | None
    status: str | None
    event_id: str | None

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        told = (self.event, self.source, self.event_id)
        needles = tuple(orjson.dumps(text) for text in told if text is not None)
        return (*needles, MARK) if self.status == QUARANTINED else needles

    def accepts(self, item: TailItem) -> bool:
        return (
            self.event in (None, item.event)
            and self.source in (None, item.source)
            and self.status in (None, item.status)
            and self.event_id in (None, item.event_id)
        )


class _Newest:
    """The newest `limit` of what was added, an event once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: dict[str | None, TailItem] = {}
        self.floor = ""
        """What came in before this is not among them; empty while there is room."""

    def add(self, items: Iterable[TailItem]) -> None:
        for item in items:
            self._found.setdefault(item.event_id, item)
        kept = self.items
        self._found = {item.event_id: item for item in kept}
        self.floor = kept[-1].received_at if len(kept) == self._limit else ""

    @property
    def items(self) -> list[TailItem]:
        """Newest first."""
        return sorted(self._found.values(), key=lambda item: item.received_at, reverse=True)[: self._limit]


def latest(
    settings: Settings,
    *,
    limit: int,
    event: str | None = None,
    source: str | None = None,
    status: str | None = None,
    event_id: str | None = None,
    engine: Engine | None = None,
    store: ObjectStore | None = None,
) -> list[TailItem]:
    """The newest events by `received_at`, newest first.

    Looks at a bounded stretch of the spool and a bounded number of Bronze files, so a rare event that came in long
    ago may not be found: that is a question for the lake.

    Args:
        settings: of the deployment.
        limit: how many at most.
        event: only of this name.
        source: only from this source.
        status: only `accepted` or `quarantined`.
        event_id: only of this id.
        engine: the state database when the caller has it open.
        store: Bronze's store when the caller has it open.
    """
    wanted = _Wanted(limit, event, source, status, event_id)
    newest = _Newest(limit)
    newest.add(_unlanded(settings, wanted))
    engine = engine or open_state(settings.state_url)
    store = store or open_store(settings.bronze_url, settings.bronze)
    for kind in _KINDS.get(status, ()):
        _add_landed(newest, engine, store, kind, wanted)
    return newest.items


def _unlanded(settings: Settings, wanted: _Wanted) -> Iterator[TailItem]:
    streams = [list(group) for _, group in groupby(list_segments(settings.home.spool), lambda s: s.stream)]
    budget = (_SEARCH_BUDGET_BYTES if wanted.needles else _SPOOL_BUDGET_BYTES) // max(1, len(streams))
    for segments in streams:
        yield from _of_stream(reversed(segments), wanted, budget)


def _of_stream(segments: Iterable[Segment], wanted: _Wanted, budget: int) -> Iterator[TailItem]:
    left = wanted.limit
    for line in _lines_back(segments, wanted.needles, budget):
        item = _item(line)
        if item and wanted.accepts(item):
            yield item
            left -= 1
            if left <= 0:
                return


def _lines_back(segments: Iterable[Segment], needles: Sequence[bytes], budget: int) -> Iterator[bytes]:
    for segment in segments:
        try:
            with opened(segment) as file:
                for frame in read_frames_back(file):
                    if _holds(frame.body, needles):
                        yield from (
                            line for line in reversed(frame.body.splitlines()) if _holds(line, needles)
                        )
                    budget -= len(frame.body)
                    if budget <= 0:
                        return
        except FileNotFoundError:  # it has just landed; the ledger knows it
            continue


def _add_landed(newest: _Newest, engine: Engine, store: ObjectStore, kind: str, wanted: _Wanted) -> None:
    """Adds what landed of that kind and may be among the newest.

    Each of the collector's workers has a segment of its own and each lands when it is due: while one's newest events
    are still in the spool, those of another are in Bronze already, however many the spool holds.
    """
    event = wanted.event if kind == EVENTS else None
    since = newest.floor
    for file in newest_files(
        engine, kind, _LANDED_SINCE if since else _BRONZE_FILES, event=event, since=since
    ):
        if file.landed_at < newest.floor:  # so all that it holds came in before
            continue
        try:
            lines = _file_lines.get(store, file.path, wanted.needles)
        except (NoSuchObject, Unavailable, DamageFound):  # the tail shows what is there
            continue
        newest.add(item for item in map(_item, lines) if item and wanted.accepts(item))


class _FileLines:
    """The newest lines of Bronze's files, which never change: those asked for last are kept. Safe for threads."""

    def __init__(self, most_bytes: int = _BYTES_KEPT) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[ObjectStore, str, tuple[bytes, ...]], list[bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, store: ObjectStore, key: str, needles: tuple[bytes, ...]) -> list[bytes]:
        """The file's newest lines that hold all needles.

        Raises:
            DamageFound, NoSuchObject, Unavailable: the file cannot be read.
        """
        asked = store, key, needles
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
        lines = [line for line in unpack(store.get(key), key) if _holds(line, needles)][-_BRONZE_LINES:]
        with self._lock:
            if asked not in self._kept:
                self._kept[asked] = lines
                self._bytes += sum(map(len, lines))
            while len(self._kept) > _FILES_KEPT or self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= sum(map(len, oldest))
        return lines


_file_lines = _FileLines()


def _holds(text: bytes, needles: Sequence[bytes]) -> bool:
    return all(needle in text for needle in needles)


def _item(line: bytes) -> TailItem | None:
    try:
        if line.startswith(MARK):
            return _refused(record_of(line))
        record = orjson.loads(line)
        return None if "_meter" in record else _accepted(record)
    except (ValueError, KeyError, TypeError):
        return None


def _accepted(record: dict[str, Any]) -> TailItem:
    context = record["context"]
    return TailItem(
        ACCEPTED,
        record["received_at"],
        record["event"],
        record["event_id"],
        context.get("source"),
        context.get("env"),
        record=record,
    )


def _refused(bad: BadRecord) -> TailItem:
    return TailItem(
        QUARANTINED,
        bad.received_at,
        bad.event,
        bad.id,
        bad.source,
        bad.env,
        bad.code,
        bad.path,
        bad.message,
        raw=bad.raw,
    )
