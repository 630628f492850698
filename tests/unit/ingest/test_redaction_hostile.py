"""Redaction of texts that are made to be slow: no pattern may take more than a time that grows with the length.

Nothing is timed: a long text would take a pattern that goes back and forth hours, and the test would be stopped.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture

from rastup.ingest.redaction import Redaction, Redactor, redact
from rastup.ingest.redaction.texts import CLOSELY_READ

LONG = 300_000
PIECES = (
    *(
        "@",
        "a@",
        "a@a.",
        "a.",
        "a@b.co ",
        '"',
        '"a',
        '"@',
        "a[at]",
        "a [at] b [dot] ",
        "@xn--",
        "मो",
        "葉1",
        "４",
    ),
    *(
        "1",
        "1 ",
        "1-",
        "1(",
        "(1",
        "+1",
        "+(1",
        "00",
        "01 23 ",
        "1   ",
        "1\n",
        "1.",
        "1.1",
        "1 234 ",
        "1,234",
    ),
    *(
        "4156667777 ",
        "415-666-7777 ",
        "+44 20 7946 0018 ",
        "call 1234567 ",
        "order number is ",
        "x1 ",
        "ssn is ",
    ),
    *(
        "4242 ",
        "4242-",
        "4242424242424242 ",
        "4242 4242 4242 4242 ",
        "GB82",
        "GB82 ",
        "GB82WEST12345698765432 ",
    ),
    *(
        "=",
        "?token=",
        "?token",
        "?code=",
        "eyJ",
        "eyJaaaaaaaa.",
        "/",
        "/reset/",
        "://",
        "://:",
        "%41",
        "%25",
        "%4",
    ),
    *(
        "12 Main ",
        "1 A ",
        "12 main st ",
        "1 Rua ",
        "Rua de la ",
        "Aagata ",
        "address: ",
        "address is 1 A",
        "Aa-",
    ),
    *(
        "2024-03-01 ",
        "$1,234 ",
        "ab1",
        "12345678-1234-",
        "978",
        "1Z 999 ",
        "9400 ",
        "a",
        " ",
        "_",
        "\0",
        "[email]",
    ),
)
ENDS = ("", "@a.bc", "1234567", " 12 Main Street", "=abc", "]")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("end", ENDS)
def test_a_long_text_of_one_piece_is_read_in_a_time_that_grows_with_its_length(end: str) -> None:
    for piece in PIECES:
        redact(piece * (LONG // len(piece) // len(ENDS)) + end)


@pytest.mark.timeout(120)
@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 400)), min_size=1, max_size=8),
    st.sampled_from(ENDS),
)
def test_any_mixture_of_pieces_is_read_to_its_end(parts: list[tuple[str, int]], end: str) -> None:
    text = "".join(piece * count for piece, count in parts)[:32_768] + end
    redacted, counts = redact(text)
    assert all(redacted.count(f"[{kind}]") >= count for kind, count in counts.items())


@pytest.mark.timeout(60)
def test_an_event_of_many_numbers_costs_no_more_for_standing_in_many_fields() -> None:
    redaction = Redaction()
    numbers = [f"415{place % 800 + 200}{place:04d}" for place in range(3_000)]
    assert set(Redactor().redacted(numbers, redaction)) == {"[phone]"}
    assert redaction.counts == {"phone": 3_000}


def test_every_number_goes_when_there_are_more_than_are_read_closely() -> None:
    lines = [f"reach person {place} at 415-555-{place:04d} or by mail" for place in range(CLOSELY_READ // 20)]
    redacted = redact("\n".join(lines))[0]
    assert "415-555" not in redacted
    assert redacted.count("[phone]") == len(lines)


def test_every_address_goes_when_there_are_very_many() -> None:
    text = " ".join(f"jo{place}@example.com" for place in range(1_000))
    assert redact(text) == (" ".join(["[email]"] * 1_000), {"email": 1_000})


def test_what_one_text_uses_up_is_not_there_for_the_next_of_its_event() -> None:
    redaction = Redaction()
    redaction.text("call 415-555-0132 " * 500)
    assert redaction.text("the order 7135550142") == "the order [phone]"
    assert redact("the order 7135550142") == ("the order 7135550142", {})


@pytest.mark.timeout(120)
def test_naughty_strings_are_read_alone_and_a_thousand_times_over() -> None:
    for text in json.loads(shared_fixture("attacks", "blns.json").read_text()):
        redact(text)
        redact((text or " ") * (32_768 // max(1, len(text))))
