"""Compatibility verdicts against the public pairs of schemas, and against witnesses checked by a second implementation."""

import json
from typing import Any

import jsonschema
import pytest
from tests.conftest import shared_fixture

from rastup.contracts.compatibility import ADDITIVE, BREAKING, NONE, compare, verdict


def _pairs() -> list[dict[str, Any]]:
    pairs: list[dict[str, Any]] = json.loads(shared_fixture("jsonschema", "pairs.json").read_text())["pairs"]
    return pairs


def test_every_public_pair_gets_its_verdict_and_path() -> None:
    wrong = []
    for pair in _pairs():
        changes = compare(pair["old"], pair["new"])
        has_path = pair["path"] is None or any(c.path.startswith(pair["path"]) for c in changes)
        if verdict(changes) != pair["expected"] or not has_path:
            wrong.append((pair["name"], verdict(changes), changes))
    assert wrong == []


def test_every_witness_is_valid_under_the_old_schema_alone() -> None:
    # The oracle of "breaking": Python's jsonschema takes the witness with the old schema and refuses it with the new one.
    seen = 0
    for pair in _pairs():
        if witness := pair.get("witness_valid_under_old_only"):
            assert jsonschema.Draft202012Validator(pair["old"]).is_valid(witness)
            assert not jsonschema.Draft202012Validator(pair["new"]).is_valid(witness)
            assert verdict(compare(pair["old"], pair["new"])) == BREAKING
            seen += 1
    assert seen > 10


OLD = {
    "type": "object",
    "properties": {"x": {"type": "string", "enum": ["a", "b"]}, "n": {"type": "integer", "minimum": 0}},
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, NONE),
        ({"x": {"type": "string", "enum": ["b", "a"]}}, NONE),
        ({"x": {"type": "string", "enum": ["a", "b", "c"]}}, ADDITIVE),
        ({"x": {"type": "string", "enum": ["a"]}}, BREAKING),
        ({"x": {"const": "a"}}, BREAKING),
        ({"n": {"type": "integer", "minimum": -1}}, ADDITIVE),
        ({"n": {"type": "integer", "minimum": 0, "maximum": 9}}, BREAKING),
        ({"n": {"type": ["integer", "null"], "minimum": 0}}, ADDITIVE),
        ({"n": False}, BREAKING),
        ({"n": True}, ADDITIVE),
    ],
)
def test_a_change_of_one_field_is_told_apart(change: dict[str, Any], expected: str) -> None:
    new = {**OLD, "properties": {**OLD["properties"], **change}}  # type: ignore[dict-item]
    assert verdict(compare(OLD, new)) == expected


def test_a_recursive_schema_ends() -> None:
    old = {"$defs": {"t": {"properties": {"t": {"$ref": "#/$defs/t"}}}}, "$ref": "#/$defs/t"}
    new = {
        "$defs": {"t": {"properties": {"t": {"$ref": "#/$defs/t"}}, "required": ["t"]}},
        "$ref": "#/$defs/t",
    }
    assert verdict(compare(old, new)) == BREAKING
