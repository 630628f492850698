"""The refused events of a deployment: read from the spool and from Bronze, with their states from the state database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select

from rastup.core.config import Settings
from rastup.core.errors import DamageFound, UsageError
from rastup.core.ids import ulid_time_ms
from rastup.ingest.quarantine.groups import Group, grouped
from rastup.ingest.quarantine.records import CLAIMED, MARK, BadRecord, Filters, parse
from rastup.ingest.spool.frames import read_frames_back
from rastup.ingest.spool.segments import list_segments, opened
from rastup.lake.bronze import BAD, unpack
from rastup.lake.ledger import LandedFile, files_of_days, is_known, newest_files
from rastup.lake.storage import NoSuchObject, ObjectStore, open_store
from rastup.state.database import open_state
from rastup.state.schema import quarantine

LEASE = "replay.lease"
"""Held by whoever changes what the quarantine says of its records."""
_ALL = 1 << 31
_IDS_AT_ONCE = 500


class Quarantine:
    """The quarantined records of one deployment."""

    def __init__(
        self, settings: Settings, *, engine: Engine | None = None, store: ObjectStore | None = None
    ) -> None:
        self._settings = settings
        self.engine = engine or open_state(settings.state_url)
        self._store = store or open_store(settings.bronze_url, settings.bronze)
        self._unread: dict[str, str] = {}
        """Why, by the file's path."""
        self._lines: dict[str, dict[int, tuple[int, int]]] = {}
        """How many lines of refused events are not as they should be, and of how many: by place and its frames' offsets."""

    @property
    def damaged(self) -> list[str]:
        """What could not be read so far, and so is missing in what was told: a sentence for each place."""
        sentences = list(self._unread.values())
        for place, counts in self._lines.items():
            odd, lines = (sum(of) for of in zip(*counts.values(), strict=True))
            if odd:
                sentences.append(
                    f"Of {place}, {odd} of {lines} lines of refused events are not as they should be."
                )
        return sentences

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
        damaged = "".join(f" It may be in a damaged file. {why}" for why in self.damaged)
        raise UsageError(
            f"there is no quarantined record {bad_id!r}; `rastup quarantine list` shows which there are.{damaged}"
        )

    def _batches(self, filters: Filters) -> Iterator[list[BadRecord]]:
        """Each record once: one that has just landed may still be in the spool."""
        seen: set[str] = set()
        for found in self._unlanded():
            seen.update(bad.id for bad in found)
            yield found
        for file in newest_files(self.engine, BAD, _ALL):
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
        yield from (self._of_file(f) for f in newest_files(self.engine, BAD, _ALL) if f.dt != likely)

    def _unlanded(self) -> Iterator[list[BadRecord]]:
        for segment in reversed(list_segments(self._settings.home.spool)):
            try:
                with opened(segment) as file:
                    for frame in read_frames_back(file):
                        if MARK in frame.body:
                            place = f"the spool's stream {segment.stream}"
                            yield self._parsed(frame.body.splitlines(), place, frame.offset)
            except FileNotFoundError:  # it has just landed; the ledger knows it
                continue

    def _of_file(self, file: LandedFile) -> list[BadRecord]:
        try:
            return self._parsed(unpack(self._store.get(file.path), file.path), f"Bronze's file {file.path}")
        except DamageFound as error:
            self._unread[file.path] = str(error)
        except NoSuchObject:
            if is_known(self.engine, file.path):  # else retention has just removed it
                self._unread[file.path] = f"Bronze's file {file.path} is gone. Put it back from a copy."
        return []

    def _parsed(self, lines: Sequence[bytes], place: str, offset: int = 0) -> list[BadRecord]:
        found, odd = parse(reversed(lines))
        self._lines.setdefault(place, {})[offset] = odd, odd + len(found)
        return found

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


def _day_of(bad_id: str) -> str | None:
    try:
        moment = datetime.fromtimestamp(ulid_time_ms(bad_id.removeprefix("bad_")) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%d")
