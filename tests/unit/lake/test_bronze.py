"""Bronze's layout: Python's gzip and datetime say what the files hold and where they belong."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.lake.bronze import BAD, EVENTS, METER, OTHER, Partition, confined, pack, partition_of, unpack

FALLBACK = datetime(2026, 11, 6, 15, tzinfo=UTC)


def record(**changes: object) -> dict[str, object]:
    event = {
        "event": "leg.confirmed",
        "received_at": "2026-11-06T23:59:59.999Z",
        "context": {"env": "prod", "source": "web"},
    }
    return {**event, **changes}


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_day_and_hour_are_those_of_received_at_in_utc(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    utc = local.astimezone(UTC)
    for text in (local.isoformat(), utc.isoformat(), utc.strftime("%Y-%m-%dT%H:%M:%SZ")):
        found = partition_of(record(received_at=text), FALLBACK)
        assert (found.dt, found.hour) == (utc.strftime("%Y-%m-%d"), utc.hour)


@pytest.mark.parametrize(
    "received_at", [None, 5, "", "yesterday", "2026-99-99T99:00:00Z", "../../x", "2026-11-06T1"]
)
def test_a_time_that_is_none_gives_way_to_the_fallback(received_at: object) -> None:
    found = partition_of(record(received_at=received_at), FALLBACK)
    assert (found.dt, found.hour) == ("2026-11-06", 15)


def test_folders_are_the_specifications() -> None:
    assert (
        partition_of(record(), FALLBACK).folder == "events/dt=2026-11-06/hour=23/env=prod/event=leg.confirmed"
    )
    bad = {"_bad": {"received_at": "2026-11-06T04:00:00Z", "event": "../x", "env": "prod"}}
    assert partition_of(bad, FALLBACK) == Partition(BAD, "2026-11-06", 4)
    assert partition_of(bad, FALLBACK).folder == "_bad/dt=2026-11-06/hour=04"
    meter = {"_meter": {"received_at": "2026-11-06T04:00:00Z"}}
    assert partition_of(meter, FALLBACK).folder == "_meter/dt=2026-11-06/hour=04"
    assert partition_of(meter, FALLBACK).kind == METER


@pytest.mark.parametrize(
    "value", ["..", "../x", "a/b", "", "a" * 65, "Ünicode", "A", "a b", "a\0", "a\n", None, 5, ".a"]
)
def test_hostile_names_are_confined(value: object) -> None:
    assert confined(value) == OTHER
    found = partition_of(record(event=value, context={"env": value}), FALLBACK)
    assert found.folder == f"events/dt=2026-11-06/hour=23/env={OTHER}/event={OTHER}"


@given(st.text(max_size=80))
def test_no_name_makes_a_path_part_of_its_own(value: str) -> None:
    folder = partition_of(record(event=value, context={"env": value}), FALLBACK).folder
    assert re.fullmatch(
        r"events/dt=[\d-]{10}/hour=\d\d/env=[a-z0-9_.-]{1,64}/event=[a-z0-9_.-]{1,64}", folder
    )


LINES = st.lists(st.binary(max_size=300).map(lambda b: json.dumps(b.hex()).encode()), min_size=1, max_size=50)


@settings(max_examples=50)
@given(LINES)
def test_packing_is_gzip_of_the_lines_and_the_same_each_time(lines: list[bytes]) -> None:
    where = Partition(EVENTS, "2026-11-06", 3, "prod", "leg.confirmed")
    (file,) = pack(where, lines, "c0-X-0-9", max_bytes=5_000_000)
    assert gzip.decompress(file.data) == b"".join(line + b"\n" for line in lines)
    assert file.data[4:8] == b"\0\0\0\0"  # RFC 1952: no modification time, so the bytes are the same tomorrow
    assert unpack(file.data, file.key) == lines
    assert file.records == len(lines)
    assert [file] == list(pack(where, lines, "c0-X-0-9", max_bytes=5_000_000))
    assert file.key == f"{where.folder}/part-c0-X-0-9.json.gz"


def test_a_file_closes_at_its_bound_on_a_whole_line() -> None:
    noise = datetime.now(UTC).microsecond
    lines = [json.dumps({"n": n, "x": hash((noise, n)).__repr__() * 10}).encode() for n in range(60_000)]
    files = list(pack(Partition(EVENTS, "2026-11-06", 3, "prod", "e"), lines, "p", max_bytes=200_000))
    assert len(files) > 3
    assert [file.key.rpartition("part-")[2] for file in files] == [
        f"p-{n}.json.gz" for n in range(len(files))
    ]
    together = [gzip.decompress(file.data).splitlines() for file in files]
    assert [line for part in together for line in part] == lines
    assert [len(part) for part in together] == [file.records for file in files]
    assert all(200_000 <= len(file.data) < 500_000 for file in files[:-1])
