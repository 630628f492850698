"""Which days differ: a multiset comparison in plain Python is the oracle."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.lake.difference import differing_days, differs

Row = tuple[dt.date | None, str | None, int | None]
DAYS = [dt.date(2026, 11, day) for day in (1, 2, 3)]
ROWS = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(["a", "b", "", None]), st.sampled_from([0, 1, None])),
    max_size=6,
)
COLUMNS = ("dt", "name", "n")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in ("fresh", "held"):
        connection.execute(f"create table {table} (dt date, name varchar, n bigint)")
    return connection


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    connection.execute(f"delete from {table}")
    if rows:
        connection.executemany(f"insert into {table} values (?, ?, ?)", rows)


@given(fresh=ROWS, held=ROWS, same=st.booleans())
def test_differing_days_are_those_whose_rows_differ_in_any_order(
    connection: duckdb.DuckDBPyConnection, fresh: list[Row], held: list[Row], same: bool
) -> None:
    held = sorted(fresh, key=repr) if same else held
    fill(connection, "fresh", fresh)
    fill(connection, "held", held)
    ours, theirs = Counter(fresh), Counter(held)
    expected = {row[0] for row in (ours - theirs) + (theirs - ours)}
    assert differing_days(connection, "fresh", "held", COLUMNS) == expected
    assert differs(connection, "fresh", "held", COLUMNS) == bool(expected)


def test_rows_that_differ_and_have_no_day_are_said_to_have_none(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    fill(connection, "fresh", [(None, "a", 1)])
    fill(connection, "held", [(None, "a", 2)])
    assert differing_days(connection, "fresh", "held", COLUMNS) is None
