"""A history: the same bytes for the same seed, whoever computes it, in the order of arrival."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.unit.sim.conftest import SEED, UNTIL_MS, Record

from rastup_sim.history import lines_of, write_history
from rastup_sim.market import Market, Scale, Window, window_of
from rastup_sim.wire import HOUR

SCALE = Scale(6_000, 6, UNTIL_MS)
WINDOW = window_of(UNTIL_MS, 6)


def written(folder: Path, name: str, market: Market, processes: int = 1, window: Window = WINDOW) -> bytes:
    done = write_history(market, window, folder / name, processes=processes)
    assert done.bytes == (folder / name).stat().st_size
    return (folder / name).read_bytes()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    once = written(tmp_path, "once.ndjson", Market(SEED, SCALE))
    again = written(tmp_path, "again.ndjson", Market(SEED, SCALE))
    assert once == again
    assert once.count(b"\n") > 3_000


@pytest.mark.parametrize("suffix", ["ndjson", "ndjson.gz"])
def test_the_bytes_do_not_depend_on_the_number_of_processes(tmp_path: Path, suffix: str) -> None:
    market = Market(SEED, SCALE)
    assert written(tmp_path, f"one.{suffix}", market) == written(
        tmp_path, f"three.{suffix}", market, processes=3
    )


def test_another_seed_is_another_marketplace(tmp_path: Path) -> None:
    one = {line[:45] for line in written(tmp_path, "one.ndjson", Market(SEED, SCALE)).splitlines()}
    other = {line[:45] for line in written(tmp_path, "other.ndjson", Market(SEED + 1, SCALE)).splitlines()}
    assert not one & other


def test_a_packed_history_unpacks_to_the_plain_one(tmp_path: Path) -> None:
    market = Market(SEED, SCALE)
    plain = written(tmp_path, "plain.ndjson", market)
    assert gzip.decompress(written(tmp_path, "packed.ndjson.gz", market)) == plain


def test_hours_computed_alone_are_those_of_the_whole(
    market: Market, window: Window, records: list[Record]
) -> None:
    # Most of what arrives in them began before them.
    last = range(window.hours.stop - 96, window.hours.stop)
    lines = [line for _, _, block in lines_of(market, window, last) for line in block.splitlines()]
    assert [orjson.loads(line) for line in lines] == records[-len(lines) :]
    assert arrived(records[-len(lines) - 1]).timestamp() * 1000 < last.start * HOUR


def test_nothing_arrives_before_it_happened_and_the_file_is_in_the_order_of_arrival(
    records: list[Record],
) -> None:
    # What is sent again comes later than it says: the same line as before.
    first: dict[str, datetime] = {}
    for record in records:
        first.setdefault(record["event_id"], arrived(record))
    arrivals = list(first.values())
    assert arrivals == sorted(arrivals)
    assert all(arrived(record) >= moment(record.get("occurred_at") or record["ts"]) for record in records)


def test_all_of_it_arrives_in_the_window(records: list[Record], window: Window) -> None:
    times = [arrived(record).timestamp() * 1000 for record in records]
    assert window.since_ms <= min(times)
    assert max(times) < window.until_ms


def test_about_as_many_events_as_asked_for(records: list[Record], market: Market) -> None:
    assert 0.85 * market.scale.events < len(records) < 1.15 * market.scale.events


def test_a_failed_history_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise OSError("disk full")

    monkeypatch.setattr("rastup_sim.history._write_lines", broken)
    with pytest.raises(OSError, match="disk full"):
        write_history(Market(SEED, SCALE), WINDOW, tmp_path / "never.ndjson", processes=1)
    assert not list(tmp_path.iterdir())


def test_every_line_is_json_with_an_id_of_its_form(tmp_path: Path) -> None:
    lines = written(tmp_path, "all.ndjson", Market(SEED, SCALE)).splitlines()
    ids = [orjson.loads(line)["event_id"] for line in lines]
    assert all(len(one) == 30 and one.startswith("evt_0") for one in ids)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def arrived(record: Record) -> datetime:
    """A line in the web dialect says only when it happened, and arrives at once."""
    return moment(record.get("received_at") or record["ts"])
