"""Text from outside, against what Python itself calls printable."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from rastup.console.formatting import visible

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_every_character_that_is_left_can_be_seen_and_sent(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert all(char in "\n\t" or char.isprintable() or unicodedata.category(char) == "Zs" for char in shown)


@given(ANYTHING.filter(str.isprintable))
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_writing_that_turns_around_is_spelled_out() -> None:
    assert visible("a\u202eb\u0000\U000e0041\ud800") == r"a\u202eb\u0000\U000e0041\ud800"
