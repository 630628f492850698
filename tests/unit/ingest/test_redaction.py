"""Redaction against the public cases of presidio, python-email-validator, python-phonenumbers and others."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture

from rastup.ingest.redaction import redact, redact_all


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in shared_fixture("pii", "cases.jsonl").read_text().splitlines()]


def test_no_value_of_the_public_cases_survives() -> None:
    cases = [case for case in _cases() if case["contains"] and not case["hard"]]
    left = {
        c["id"]: redact(c["text"])[0] for c in cases if any(v in redact(c["text"])[0] for v in c["values"])
    }
    assert not left


def test_most_of_the_exotic_cases_are_found_too() -> None:
    hard = [case for case in _cases() if case["contains"] and case["hard"]]
    found = [case for case in hard if not any(value in redact(case["text"])[0] for value in case["values"])]
    assert len(found) >= 0.3 * len(hard)


def test_text_without_personal_data_comes_back_unchanged() -> None:
    wrong = [
        (c["text"], redact(c["text"])[0])
        for c in _cases()
        if not c["contains"] and redact(c["text"])[0] != c["text"]
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        ("write to a.b@example.com or c@example.com", "write to [email] or [email]", {"email": 2}),
        ("card 4242 4242 4242 4242", "card [card]", {"card": 1}),  # Stripe's published test card
        ("GB82 WEST 1234 5698 7654 32", "[iban]", {"iban": 1}),  # the example of the IBAN registry
        ("call +44 20 7946 0018", "call [phone]", {"phone": 1}),
        (
            "see https://x.example/?token=abcdef&a=1",
            "see https://x.example/?token=[url_token]&a=1",
            {"url_token": 1},
        ),
    ],
)
def test_each_kind_is_replaced_by_its_name_and_counted(
    text: str, expected: str, kinds: dict[str, int]
) -> None:
    assert redact(text) == (expected, Counter(kinds))


@given(st.text())
def test_redacting_again_changes_nothing(text: str) -> None:
    once, _ = redact(text)
    assert redact(once) == (once, Counter())


def test_every_string_of_a_value_is_looked_at() -> None:
    counts: Counter[str] = Counter()
    value = {"a": ["x@example.com", 1, None, {"b": "y@example.com"}]}
    assert redact_all(value, counts) == {"a": ["[email]", 1, None, {"b": "[email]"}]}
    assert counts == {"email": 2}
