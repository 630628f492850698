"""Writing a query's rows as Parquet files below a table's location."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from rastup.core.errors import UsageError
from rastup.lake.engine import engine_path, one_line, quoted, table_url, unavailable

ROW_GROUP_ROWS = 40_960
"""Small enough that a rare event's rows share few row groups with others."""

_TARGET_BYTES = "256MB"


@dataclass(frozen=True)
class Written:
    """One file: where, how many rows, and its values of the partition columns."""

    url: str
    rows: int
    partition: dict[str, str | None]

    @property
    def day(self) -> date | None:
        """Its value of `dt` when it is partitioned by it."""
        value = self.partition.get("dt")
        return date.fromisoformat(value) if value else None


def write(
    connection: duckdb.DuckDBPyConnection, query: str, location: str, run_id: str, partition_by: Sequence[str]
) -> list[Written]:
    """Writes the query's rows; no rows give no files. Names start with the run's id, so that a failed run can be swept.

    Raises:
        UsageError: the query is wrong.
        StoreUnavailable: the files cannot be written.
    """
    target = f"{engine_path(location)}/data"
    if "://" not in target:
        Path(target).mkdir(parents=True, exist_ok=True)
    options = (
        f"format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS}, return_stats true, "
        f"overwrite_or_ignore true, filename_pattern '{run_id}-{{uuid}}', "
    )
    if partition_by:
        options += f"partition_by ({', '.join(partition_by)}), write_partition_columns true"
    else:
        options += f"file_size_bytes '{_TARGET_BYTES}'"
    try:
        rows = connection.execute(f"copy ({query}) to {quoted(target)} ({options})").fetchall()
    except (duckdb.IOException, duckdb.HTTPException) as error:
        raise unavailable(f"cannot write below {location}", error) from error
    except duckdb.Error as error:
        raise UsageError(one_line(error)) from error
    for row in rows:
        if not row[1] and "://" not in row[0]:
            Path(row[0]).unlink(missing_ok=True)  # without rows the engine still writes a file
    return [Written(table_url(row[0]), row[1], dict(row[5] or {})) for row in rows if row[1]]
