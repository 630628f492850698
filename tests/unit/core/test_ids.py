"""ULIDs against the published example of their specification, and derived ids as a property."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.core.ids import MAX_TIME_MS, derive_event_id, ulid, ulid_time_ms


def test_time_part_equals_the_specifications_example() -> None:
    # github.com/ulid/spec: 01ARZ3NDEKTSV4RRFFQ69G5FAV was made at 2016-07-30T23:54:10.259Z.
    made_at = int(datetime(2016, 7, 30, 23, 54, 10, 259000, tzinfo=UTC).timestamp() * 1000)
    assert ulid(made_at)[:10] == "01ARZ3NDEK"
    assert ulid_time_ms("01ARZ3NDEKTSV4RRFFQ69G5FAV") == made_at


def test_largest_ulid_equals_the_specifications_example() -> None:
    assert ulid(MAX_TIME_MS, b"\xff" * 10) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"


@given(st.integers(0, MAX_TIME_MS), st.binary(min_size=10, max_size=10))
def test_ulids_sort_by_time_and_give_it_back(time_ms: int, tail: bytes) -> None:
    made = ulid(time_ms, tail)
    assert len(made) == 26
    assert ulid_time_ms(made) == time_ms
    if time_ms < MAX_TIME_MS:
        assert made < ulid(time_ms + 1, tail)


@given(st.integers(-(10**18), 10**18), st.binary(), st.binary())
def test_derived_ids_are_equal_exactly_when_time_and_content_are(
    time_ms: int, one: bytes, other: bytes
) -> None:
    assert derive_event_id(time_ms, one) == derive_event_id(time_ms, one)
    assert (derive_event_id(time_ms, one) == derive_event_id(time_ms, other)) == (one == other)


def test_what_is_no_ulid_is_refused() -> None:
    with pytest.raises(ValueError, match="not a ULID"):
        ulid_time_ms("01ARZ3NDEU" + "A" * 16)
