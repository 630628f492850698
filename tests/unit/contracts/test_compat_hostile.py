"""Schemas that are no schemas, refer to nowhere or to themselves, or are huge: a clear answer, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

from rastup.contracts.compatibility import BREAKING, Document, compare, verdict
from rastup.core.errors import ConfigError

DEEP: Any = {}
for _ in range(200):
    DEEP = {"items": DEEP}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ([], "not an array"),
        ("x", "not a text"),
        (None, "not null"),
        (7, "not a number"),
        ({"type": "strin"}, "`/type`"),
        ({"properties": {"a": {"minimum": "x"}}}, "`/properties/a/minimum`"),
        ({"multipleOf": 0}, "`/multipleOf`"),
        ({"items": [{}]}, "`/items`"),
        ({"properties": {"a": {"pattern": "(["}}}, "'([' at `/properties/a/pattern`"),
        ({"patternProperties": {"(?<": {}}}, "`/patternProperties`"),
        ({"$ref": "#/$defs/none"}, "nothing at that pointer"),
        ({"properties": {"a": {"$ref": "#/x-there"}}, "x-there": 7}, "not a schema"),
        ({"$ref": "#none"}, "no such `$anchor`"),
        ({"$ref": "https://example.com/other.json"}, "only references within the document"),
        ({"$ref": "file:///etc/passwd"}, "only references within the document"),
        ({"$ref": "#"}, "refers to itself"),
        ({"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "refers to itself"),
        ({"not": {"$ref": "#"}}, "refers to itself"),
        (
            {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
            "refers to itself",
        ),
        (DEEP, "deeper than 128 levels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "schema",
)
def test_what_is_no_schema_is_refused_with_its_name_and_place(schema: Any, words: str) -> None:
    for pair in ((schema, {"type": "object"}), ({"type": "object"}, schema)):
        with pytest.raises(ConfigError) as refused:
            compare(*(Document(one, "booked.json") for one in pair))
        assert words in str(refused.value)
        assert str(refused.value).startswith("booked.json: ")
        assert len(str(refused.value)) < 500


def chain(end: str, length: int) -> Any:
    """A schema that nests by references alone."""
    steps = {f"a{i}": {"properties": {"x": {"$ref": f"#/$defs/a{i + 1}"}}} for i in range(length)}
    return {"$ref": "#/$defs/a0", "$defs": {**steps, f"a{length}": {"type": end}}}


def laugh(end: str) -> Any:
    """A schema of few words that would be 2^40 parts if its references were written out."""
    below = [{"$ref": f"#/$defs/a{i + 1}"} for i in range(40)]
    steps = {f"a{i}": {"properties": {"x": below[i], "y": below[i]}} for i in range(40)}
    return {"$ref": "#/$defs/a0", "$defs": {**steps, "a40": {"type": end}}}


def knot(least: int) -> Any:
    """A schema in which everything refers to everything."""
    targets = [[f"#/$defs/a{(i * 3 + j) % 12}" for j in range(4)] for i in range(12)]
    steps = {
        f"a{i}": {
            "oneOf": [{"properties": {"x": {"$ref": target}}, "required": ["x"]} for target in targets[i]]
        }
        for i in range(12)
    }
    steps["a0"]["minProperties"] = least
    return {"$ref": "#/$defs/a0", "$defs": steps}


@pytest.mark.parametrize(
    ("old", "new"), [(chain("string", 3000), chain("integer", 3000)), (knot(1), knot(2))]
)
def test_what_cannot_be_compared_in_bounded_time_is_refused_with_a_word(old: Any, new: Any) -> None:
    with pytest.raises(ConfigError, match="too entangled"):
        compare(old, new)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (chain("string", 20), chain("integer", 20), "/$defs/a20/type"),
        (laugh("string"), laugh("integer"), "/$defs/a40/type"),
        ({"enum": list(range(20_000))}, {"enum": list(range(1, 20_001))}, "/enum"),
        ({"properties": {"a": True}}, {"properties": {"a": False}}, "/properties/a"),
        (True, {"type": "string"}, "/type"),
        (True, False, ""),
        (
            {"properties": {"a" * 40 + "b": True}},
            {"patternProperties": {"^(a+)+$": False}},
            "/patternProperties",
        ),
        ({"maximum": 10**30}, {"maximum": 10**30 - 1}, "/maximum"),
        ({"properties": {"": {}, "/": {}, "~": {}, "ü%": {}}}, {"properties": {}}, "/properties/~1"),
    ],
    ids=["chain", "laugh", "enum", "boolean", "true", "false", "redos", "large", "names"],
)
def test_what_is_large_or_odd_is_compared_all_the_same(old: Any, new: Any, path: str) -> None:
    changes = compare(old, new)
    assert verdict(changes) == BREAKING
    assert any(change.path.startswith(path) for change in changes if change.kind == BREAKING)
    assert all(len(change.reason) < 500 for change in changes)


def test_keywords_that_nobody_knows_are_told_and_not_compared() -> None:
    document = Document({"requird": ["a"], "properties": {"a": {"x-pii": "id", "maxLenght": 3}}})
    assert document.unknown == ["/requird", "/properties/a/maxLenght"]
    assert verdict(compare({"requird": ["a"]}, {"requird": ["a", "b"]})) == "none"


def test_instances_in_annotations_and_values_are_no_schemas() -> None:
    inside = {"$ref": "#/nowhere", "pattern": "(["}
    old = {"examples": [inside], "default": inside, "enum": [inside, 1], "x-invalid": [inside]}
    assert verdict(compare(old, {**old, "enum": [1]})) == BREAKING
