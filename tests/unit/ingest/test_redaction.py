"""Redaction against the public cases of presidio, python-email-validator, python-phonenumbers and others."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture

from rastup.ingest.redaction import Redaction, Redactor, redact

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "privacy" / "redaction.md"
KINDS = ("email", "phone", "card", "iban", "ssn", "url_token", "address")


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in shared_fixture("pii", "cases.jsonl").read_text().splitlines()]


def _is_found(case: dict[str, Any], kind: str) -> bool:
    text, counts = redact(case["text"])
    return kind in counts and not any(value in text for value in case["values"])


def test_every_kind_in_the_public_cases_is_found() -> None:
    cases = [case for case in _cases() if case["contains"] and not case["hard"]]
    missed = [
        (case["text"], redact(case["text"]))
        for case in cases
        for kind in case["contains"]
        if not _is_found(case, kind)
    ]
    assert len(cases) > 90
    assert not missed


def test_text_without_personal_data_comes_back_unchanged() -> None:
    cases = [case for case in _cases() if not case["contains"]]
    wrong = [
        (c["text"], redact(c["text"])[0]) for c in cases if set(redact(c["text"])[1]) - set(c["also_ok"])
    ]
    assert len(cases) > 70
    assert not wrong


def test_what_is_documented_of_each_kind_is_what_the_public_cases_give() -> None:
    cases = _cases()
    document = DOCUMENT.read_text()
    for kind in KINDS:
        plain, hard = (
            [_is_found(case, kind) for case in cases if kind in case["contains"] and case["hard"] is is_hard]
            for is_hard in (False, True)
        )
        row = f"| `{kind}` | {sum(plain)} of {len(plain)} | {sum(hard)} of {len(hard)} |"
        assert row in document, row


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


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/leg/leg_01HZX3J5K6M7N8P9Q0R1S2T3V4",
            "usr_7135550142",
            "order 7135550142",
            "#4155550132",
            "$4155550132",
        ),
        *(
            "29.760427, -95.369803",
            "v1.2.3",
            "10.0.0.1",
            "Chrome/126.0.6478.127",
            "2024-03-01 12:34:56 -0600",
        ),
        *(
            "0113983447554",
            "ISBN 978-3-16-148410-0",
            "1700000000",
            "1700000000000",
            "77002-1234",
            "1,234,567.89",
        ),
        *(
            "/search?q=dj+houston&page=2&key=5A&code=US",
            "/login/options",
            "/invite/friends",
            "fbclid=IwAR0abcdEFGH1234567",
        ),
        *(
            "100% of 90s songs",
            "%41%42",
            "2 hours on the road",
            "12 way mix",
            "(at) noon",
            "a @ b",
            "f(x)=x@y",
        ),
        *(
            "d41d8cd98f00b204e9800998ecf8427e",
            "GB82 WEST 1234 5698 7654 33",
            "4111111111111112",
            "000-12-3456",
        ),
    ],
)
def test_ids_hashes_prices_places_and_versions_stay(text: str) -> None:
    assert redact(text) == (text, {})


@given(st.text())
def test_redacting_again_changes_nothing(text: str) -> None:
    once, _ = redact(text)
    assert redact(once) == (once, Counter())


def test_every_string_of_a_value_is_looked_at() -> None:
    redaction = Redaction()
    value = {"a": ["x@example.com", 1, None, {"b": "y@example.com"}]}
    assert Redactor().redacted(value, redaction) == {"a": ["[email]", 1, None, {"b": "[email]"}]}
    assert redaction.counts == {"email": 2}
