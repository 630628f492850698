"""What the engine answers as Python has it."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa


def records(rows: pa.Table) -> list[dict[str, Any]]:
    """One mapping a row. A value that Python cannot hold (infinity, the years before 1 and after 9999, nanoseconds) is
    text, as the engine writes it; a list or struct that contains one too.
    """
    columns = [_values(column) for column in rows.columns]
    return [dict(zip(rows.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pa.ChunkedArray) -> list[Any]:
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except (OverflowError, ValueError):
        return [_value(value, text) for value, text in zip(column, _texts(column), strict=True)]


def _value(value: pa.Scalar, text: str) -> Any:
    try:
        return value.as_py(maps_as_pydicts="lossy")
    except (OverflowError, ValueError):
        return text


def _texts(column: pa.ChunkedArray) -> list[str]:
    with duckdb.connect() as session:
        session.execute("set timezone = 'UTC'")
        rows = session.from_arrow(pa.table({"value": column}))
        return [text for (text,) in rows.project("cast(value as varchar)").fetchall()]
