"""Redaction on texts that it was not made by: how much is found, and how much is taken for what it is not."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from tests.unit.ingest.unseen_texts import Generator, Unseen

from rastup.ingest.redaction import redact

SEED = 20_261_121
EACH = 150


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(SEED)


def _is_found(case: Unseen) -> bool:
    redacted, counts = redact(case.text)
    return case.kind.split()[0] in counts and case.secret not in redacted


def _recall(cases: list[Unseen]) -> dict[str, float]:
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases:
        found[case.kind].append(_is_found(case))
    return {kind: sum(answers) / len(answers) for kind, answers in found.items()}


def test_of_each_kind_at_least_98_percent_are_found(generator: Generator) -> None:
    recall = _recall(list(generator.personal(EACH)))
    assert recall.keys() == {"email", "card", "iban", "ssn", "phone", "url_token"}
    assert {kind: part for kind, part in recall.items() if part < 0.98} == {}


def test_most_addresses_that_name_a_street_are_found(generator: Generator) -> None:
    recall = _recall(list(generator.addresses(60)))
    assert {kind: part for kind, part in recall.items() if part < 0.6} == {}


def test_at_most_one_harmless_text_in_two_hundred_is_touched(generator: Generator) -> None:
    cases = list(generator.harmless(60))
    touched = [(case.text, redact(case.text)[0]) for case in cases if redact(case.text)[1]]
    assert len(touched) <= 0.005 * len(cases), touched


def test_what_stands_in_the_brackets_is_what_was_counted(generator: Generator) -> None:
    for case in generator.personal(20):
        redacted, counts = redact(case.text)
        assert Counter({kind: redacted.count(f"[{kind}]") for kind in counts}) == counts
