"""Rebuilding from Bronze equals the incremental result, over shuffled, late and duplicated batches."""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.drill

EVENTS = int(os.environ.get("DRILL_EVENTS", "40000"))
BATCHES = 6
TABLES = (
    *("silver.events", "silver.fact_search_impressions", "silver.fact_search_clicks", "silver.fact_views"),
    *("silver.fact_booking_legs", "silver.fact_payments", "silver.fact_refunds", "silver.fact_payouts"),
    *("gold.kpi_gmv_daily", "gold.kpi_take_rate", "gold.kpi_cancellations", "gold.kpi_refunds"),
    *("gold.kpi_refunds_by_reason", "gold.fact_orders"),
)


def _rastup(home: Path, *arguments: str) -> str:
    environ = {**os.environ, "RASTUP_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "rastup", *arguments], env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _digests(home: Path) -> dict[str, Any]:
    """For each table the number of rows and an order-free digest of all columns but those that name the run."""
    found = {}
    for table in TABLES:
        columns = json.loads(_rastup(home, "sql", f"describe {table}", "--output", "json"))
        names = ", ".join(f'"{c["column_name"]}"' for c in columns if c["column_name"] != "_run_id")
        query = f"select count(*) as n, coalesce(sum(hash({names})::hugeint % 1000000007), 0)::bigint as digest from {table}"
        found[table] = json.loads(_rastup(home, "sql", query, "--output", "json"))[0]
    return found


def test_a_rebuild_equals_the_incremental_result(tmp_path: Path) -> None:
    history = tmp_path / "history.ndjson.gz"
    _rastup(
        tmp_path,
        "sim",
        "history",
        "--days",
        "12",
        "--events",
        str(EVENTS),
        "--seed",
        "11",
        "--out",
        str(history),
    )
    lines = gzip.decompress(history.read_bytes()).splitlines(keepends=True)
    rng = random.Random(3)
    rng.shuffle(lines)
    home = tmp_path / "incremental"
    for index in range(BATCHES):
        batch = lines[index::BATCHES] + rng.sample(lines, len(lines) // 20)
        file = tmp_path / f"batch{index}.ndjson"
        file.write_bytes(b"".join(batch))
        _rastup(home, "import", str(file))
        _rastup(home, "pipeline", "run")
    incremental = _digests(home)
    _rastup(home, "pipeline", "run", "--full-refresh")
    assert _digests(home) == incremental
    whole = tmp_path / "whole"
    _rastup(whole, "import", str(history))
    _rastup(whole, "pipeline", "run")
    assert _digests(whole) == incremental
