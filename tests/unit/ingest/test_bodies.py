"""The original bytes of each element, against the standard library's parser."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from rastup.ingest.collector.bodies import parse

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
