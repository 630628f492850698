"""Several pieces of personal data in one text: none survives, and what stands between them does."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.ingest.redaction import redact
from rastup.ingest.redaction.spans import blanked

PIECES = {
    "phone": "212-555-0187",
    "card": "4111 1111 1111 1111",
    "address": "12 Main Street",
    "email": "ann.lee@mail.example",
    "iban": "DE89 3704 0044 0532 0130 00",
    "ssn": "078-05-1120",
}


@pytest.mark.parametrize("kinds", list(permutations(PIECES, 3)), ids="-".join)
def test_three_kinds_in_any_order_are_all_replaced(kinds: tuple[str, ...]) -> None:
    said = {"ssn": "ssn ", "card": "card ", "iban": "iban "}
    text = ", ".join(said.get(kind, "") + PIECES[kind] for kind in kinds)
    redacted, counts = redact(text)
    assert redacted == ", ".join(f"{said.get(kind, '')}[{kind}]" for kind in kinds)
    assert counts == dict.fromkeys(kinds, 1)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=4))
def test_what_is_taken_out_leaves_the_rest_in_its_place(text: str, drawn: list[tuple[int, int]]) -> None:
    spans, end = [], 0
    for gap, length in drawn:
        start = min(end + gap, len(text))
        end = min(start + length, len(text))
        spans.append((start, end))
    left = blanked(text, reversed(spans))
    taken = {place for start, stop in spans for place in range(start, stop)}
    assert left == "".join("\0" if place in taken else letter for place, letter in enumerate(text))
