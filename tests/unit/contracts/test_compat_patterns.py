"""Inclusion of regular expressions. The oracles are the collector's own matching, and texts that Hypothesis makes."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rastup.contracts.compatibility.documents import matcher
from rastup.contracts.compatibility.patterns import includes

WIDER = [
    ("^[A-Z]{2,3}$", "^[A-Z]{3}$"),
    ("^[A-Za-z0-9]+$", "^[a-z]+$"),
    ("^usr_[A-Za-z0-9]+$", "^usr_[0-9]{4}$"),
    ("^usr_", "^usr_[A-Za-z0-9]+$"),
    ("a", "^b*ab*$"),
    ("", "^x$"),
    ("^(card|ach|wallet)$", "^(ach|card)$"),
    ("^\\w+$", "^[a-z_]+\\d*$"),
    ("^[^/]+$", "^[a-z.-]+$"),
    ("^(?:ab)*$", "^(abab)*$"),
    ("^.*$", "^[ -~]*$"),
    ("^a?b?$", "^a$"),
    ("^evt_[0-9A-Z]{26}$", "^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
]


@pytest.mark.parametrize(("wide", "narrow"), WIDER)
def test_a_wider_pattern_includes_the_narrower_and_not_the_other_way_round(wide: str, narrow: str) -> None:
    assert includes(wide, narrow)
    assert not includes(narrow, wide)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("^[a-c]$", "^(a|b|c)$"),
        ("^aa*$", "^a+$"),
        ("^(a|b)*$", "^(a*b*)*$"),
        ("^x{2}$", "^xx$"),
        ("^a+?$", "^a+$"),
    ],
)
def test_two_that_take_the_same_include_each_other(one: str, other: str) -> None:
    assert includes(one, other)
    assert includes(other, one)


@pytest.mark.parametrize(
    "odd",
    [
        "^(?=a)a$",
        "^(a)\\1$",
        "a\\b",
        "^\\s$",
        "^\\p{L}$",
        "^a$|^b$",
        "(^a)",
        "^a{99999}$",
        "^(((a{200}){200}){200})$",
        "^" + "(" * 5000 + "a" + ")" * 5000 + "$",
        "^" + "a" * 5000 + "$",
        "(?i)a",
    ],
)
def test_of_what_is_not_compared_nothing_is_claimed(odd: str) -> None:
    assert includes(odd, odd)
    assert not includes(odd, "^zz$")
    assert not includes("^zz$", odd)


LETTERS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "\\d", "\\w", "x"])
REGEX = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
    ),
    max_leaves=5,
)
PATTERN = st.tuples(st.sampled_from(["^", ""]), REGEX, st.sampled_from(["$", ""])).map("".join)


@settings(max_examples=120)
@given(wide=PATTERN, narrow=PATTERN, data=st.data())
def test_no_text_of_an_included_pattern_is_refused(wide: str, narrow: str, data: st.DataObject) -> None:
    assume(includes(wide, narrow))
    text = data.draw(st.from_regex(re.compile(narrow, re.ASCII)))
    if matcher(narrow).is_valid(text):
        assert matcher(wide).is_valid(text)


@settings(max_examples=80)
@given(one=REGEX, other=REGEX)
def test_an_alternative_includes_its_parts(one: str, other: str) -> None:
    assert includes(f"^({one}|{other})$", f"^{one}$")
    assert includes(f"^({one})?$", f"^({one})$")
