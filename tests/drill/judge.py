"""The verdict of the fault drills: every acknowledged id once, with equal content, and nothing that was never sent."""

from __future__ import annotations

import json
from typing import Any

from tests.drill.running import Running
from tests.drill.sender import Ledger

KEPT = ("event_id", "event", "v", "occurred_at", "anon_id", "city", "ids", "payload")


def judge(platform: Running, ledger: Ledger) -> dict[str, int]:
    """Compares `silver.events` with what the client knows; returns the counts for the results."""
    out = platform.home.parent / "silver.parquet"
    platform.rastup(
        "sql",
        "select event_id, _raw from silver.events where source = 'drill'",
        "--output",
        "parquet",
        "--out",
        str(out),
    )
    import pyarrow.parquet as pq

    stored: dict[str, dict[str, Any]] = {}
    twice = []
    for row in pq.read_table(out).to_pylist():
        if row["event_id"] in stored:
            twice.append(row["event_id"])
        stored[row["event_id"]] = json.loads(row["_raw"])
    lost = ledger.acknowledged - stored.keys()
    invented = stored.keys() - ledger.sent.keys()
    different = [
        i for i, record in stored.items() if i in ledger.sent and _kept(record) != _kept(ledger.sent[i])
    ]
    assert not lost, f"{len(lost)} acknowledged events are lost, for example {sorted(lost)[:3]}"
    assert not twice, f"{len(twice)} events are there twice, for example {twice[:3]}"
    assert not invented, f"{len(invented)} events were never sent, for example {sorted(invented)[:3]}"
    assert not different, f"{len(different)} events changed, for example {different[:3]}"
    return {"sent": len(ledger.sent), "acknowledged": len(ledger.acknowledged), "stored": len(stored)}


def _kept(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in KEPT}
