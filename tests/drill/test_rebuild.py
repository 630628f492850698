"""Rebuilding from Bronze equals the incremental result, also of runs that compute only what they touch.

A history comes in most of it at once, then in many small parts: in the order of time, with late events, events again,
events again as they were received earlier or later, and parts in no order at all.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rastup.cli.main import cli
from rastup.lake.request import FULL, Request
from rastup.lake.spec import ModelSpec
from rastup.lake.touched import Touched
from tests.drill.tables import digests
from tests.integration.deployment import Deployment

pytestmark = pytest.mark.drill

EVENTS = int(os.environ.get("DRILL_EVENTS", "40000"))
PARTS = int(os.environ.get("DRILL_PARTS", "24"))
PART = 60
COMPARED_EVERY = 8
"""A rebuild after so many parts."""
Record = dict[str, Any]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each run that had anything to compute, whether it computed everything."""
    found: list[bool] = []
    find = Touched.find

    def noted(touched: Touched, linking: ModelSpec, fresh: str) -> None:
        find(touched, linking, fresh)
        found.append(touched.is_all)

    monkeypatch.setattr(Touched, "find", noted)
    return found


def history(folder: Path) -> list[Record]:
    """A simulated marketplace's events, in the order in which they were received; what is broken in it left out."""
    file = folder / "history.ndjson.gz"
    arguments = [
        "sim",
        "history",
        "--days",
        "12",
        "--events",
        str(EVENTS),
        "--seed",
        "11",
        "--out",
        str(file),
    ]
    cli.main(arguments, standalone_mode=False)
    records = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    whole = [record for record in records if {"event_id", "event", "received_at"} <= record.keys()]
    return sorted(whole, key=lambda record: str(record["received_at"]))


def parts(records: list[Record], rng: random.Random) -> Iterator[list[Record]]:
    """Most of it; small parts in time, with one event in five late and others again; every fifth part in no order."""
    most = len(records) - PARTS * PART
    late = rng.sample(range(most), PARTS * PART // 5)
    kept_back = [records[at] for at in late]
    held = set(late)
    yield [record for at, record in enumerate(records[:most]) if at not in held]
    rest = records[most:]
    shuffled = set(range(4, PARTS, 5))
    loose = [record for number in shuffled for record in rest[number * PART : (number + 1) * PART]]
    rng.shuffle(loose)
    for number in range(PARTS):
        in_time = rest[number * PART : (number + 1) * PART]
        part = [loose.pop() for _ in range(PART)] if number in shuffled else in_time
        part += [kept_back.pop() for _ in range(PART // 5)] + rng.sample(records[:most], PART // 6)
        part += [_received(record, hours=5) for record in rng.sample(records[:most], 3)]
        if number % 10 == 9:  # the one received first stays, also when it comes last
            part.append(_received(rng.choice(records[:most]), hours=-5))
        yield part


def _received(record: Record, *, hours: int) -> Record:
    moment = datetime.fromisoformat(record["received_at"].replace("Z", "+00:00")) + timedelta(hours=hours)
    return record | {"received_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def test_a_rebuild_equals_the_incremental_result(
    tmp_path: Path, ways: list[bool], record: Callable[..., None]
) -> None:
    records = history(tmp_path)
    lake = Deployment(tmp_path / "incremental")
    compared = 0
    for number, part in enumerate(parts(records, random.Random(3))):
        lake.bring(part)
        assert lake.run().state == "published"
        if number % COMPARED_EVERY == 0 or number == PARTS:
            incremental, rebuilt = digests(lake.settings), rebuild(lake, tmp_path / f"rebuilt{number}")
            assert incremental.keys() == rebuilt.keys()
            differing = {t: (found, rebuilt[t]) for t, found in incremental.items() if found != rebuilt[t]}
            assert differing == {}, (
                f"differs from the rebuild after part {number} ({ways.count(False)} by groups)"
            )
            compared += 1
    lake.close()
    rebuilds = compared  # each of them computed everything, as the first run did
    by_groups, everything = ways.count(False), ways.count(True) - rebuilds
    assert by_groups > PARTS // 2, f"hardly a run computed only what it touched: {ways}"
    assert everything > 1, f"after the first run none computed everything: {ways}"
    record(
        "rebuild",
        events=len(records),
        orders=incremental["gold.fact_orders"][0],
        runs={"by_groups": by_groups, "everything": everything},
        rebuilds=rebuilds,
        tables=len(rebuilt),
        rows=sum(rows for rows, _ in rebuilt.values()),
    )


def rebuild(lake: Deployment, folder: Path) -> dict[str, tuple[int, str]]:
    """The tables of another deployment that takes everything from the same Bronze files."""
    other = Deployment(folder, environ={"RASTUP_BRONZE__URL": lake.settings.bronze_url})
    try:
        other.run(Request(FULL))
        return digests(other.settings)
    finally:
        other.close()
