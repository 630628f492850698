"""Runs that compute only what they touch, against the plain-Python oracle over everything that has come in so far.

One hostile world arrives in many small parts, in no order: an event may belong to an order that was built days ago, link
two that had nothing to do with each other, or be a visit that makes a buyer known earlier.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.golden.oracle import GOLD, SILVER, Oracle
from tests.golden.records import Record
from tests.golden.worlds import World
from tests.integration.deployment import Deployment

from rastup.lake.spec import ModelSpec
from rastup.lake.touched import Touched

pytestmark = pytest.mark.slow

PARTS, PART = 6, 4
TABLES = [f"{schema}.{name}" for schema, names in (("silver", SILVER), ("gold", GOLD)) for name in names]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path)
    yield deployment
    deployment.close()


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each run so far, whether it computed everything."""
    found: list[bool] = []
    find = Touched.find

    def noted(touched: Touched, linking: ModelSpec, fresh: str) -> None:
        find(touched, linking, fresh)
        found.append(touched.is_all)

    monkeypatch.setattr(Touched, "find", noted)
    return found


def bronze(lake: Deployment) -> list[bytes]:
    """Every landed line, read by Python's gzip."""
    files = lake.settings.home.bronze.glob("events/**/*.json.gz")
    return [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]


def comparable(rows: list[Record]) -> Counter[tuple[tuple[str, Any], ...]]:
    """Rows as they can be counted."""
    return Counter(tuple(sorted((name, _plain(value)) for name, value in row.items())) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


def worlds(now: dt.datetime) -> list[Record]:
    """Eight worlds that have nothing in common: no order, no leg and nobody."""
    found = []
    for number in range(8):
        records = World(number, now - dt.timedelta(days=12)).build(8, first=100 * number)
        found += [renamed(record, f"_{number}x") for record in records]
    return found


def renamed(record: Record, infix: str) -> Record:
    """The record with other users and devices."""
    text = json.dumps(record).replace('"usr_', f'"usr{infix}').replace('"an_', f'"an{infix}')
    renamed: Record = json.loads(text)
    return renamed


def test_small_parts_in_no_order_come_to_what_the_oracle_says(lake: Deployment, ways: list[bool]) -> None:
    records = worlds(dt.datetime.now(dt.UTC))
    random.Random(5).shuffle(records)
    rest = PARTS * PART
    lake.bring(records[rest:])
    lake.run()
    for part in range(PARTS):
        lake.bring(records[part * PART : (part + 1) * PART])
        lake.run()
        expected = Oracle(bronze(lake)).tables()
        for table, rows in lake.tables(TABLES).items():
            shown, theirs = comparable(rows), comparable(expected[table])
            assert shown == theirs, f"{table} after part {part}: {shown - theirs} instead of {theirs - shown}"
    assert ways[0], "the first run has everything to compute"
    assert ways[1:].count(False) > PARTS // 2, "hardly a run computed only what it touched"
