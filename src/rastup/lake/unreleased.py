"""Events that no release holds, read once: from the spool as they come in, and from Bronze when they have landed.

Rows are kept by the segment that they came from. A segment grows: each look reads what was added since the last one. When
it has landed, its rows are read again from Bronze, where every frame has been verified; when a release holds its files,
they go.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from rastup.lake.batches import lines_of
from rastup.lake.ledger import LandedFile

Origin = tuple[str, int]
"""Stream and first offset of a segment."""

_OTHER_LINES = (b'{"_frame":', b'{"_meter":', b'{"_bad":')
_METER = b'{"_meter":'


@dataclass(frozen=True)
class TailSegment:
    """A spool segment that has not landed, as far as the lake must know it."""

    stream: str
    first_offset: int
    path: Path

    @property
    def origin(self) -> Origin:
        """What tells it apart."""
        return self.stream, self.first_offset


@dataclass
class _Growing:
    """A segment as far as it has been read: to byte `end` of file `inode`, into the rows of `group`; lines of its meters."""

    group: int
    inode: int
    end: int = 0
    meters: list[bytes] = field(default_factory=list)


class Unreleased:
    """Keeps `live.unreleased`: the columns of `silver.events`, and `group_no`.

    Args:
        connection: of the engine, kept for as long as this is used.
        events_query: what `events` makes of `bronze.batch`.
        path_of: where the engine finds a landed file.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        events_query: str,
        path_of: Callable[[LandedFile], str],
    ) -> None:
        self._connection = connection
        self._query = events_query
        self._path_of = path_of
        self._numbers = itertools.count(1)
        self._growing: dict[Origin, _Growing] = {}
        self._landed: dict[int, frozenset[str]] = {}
        self._take_lines([])
        connection.execute(
            f"create or replace table live.unreleased as select 0 as group_no, * from ({events_query}) limit 0"
        )

    @property
    def meter_lines(self) -> list[bytes]:
        """The meters' lines of the segments."""
        return [line for growing in self._growing.values() for line in growing.meters]

    def look(self, landed: Sequence[LandedFile], segments: Sequence[TailSegment]) -> None:
        """Takes in what is new and lets go what a release holds.

        Raises:
            FileNotFoundError: a segment was sealed or has landed since it was listed.
            duckdb.IOException: a landed file cannot be read.
        """
        files = {file.path: file for file in landed}
        self._forget(files.keys(), {segment.origin for segment in segments})
        known = set().union(*self._landed.values())
        if fresh := [file for path, file in files.items() if path not in known]:
            self._add_landed(fresh)
        for segment in segments:
            self._add_grown(segment)

    def _forget(self, paths: Collection[str], origins: Collection[Origin]) -> None:
        gone = [number for number, held in self._landed.items() if not held <= set(paths)]
        self._landed = {number: held for number, held in self._landed.items() if number not in gone}
        landed = [origin for origin in self._growing if origin not in origins]
        gone += [self._growing.pop(origin).group for origin in landed]
        if gone:
            self._remove(gone)

    def _remove(self, groups: Iterable[int]) -> None:
        # Written anew: a database in memory never gives back the room of deleted rows.
        self._connection.execute(
            "create or replace table live.unreleased as "
            f"select * from live.unreleased where group_no not in ({', '.join(map(str, groups))})"
        )

    def _add_landed(self, files: Iterable[LandedFile]) -> None:
        paths = {file.path: self._path_of(file) for file in files}
        self._connection.execute(
            f"create or replace view bronze.batch as select line from {lines_of(paths.values())} where line is not null"
        )
        number = next(self._numbers)
        self._insert(number)
        self._landed[number] = frozenset(paths)

    def _add_grown(self, segment: TailSegment) -> None:
        growing = self._growing.get(segment.origin)
        with segment.path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if growing is not None and (stat.st_ino != growing.inode or stat.st_size < growing.end):
                # Its writer has cut it back, or begun it again: what was read is in no frame.
                self._remove([self._growing.pop(segment.origin).group])
                growing = None
            if growing is None:
                growing = self._growing[segment.origin] = _Growing(next(self._numbers), stat.st_ino)
            file.seek(growing.end)
            data = file.read()
        # The line that is being written now is not whole yet; it counts with the next look.
        data = data[: data.rfind(b"\n") + 1]
        lines = data.split(b"\n")[:-1]
        self._take_lines([line for line in lines if not line.startswith(_OTHER_LINES)])
        self._insert(growing.group)
        growing.meters += [line for line in lines if line.startswith(_METER)]
        growing.end += len(data)

    def _take_lines(self, lines: Sequence[bytes]) -> None:
        """Lets `bronze.batch` show these lines; one that is not UTF-8 is damage, which landing reports."""
        text = [line.decode("utf-8", "replace") for line in lines]
        self._connection.register("taken_lines", pa.table({"line": pa.array(text, pa.string())}))
        self._connection.execute("create or replace table staged.taken_lines as select line from taken_lines")
        self._connection.unregister("taken_lines")
        self._connection.execute(
            "create or replace view bronze.batch as select line from staged.taken_lines where json_valid(line)"
        )

    def _insert(self, group: int) -> None:
        self._connection.execute(f"insert into live.unreleased select {group}, * from ({self._query})")
