"""The stream of a partition: it goes on where it ended, whatever was lost on the way."""

from __future__ import annotations

import gzip
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from tests.integration.bus.rigs import event

from rastup.core.config import Settings, SpoolConfig
from rastup.core.errors import LeaseHeld
from rastup.ingest import lander
from rastup.ingest.bus import inbound
from rastup.ingest.bus.inbound import Inbound
from rastup.ingest.bus.source import Batch, stream_name
from rastup.ingest.spool.segments import list_segments, try_lock
from rastup.lake.ledger import forget, known_paths
from rastup.lake.relisting import _KEY, relist
from rastup.state.database import open_state

STREAM = "kafka-events-p0"


@pytest.fixture
def engine(settings: Settings) -> Engine:
    settings.home.spool.mkdir(parents=True)
    return open_state(settings.state_url)


def batch(first: int, end: int) -> Batch:
    return Batch("p0", first, [event(n) for n in range(first, end)])


def begin(settings: Settings, engine: Engine) -> Inbound:
    return Inbound(settings.home.spool, STREAM, engine)


def test_a_stream_begins_with_nothing(settings: Settings, engine: Engine) -> None:
    stream = begin(settings, engine)
    assert stream.stored is None
    stream.close()


def test_a_stream_goes_on_after_its_spool_and_after_bronze(settings: Settings, engine: Engine) -> None:
    stream = begin(settings, engine)
    stream.store(batch(0, 5))
    stream.close()
    again = begin(settings, engine)
    assert again.stored == 5
    again.store(batch(3, 8))
    again.close()
    lander.run(settings, threading.Event(), once=True)
    assert list_segments(settings.home.spool) == []
    last = begin(settings, engine)
    assert last.stored == 8
    assert last.store(batch(2, 8)) == 0
    last.close()


@pytest.mark.parametrize("is_listed_first", [True, False])
def test_a_home_without_its_ledger_reads_on_where_bronze_ends_when_that_is_listed_first(
    settings: Settings, engine: Engine, is_listed_first: bool
) -> None:
    stream = begin(settings, engine)
    for end in (4, 8):
        stream.store(batch(end - 4, end))
        stream.seal_when_due(SpoolConfig(segment_max_age_s=0))
    stream.close()
    lander.run(settings, threading.Event(), once=True)
    before = landed_ids(settings)
    forget(engine, known_paths(engine))
    if is_listed_first:
        relist(settings, engine)
    again = begin(settings, engine)
    assert again.stored == (8 if is_listed_first else None)
    again.store(batch(0, 8))  # the bus still has all of it, and this time no segment ends in between
    again.close()
    lander.run(settings, threading.Event(), once=True)
    assert landed_ids(settings) == (before if is_listed_first else sorted(before * 2))


def landed_ids(settings: Settings) -> list[str]:
    """The ids of all events in Bronze's files."""
    files = settings.home.bronze.rglob("events/**/*.json.gz")
    lines = (line for file in files for line in gzip.decompress(file.read_bytes()).splitlines())
    return sorted(json.loads(line)["event_id"] for line in lines)


def test_a_gap_begins_a_segment(settings: Settings, engine: Engine) -> None:
    stream = begin(settings, engine)
    stream.store(batch(0, 5))
    stream.store(batch(9, 12))
    stream.close()
    assert [segment.first_offset for segment in list_segments(settings.home.spool)] == [0, 9]


def test_a_torn_end_is_read_again(settings: Settings, engine: Engine) -> None:
    stream = begin(settings, engine)
    stream.store(batch(0, 5))
    stream.store(batch(5, 9))
    [segment] = list_segments(settings.home.spool)
    os.truncate(segment.path, segment.path.stat().st_size - 10)
    stream._file._fd = None  # as if killed: nothing is sealed
    os.close(stream._file._lock)
    again = begin(settings, engine)
    assert again.stored == 5
    again.close()


def test_two_readers_of_one_partition_exclude_each_other(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "LOCK_WAIT_S", 0.1)
    stream = begin(settings, engine)
    with pytest.raises(LeaseHeld, match=STREAM):
        begin(settings, engine)
    stream.close()


def test_a_lander_that_removes_the_stream_meanwhile_is_waited_for(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(settings, engine).close()
    folder = settings.home.spool / STREAM

    def removed_just_now(stream: Path) -> int | None:
        lock = try_lock(stream)
        (stream / "lock").unlink()
        stream.rmdir()
        monkeypatch.setattr(inbound, "try_lock", try_lock)
        return lock

    monkeypatch.setattr(inbound, "try_lock", removed_just_now)
    stream = begin(settings, engine)
    stream.store(batch(0, 2))
    assert try_lock(folder) is None, "the lock that is held is the one in the folder"
    stream.close()


def test_segments_are_sealed_by_size_and_age(settings: Settings, engine: Engine) -> None:
    stream = begin(settings, engine)
    stream.store(batch(0, 5))
    stream.seal_when_due(SpoolConfig())
    assert not list_segments(settings.home.spool)[0].sealed
    stream.seal_when_due(SpoolConfig(segment_max_age_s=0))
    assert list_segments(settings.home.spool)[0].sealed
    stream.store(batch(5, 6))
    stream.seal_when_due(SpoolConfig(segment_max_bytes=1))
    assert [segment.sealed for segment in list_segments(settings.home.spool)] == [True, True]
    stream.close()


@given(
    st.from_regex(r"(kafka|kinesis)-[A-Za-z0-9._-]{1,128}", fullmatch=True),
    st.sampled_from(["p0", "p17", "s3", "s1200"]),
)
def test_a_stream_s_name_fits_the_ledger_and_comes_back_out_of_a_file_s_name(
    source: str, partition: str
) -> None:
    name = stream_name(source, partition)
    assert len(name) <= 64 and "/" not in name
    found = _KEY.fullmatch(f"events/dt=2026-11-06/hour=15/env=prod/event=a.b/part-{name}-100-200.json.gz")
    assert found is not None and found["stream"] == name


def test_long_names_stay_apart() -> None:
    assert stream_name("kafka-" + "a" * 90 + "1", "p0") != stream_name("kafka-" + "a" * 90 + "2", "p0")
