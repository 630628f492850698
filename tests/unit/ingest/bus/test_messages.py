"""Records as messages: keys, bounds, and what is taken for a record."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.bus.rigs import bad, event

from rastup.ingest.bus.messages import is_record, key_of, line_of, messages_of
from rastup.lake.bronze import BAD, partition_of

FALLBACK = datetime(2000, 1, 1, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["_bad", "_meter", "_frame", "context", "event", "id", "payload", "received_at"]),
            below,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"anon_id": "an_1", "user_id": "usr_1"}, b"an_1"),
        ({"anon_id": None, "user_id": "usr_1"}, b"usr_1"),
        ({"anon_id": None, "event_id": "evt_1"}, b"evt_1"),
    ],
)
def test_a_device_keeps_its_key_when_its_person_signs_in(more: dict[str, Any], key: bytes) -> None:
    assert key_of(event(1, **more)) == key


def test_what_is_no_event_goes_with_its_source() -> None:
    assert key_of(bad(1)) == b"web"
    assert key_of(b'{"_meter":{"source":"app","received_at":"2026-11-06T15:00:00.000Z"}}') == b"app"


def test_lines_become_messages_one_by_one() -> None:
    lines = [event(1, 1), event(2, 2), bad(3)]
    assert [line + b"\n" for _, line in messages_of(b"".join(lines), 100_000)] == lines


def test_what_is_not_quarantined_is_never_cut() -> None:
    meter = b'{"_meter":{"source":"' + b"x" * 200 + b'","received_at":"2026-11-06T15:00:00.000Z"}}\n'
    for line in (event(1, text="x" * 200), meter):
        [(_, sent)] = messages_of(line, 100)
        assert sent + b"\n" == line


@pytest.mark.parametrize("bound", [-5_000, 0, 100, 4_096, 5_000])
def test_a_bound_below_everything_leaves_nothing_of_the_original_bytes(bound: int) -> None:
    [(_, sent)] = messages_of(bad(1, "x" * 9_000), bound)
    assert is_record(sent)
    assert len(base64.b64decode(json.loads(sent)["_bad"]["raw"])) == max(0, bound - 4_096) * 3 // 4


@given(st.binary(max_size=300_000), st.integers(70_000, 120_000))
def test_a_cut_message_fits_and_holds_the_beginning(raw: bytes, bound: int) -> None:
    text = base64.b64encode(raw).decode()
    line = bad(1, text).replace(b'"utf8"', b'"base64"')
    [(_, sent)] = messages_of(line, bound)
    kept = json.loads(sent)["_bad"]
    assert len(sent) <= bound and is_record(sent)
    assert raw.startswith(base64.b64decode(kept["raw"]))
    assert (kept["raw"] == text) == (len(line) - 1 <= bound)


@given(JSON)
def test_what_counts_as_a_record_can_be_landed(value: Any) -> None:
    line = json.dumps(value).encode()
    if is_record(line):
        partition_of(value, FALLBACK)
        assert isinstance(value, dict) and "_frame" not in value


@given(st.binary(max_size=200), st.integers(0, 2_000_000_000_000))
def test_every_message_becomes_one_line_that_can_be_landed(message: bytes, at_ms: int) -> None:
    line = line_of(message, "events/0/1", at_ms)
    assert line.count(b"\n") == 1 and line.endswith(b"\n") and is_record(line.strip(b"\n"))
    assert line == line_of(message, "events/0/1", at_ms)
    record = json.loads(line)
    if message != line.strip(b"\n"):
        assert partition_of(record, FALLBACK).kind == BAD
        raw = record["_bad"]["raw"]
        assert (base64.b64decode(raw) if record["_bad"]["encoding"] == "base64" else raw.encode()) == message


def test_equal_poison_at_two_places_is_two_records() -> None:
    assert line_of(b"x", "events/0/1", 0) != line_of(b"x", "events/0/2", 0)


def test_json_over_several_lines_is_no_line() -> None:
    assert not is_record(json.dumps(json.loads(event(1)), indent=1).encode())
