"""De-duplication over all time: of the records with one event id the one received first stays, then the smaller bytes.

A batch is compared with itself and with the rows of `silver.events` that may hold its ids. These are found by the day
inside the ids: the table is partitioned by it (`id_dt`), so that a batch of today reads today's ids and not the lake.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MILLISECONDS = " + ".join(
    f"(strpos('{_BASE32}', substr(event_id, {5 + place}, 1)) - 1) * {32 ** (9 - place)}"
    for place in range(10)
)
_ULID_DAY = (
    "case when regexp_full_match(event_id, 'evt_[0-7][0-9A-HJKMNP-TV-Z]{25}') "
    f"then make_timestamp_ms({_MILLISECONDS})::date end"
)


@dataclass(frozen=True)
class Deduplicated:
    """The rows to write (`query`), the days that they replace, how many records were readable, and the newest's receipt."""

    query: str
    replaced: frozenset[date]
    read: int
    newest: datetime | None


class Deduplication:
    """One batch against one table.

    Args:
        connection: of the engine.
        staged: the relation with the batch's rows.
        table: the table that they go into.
        rebuilt: days whose old rows do not count, because the batches bring them anew.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, staged: str, table: str, rebuilt: Collection[date]
    ) -> None:
        self._connection = connection
        self._staged = staged
        self._table = table
        self._rebuilt = frozenset(rebuilt)

    def run(self) -> Deduplicated:
        """Reads the batch, drops what is there already, and finds the days that must be written again."""
        self._connection.execute(f"create or replace table staged.batch as select * from {self._staged}")
        read, newest = self._one("select count(*), max(received_at) from staged.batch")
        self._drop_own_duplicates()
        replaced = self._meet_the_table()
        query = "select * from staged.batch"
        kept = sorted(replaced - self._rebuilt)
        if kept:
            query = (
                f"(select * from {self._table} where {_among('dt', kept)} "
                f"and event_id not in (select event_id from staged.worse) union all by name {query})"
            )
            query = f"select * from {query}"
        return Deduplicated(query, frozenset(replaced), read, newest)

    def end(self) -> None:
        """Frees what `run` keeps; a batch of half a million events is 700 MB."""
        for name in ("batch", "known", "worse"):
            self._connection.execute(f"drop table if exists staged.{name}")

    def _drop_own_duplicates(self) -> None:
        self._connection.execute(
            """
            delete from staged.batch where rowid in (
                select id from (
                    select rowid as id, row_number() over (partition by event_id order by received_at, _raw) as place
                    from staged.batch
                    where event_id in (select event_id from staged.batch group by event_id having count(*) > 1)
                ) where place > 1
            )
            """
        )

    def _meet_the_table(self) -> set[date]:
        """Drops rows that the table holds as good or better; keeps in `staged.worse` the table's that must go."""
        days = self._days()
        where = f"({_among('id_dt', days)} or id_dt is null)" if days else "id_dt is null"
        if self._rebuilt:
            where += f" and not ({_among('dt', self._rebuilt)})"
        self._connection.execute(
            f"""
            create or replace table staged.known as
            select o.event_id, o.dt, o.received_at, b.rowid as id, o.received_at = b.received_at as is_tie
            from (select event_id, dt, received_at from {self._table} where {where}) as o
            join staged.batch as b using (event_id)
            """
        )
        self._connection.execute(
            """
            create or replace table staged.worse as
            select k.event_id, k.dt from staged.known as k join staged.batch as b on b.rowid = k.id
            where b.received_at < k.received_at
            """
        )
        self._settle_ties(where)
        self._connection.execute(
            "delete from staged.batch where rowid in (select id from staged.known) "
            "and event_id not in (select event_id from staged.worse)"
        )
        return {row[0] for row in self._connection.execute("select distinct dt from staged.worse").fetchall()}

    def _settle_ties(self, where: str) -> None:
        """Received in the same millisecond: the bytes decide. Read only here, because they are the widest column."""
        days = self._connection.execute("select distinct dt from staged.known where is_tie").fetchall()
        if not days:
            return
        self._connection.execute(
            f"""
            insert into staged.worse
            select o.event_id, o.dt
            from (select event_id, dt, _raw from {self._table} where {where} and {_among("dt", [d[0] for d in days])}) as o
            join staged.known as k on k.event_id = o.event_id and k.is_tie
            join staged.batch as b on b.rowid = k.id
            where b._raw < o._raw
            """
        )

    def _days(self) -> list[date]:
        """The days inside the batch's ids; `id_dt` is not enough, because a far day is kept as null.

        A day that no calendar has is in no partition: such ids are among those without a day.
        """
        rows = self._connection.execute(
            f"select distinct coalesce(id_dt, {_ULID_DAY}) as day from staged.batch "
            "where day between date '0001-01-01' and date '9999-12-31'"
        ).fetchall()
        return [row[0] for row in rows]

    def _one(self, query: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._connection.execute(query).fetchall()[0]
        return row


def _among(column: str, days: Collection[date]) -> str:
    """A predicate that prunes partitions: an interval, and the days in it."""
    ordered = sorted(days)
    listed = ", ".join(f"date '{day}'" for day in ordered)
    return f"{column} between date '{ordered[0]}' and date '{ordered[-1]}' and {column} in ({listed})"
