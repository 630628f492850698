"""Redaction on texts that were written without a look at its patterns; and that the quick look hides nothing from them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture
from tests.unit.ingest.written_texts import PARTS, Written, left_over, overreach, telephones, texts

from rastup.ingest.redaction import glance, redact

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "privacy" / "redaction.md"
PIECES = (
    *(
        "call ",
        "order ",
        "at ",
        " dot ",
        "com",
        "example.com",
        "Street",
        "straße",
        "rue de Lyon",
        "IBAN ",
        "ssn ",
        "my ",
    ),
    *(
        "12",
        "415",
        "555",
        "0134",
        "4242",
        "DE89",
        "020",
        "+44",
        "0",
        "7",
        "(",
        ")",
        "[",
        "]",
        "at",
        "@",
        "&#64;",
        "%40",
    ),
    *(
        " ",
        "-",
        ".",
        "/",
        "_",
        "\n",
        "\u00a0",
        "\uff14\uff15",
        "\u0661\u0662",
        "「",
        "?token=",
        "/reset/",
        "eyJ",
        "A1b2",
    ),
)

URLS = (
    *(
        "https://example.com",
        "http://",
        "/",
        "/reset",
        "/leg/",
        "leg_",
        "sk_live_",
        "whsec_",
        "xoxb-",
        "AKIA",
        "ghp_",
        "bot12",
    ),
    *(
        "?q=",
        "&page=",
        "&gclid=",
        "&token=",
        "?code=",
        "&utm_source=",
        "=",
        "&",
        "?",
        "#",
        "+",
        "-",
        "_",
        ".",
        "%20",
        "%40",
    ),
    *(
        "abcdefghijklmnop",
        "01HZX3J5K6M7N8P9Q0R1S2T3V4",
        "DE89370400440532013000",
        "4242424242424242",
        "4155550134",
        "7",
    ),
)


def _missed(cases: Iterable[Written]) -> dict[str, tuple[int, int]]:
    """Of each kind, how many were found and how many there are."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases:
        found[case.kind].append(not left_over(case, redact(case.text)[0]))
    return {kind: (sum(answers), len(answers)) for kind, answers in found.items()}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_documented_of_each_part_is_what_is_found(part: str) -> None:
    document = DOCUMENT.read_text()
    cases = [case for case in texts(part) if case.kind != "clean"]
    for kind, (found, of) in _missed(cases).items():
        rows = [row for row in document.splitlines() if row.startswith(f"| {part} | {kind} | {of} |")]
        assert [row for row in rows if row.endswith(f" {found} |")], (part, kind, found)
    assert len(cases) >= 300


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_touched_in_texts_without_personal_data(part: str) -> None:
    cases = [case.text for case in texts(part) if case.kind == "clean"]
    assert len(cases) > 400
    assert [(text, redact(text)[0]) for text in cases if redact(text)[1]] == []


@pytest.mark.parametrize("part", PARTS)
def test_what_stands_around_personal_data_stays(part: str) -> None:
    cases = [case for case in texts(part) if case.kind != "clean"]
    assert [case.text for case in cases if overreach(case, redact(case.text)[0])] == []


def test_telephones_are_found_as_they_are_written_in_every_locale() -> None:
    found = _missed(telephones(8))
    assert found.keys() == {"phone +", "phone US", "phone national, word"}
    assert {kind: (n, of) for kind, (n, of) in found.items() if n < 0.95 * of} == {}


def test_the_quick_look_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case.text for part in PARTS for case in texts(part, seed=3)]
    cases += [
        json.loads(line)["text"] for line in shared_fixture("pii", "cases.jsonl").read_text().splitlines()
    ]
    quick = [redact(text) for text in cases]
    _look_at_everything(monkeypatch)
    assert [text for text, result in zip(cases, quick, strict=True) if redact(text) != result] == []


@given(
    st.one_of(
        *(
            st.lists(st.sampled_from(pieces), min_size=1, max_size=14).map("".join)
            for pieces in (PIECES, URLS)
        )
    )
)
def test_the_quick_look_hides_nothing_in_any_mixture(text: str) -> None:
    quick = redact(text)
    with pytest.MonkeyPatch.context() as monkeypatch:
        _look_at_everything(monkeypatch)
        assert redact(text) == quick


def test_a_look_is_enough_for_what_most_events_hold() -> None:
    texts_of_events = (
        "wedding photographer",
        "Schön war's, alle waren pünktlich!",
        "3 looks, 45 minutes",
        "/leg/leg_01HZX3J5K6M7N8P9Q0R1S2T3V4",
        "https://www.google.com/search?q=dj+houston&page=2",
        "https://rastup.example/studios?utm_source=google&utm_campaign=spring_2026&gclid=EAIaIQobChMI",
    )
    assert Counter(map(glance.may_hold, texts_of_events)) == {False: len(texts_of_events)}


def _look_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for look in ("may_hold", "may_hold_number", "may_hold_address"):
        monkeypatch.setattr(glance, look, lambda _text: True)
