"""Whole tables of a release in a number each, so that two lakes can be compared."""

from __future__ import annotations

from rastup.core.config import Settings
from rastup.lake.reader import Reader, ReaderPool

Digest = tuple[int, str]
"""The number of rows, and a sum over them that no order changes."""

MERGED = {
    "silver.int_identity_days": "select dt, env, identity_id, min(first_seen_at) as first_seen_at from {} group by all"
}
"""Tables of which the model says that each run adds rows of its own: what their rows come to is compared."""


def digests(settings: Settings) -> dict[str, Digest]:
    """Every Silver and Gold table of the current release, over all columns but the one that names the run."""
    pool = ReaderPool(settings)
    try:
        reader = pool.pin()
        return {table.name: _digest(reader, table.name) for table in reader.release.tables}
    finally:
        pool.close()


def _digest(reader: Reader, table: str) -> Digest:
    rows = f"({MERGED[table].format(table)})" if table in MERGED else table
    columns = reader.query(f"select * from {rows} limit 0").column_names
    row = ", ".join(f'"{name}"' for name in columns if name != "_run_id")
    query = f"select count(*) as n, coalesce(sum(hash({row})::hugeint), 0)::varchar as total from {rows}"
    [found] = reader.query(query).to_pylist()
    return int(found["n"]), str(found["total"])
