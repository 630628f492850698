"""What a run of models and checks came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class ModelRun:
    """One model of a run: `status` is success or error."""

    model: str
    status: str
    seconds: float
    rows: int | None
    message: str = ""


@dataclass(frozen=True)
class FailedCheck:
    """A check that refused the run: how many rows, some of them, and on which days they are."""

    check: str
    table: str
    failures: int
    days: tuple[str, ...]
    sample: tuple[dict[str, Any], ...]
    message: str


@dataclass(frozen=True)
class Outcome:
    """What building and checking came to."""

    models: tuple[ModelRun, ...] = ()
    failed: tuple[FailedCheck, ...] = ()
    checks_run: int = 0
    errors: tuple[str, ...] = field(default=())


def failed_check(
    connection: duckdb.DuckDBPyConnection, check: str, table: str, query: str, failures: int, message: str
) -> FailedCheck:
    """The failure with some of the rows that `query` finds, and the days that they are on."""
    sample = _sample(connection, query)
    days = sorted({str(row["dt"]) for row in sample if row.get("dt")})
    return FailedCheck(check, table, failures, tuple(days), tuple(sample), message)


def _sample(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    try:
        rows = connection.execute(f"select * from ({query}) limit {SAMPLE_ROWS}")
        names = [column[0] for column in rows.description]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in rows.fetchall()]
    except duckdb.Error:
        return []


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)[:200]
