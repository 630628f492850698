"""Bodies and their elements, against the standard library's parsers."""

from __future__ import annotations

import gzip
import json

import pytest
import zstandard
from hypothesis import assume, given
from hypothesis import strategies as st

from rastup.core.errors import Rejected
from rastup.ingest.collector.bodies import inflate, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=8), st.sampled_from([None, 1, 3]), st.booleans())
def test_each_element_keeps_its_own_bytes(values: list[object], indent: int | None, ascii_only: bool) -> None:
    body = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    parsed = parse(body, is_ndjson=False, max_events=100)
    originals = [json.loads(parsed.raw_of(index)) for index in range(len(parsed.records))]
    assert originals == json.loads(body) == parsed.records


def test_an_array_that_was_cut_off_is_no_list_of_lines() -> None:
    body = b'[\n{"event": "a"},\n{"event": "b"}\n'
    with pytest.raises(Rejected) as refused:
        parse(body, is_ndjson=False, max_events=100)
    assert (refused.value.status, refused.value.position) == (400, len(body))


@given(st.lists(st.sampled_from([b'{"event":"x"}', b"nonsense"]), min_size=1, max_size=9))
def test_a_record_among_broken_lines_keeps_its_place(lines: list[bytes]) -> None:
    assume(b'{"event":"x"}' in lines)
    parsed = parse(b"\n".join(lines), is_ndjson=True, max_events=100)
    places = parsed.places if parsed.places is not None else list(range(len(parsed.records)))
    assert places == [place for place, line in enumerate(lines) if line != b"nonsense"]
    assert [place for place, _, _ in parsed.broken] == [
        p for p, line in enumerate(lines) if line == b"nonsense"
    ]


@pytest.mark.parametrize(
    ("encoding", "empty"),
    [("gzip", gzip.compress(b"", mtime=0)), ("zstd", zstandard.ZstdCompressor().compress(b""))],
)
def test_a_body_of_very_many_parts_is_refused(encoding: str, empty: bytes) -> None:
    with pytest.raises(Rejected, match="more than 100 parts"):
        inflate(empty * 101, encoding, 1_000_000)
    assert inflate(empty * 100, encoding, 1_000_000) == b""
