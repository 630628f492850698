"""`live.tail_events`, `live.tail_meter` and `live.refreshes`: what the operations views read beside the last release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from rastup.core.config import Settings
from rastup.lake.batches import lines_of
from rastup.lake.deduplication import Deduplication
from rastup.lake.engine import engine_path, quoted_list
from rastup.lake.ledger import LandedFile
from rastup.lake.project import EVENTS
from rastup.lake.session import NO_LINES
from rastup.lake.unreleased import TailSegment, Unreleased

_METER = (
    '{"_meter":{"minute":"TIMESTAMPTZ","received_at":"TIMESTAMPTZ","source":"VARCHAR","env":"VARCHAR",'
    '"accepted":"BIGINT","duplicates":"BIGINT","quarantined":"BIGINT","rejected":"MAP(VARCHAR,BIGINT)"}}'
)


@dataclass(frozen=True)
class Refresh:
    """What was received until `as_of` could be seen from `visible_at` on."""

    as_of: datetime
    visible_at: datetime


class LiveTables:
    """Fills the tables from files.

    Args:
        settings: of the deployment.
        events_query: what `events` makes of `bronze.batch`.
    """

    def __init__(self, settings: Settings, events_query: str) -> None:
        self._root = engine_path(settings.bronze_url)
        self._events_query = events_query
        self._unreleased: Unreleased | None = None

    def show(
        self,
        connection: duckdb.DuckDBPyConnection,
        landed: Sequence[LandedFile],
        meters: Sequence[LandedFile],
        segments: Sequence[TailSegment],
    ) -> None:
        """Reads landed event files, landed meter files and un-landed segments.

        Raises:
            FileNotFoundError: a segment was sealed or has landed since it was listed.
            duckdb.IOException: a landed file cannot be read.
        """
        if self._unreleased is None:
            self._unreleased = Unreleased(connection, self._events_query, self._path)
        self._unreleased.look(landed, segments)
        self._events(connection)
        self._meters(connection, [self._path(file) for file in meters], self._unreleased.meter_lines)

    def show_refreshes(self, connection: duckdb.DuckDBPyConnection, refreshes: Sequence[Refresh]) -> None:
        """Shows when the operations views were refreshed, the running refresh included."""
        columns = [[r.as_of for r in refreshes], [r.visible_at for r in refreshes]]
        connection.execute(
            "create or replace table live.refreshes as "
            "select unnest(?::timestamptz[]) as as_of, unnest(?::timestamptz[]) as visible_at",
            columns,
        )

    def _events(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "create or replace view staged.tail as select * exclude (group_no) from live.unreleased"
        )
        deduplication = Deduplication(connection, "staged.tail", EVENTS, ())
        deduplication.run()
        connection.execute(
            "create or replace table live.tail_events as select * from staged.batch "
            "where event_id not in (select event_id from staged.worse)"
        )
        deduplication.end()

    def _meters(self, connection: duckdb.DuckDBPyConnection, landed: list[str], spooled: list[bytes]) -> None:
        """Landed meter files are read once and kept, because they are many and small."""
        connection.execute(
            "create table if not exists live.landed_meter as "
            f"select ''::varchar as path, {_meter_columns()} from {_lines([])}"
        )
        known = {
            row[0] for row in connection.execute("select distinct path from live.landed_meter").fetchall()
        }
        if known - set(landed):
            # Written anew: a database in memory never gives back the room of deleted rows.
            connection.execute(
                "create or replace table live.landed_meter as select * from live.landed_meter "
                f"where list_contains({quoted_list(landed)}::varchar[], path)"
            )
        if fresh := [path for path in landed if path not in known]:
            connection.execute(
                f"insert into live.landed_meter select filename, {_meter_columns()} "
                f"from {lines_of(fresh, with_name=True)}"
            )
        lines = pa.table(
            {"line": pa.array([line.decode("utf-8", "replace") for line in spooled], pa.string())}
        )
        connection.register("meter_lines", lines)
        connection.execute(
            "create or replace table live.tail_meter as select * exclude (path) from live.landed_meter union all "
            f"select {_meter_columns()} from meter_lines where json_valid(line)"
        )
        connection.unregister("meter_lines")

    def _path(self, file: LandedFile) -> str:
        return f"{self._root}/{file.path}"


def _lines(paths: list[str]) -> str:
    return lines_of(paths) if paths else f"({NO_LINES})"


def _meter_columns() -> str:
    return f"unnest(json_transform(line, '{_METER}')._meter)"
