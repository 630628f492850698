"""What a table computed again changes: mostly the newest days, at times nothing, so that what follows can be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb


def differs(connection: duckdb.DuckDBPyConnection, fresh: str, held: str, columns: Sequence[str]) -> bool:
    """Whether the two relations hold different rows."""
    digests = [
        connection.execute(f"select {_digest(columns)} from {relation}").fetchone()
        for relation in (fresh, held)
    ]
    return digests[0] != digests[1]


def differing_days(
    connection: duckdb.DuckDBPyConnection, fresh: str, held: str, columns: Sequence[str]
) -> set[date] | None:
    """The values of `dt` of which the two relations hold different rows; None when some of those rows have no day."""
    sides = [
        f"(select dt, [{_digest(columns)}] as rows from {relation} group by dt)" for relation in (fresh, held)
    ]
    found = connection.execute(
        f"select coalesce(a.dt, b.dt) from {sides[0]} as a full join {sides[1]} as b on a.dt is not distinct from b.dt "
        "where a.rows is distinct from b.rows"
    ).fetchall()
    days = {row[0] for row in found}
    return None if None in days else days


def _digest(columns: Sequence[str]) -> str:
    """Three numbers that tell sets of rows apart, whatever their order: not by proof, but to one in 2^64."""
    row = "hash(" + ", ".join(f'"{column}"' for column in columns) + ")"
    return f"count(*)::hugeint, coalesce(sum({row}), 0)::hugeint, coalesce(bit_xor({row}), 0)::hugeint"
