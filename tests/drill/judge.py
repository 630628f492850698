"""The verdict of the fault drills: every acknowledged id once, with equal content, and nothing that was never sent.

In `silver.events` and in the facts: of the client's orders each event is one row of its fact.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from rastup.lake.reader import Reader, ReaderPool
from tests.drill.marketplace import FACTS
from tests.drill.running import Running
from tests.drill.sender import Ledger

KEPT = (*("event_id", "event", "v", "occurred_at", "anon_id", "user_id", "city", "ids", "payload", "money"),)


def judge(platform: Running, ledger: Ledger) -> dict[str, int]:
    """Compares the current release with what the client knows; returns the counts for the results."""
    pool = ReaderPool(platform.settings)
    try:
        reader = pool.pin()
        stored = _judge_events(reader, ledger)
        in_facts = sum(_judge_fact(reader, table, prefix, stored) for table, prefix in FACTS.items())
    finally:
        pool.close()
    return {
        "sent": len(ledger.sent),
        "acknowledged": len(ledger.acknowledged),
        "stored": len(stored),
        "in_facts": in_facts,
    }


def _judge_events(reader: Reader, ledger: Ledger) -> dict[str, dict[str, Any]]:
    rows = reader.query("select event_id, _raw from silver.events where source = 'drill'").to_pylist()
    stored: dict[str, dict[str, Any]] = {row["event_id"]: json.loads(row["_raw"]) for row in rows}
    twice = [i for i, count in Counter(row["event_id"] for row in rows).items() if count > 1]
    lost = ledger.acknowledged - stored.keys()
    invented = stored.keys() - ledger.sent.keys()
    different = [
        i for i, record in stored.items() if i in ledger.sent and _kept(record) != _kept(ledger.sent[i])
    ]
    assert not lost, f"{len(lost)} acknowledged events are lost, for example {sorted(lost)[:3]}"
    assert not twice, f"{len(twice)} events are there twice, for example {twice[:3]}"
    assert not invented, f"{len(invented)} events were never sent, for example {sorted(invented)[:3]}"
    assert not different, f"{len(different)} events changed, for example {different[:3]}"
    return stored


def _judge_fact(reader: Reader, table: str, prefix: str, stored: dict[str, dict[str, Any]]) -> int:
    expected = Counter(i for i, record in stored.items() if record["event"].startswith(prefix))
    found = Counter(reader.query(f"select event_id from {table}").column("event_id").to_pylist())
    missing, surplus = expected - found, found - expected
    assert not missing, f"{table} lacks {len(missing)} events, for example {sorted(missing)[:3]}"
    assert not surplus, f"{table} has {len(surplus)} rows too many, for example {sorted(surplus)[:3]}"
    return len(expected)


def _kept(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in KEPT}
