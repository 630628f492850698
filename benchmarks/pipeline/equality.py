"""Whether the pipeline's tables and those made by hand hold the same rows: otherwise the two did not do the same work."""

from __future__ import annotations

from pathlib import Path

from benchmarks.deployment import Deployment
from rastup.core.config import load
from rastup.lake.reader import ReaderPool

TABLES = {
    "silver": (
        "events",
        "fact_search_impressions",
        "fact_search_clicks",
        "fact_views",
        "fact_booking_legs",
        "fact_booking_legs_latest",
        "fact_payments",
        "fact_refunds",
        "fact_payouts",
    ),
    "gold": (
        "kpi_gmv_daily",
        "kpi_take_rate",
        "kpi_cancellations",
        "kpi_refunds",
        "kpi_refunds_by_reason",
        "fact_orders",
    ),
}


def differences(deployment: Deployment, by_hand: Path) -> dict[str, str]:
    """For each table that differs: how."""
    found: dict[str, str] = {}
    pool = ReaderPool(load(deployment.home), memory_mb=2_000)
    try:
        reader = pool.pin()
        for schema, names in TABLES.items():
            for name in names:
                place = by_hand / name if (by_hand / name).is_dir() else by_hand / f"{name}.parquet"
                files = f"{place}/**/*.parquet" if place.is_dir() else str(place)
                mine, theirs = f"{schema}.{name}", f"read_parquet('{files}', hive_partitioning = false)"
                columns = _compared(reader.query(f"describe select * from {theirs}").to_pylist())
                digest = f"bit_xor(hash({columns}))"
                query = (
                    f"select a.rows as ours, b.rows as theirs, a.digest is not distinct from b.digest as same "
                    f"from (select count(*) as rows, {digest} as digest from {mine}) as a, "
                    f"(select count(*) as rows, {digest} as digest from {theirs}) as b"
                )
                row = reader.query(query).to_pylist()[0]
                if row["ours"] != row["theirs"] or not row["same"]:
                    found[f"{schema}.{name}"] = f"{row['ours']:,} rows, by hand {row['theirs']:,}"
    finally:
        pool.close()
    return found


def _compared(columns: list[dict[str, str]]) -> str:
    """The columns by name; maps as text in the order of their keys, which is nobody's promise."""
    return ", ".join(
        f"map_entries({c['column_name']}).list_sort()::varchar"
        if c["column_type"].startswith("MAP")
        else f"round({c['column_name']}, 9)"
        if c["column_type"] == "DOUBLE"
        else c["column_name"]
        for c in columns
    )
