"""Every keyword, narrowed and widened. The oracle of "breaking" is an instance, judged by the collector's validator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest

from rastup.contracts.compatibility import BREAKING, NONE, Mode, compare, verdict
from rastup.contracts.compatibility.keywords import ANNOTATIONS, KNOWN

Schema = Any
NOTHING: Any = object()


@dataclass(frozen=True)
class Pair:
    """A narrow and a wide form of a schema: `witness` is taken by the wide one alone, `path` points to the keyword."""

    keyword: str
    wide: Schema
    narrow: Schema
    witness: Any
    path: str


def obj(**schema: Any) -> Schema:
    return {"type": "object", **schema}


S, I = {"type": "string"}, {"type": "integer"}  # noqa: E741  as short as they are frequent
AB = {"a": S, "b": I}
LISTED = {"type": "array", "items": S}

PAIRS = [
    Pair("type", {"type": ["string", "null"]}, S, None, "/type"),
    Pair("type", {"type": "number"}, I, 0.5, "/type"),
    Pair("type", {}, S, 1, "/type"),
    Pair("type", {"type": ["integer", "boolean"]}, {"type": "boolean"}, 3, "/type"),
    Pair("enum", {"enum": ["a", "b"]}, {"enum": ["a"]}, "b", "/enum"),
    Pair("enum", S, {"type": "string", "enum": ["a"]}, "b", "/enum"),
    Pair("enum", {"enum": [1, True]}, {"enum": [1]}, True, "/enum"),
    Pair("enum", {"type": "boolean"}, {"enum": [True]}, False, "/enum"),
    Pair("const", {"enum": ["a", "b"]}, {"const": "a"}, "b", "/const"),
    Pair("const", S, {"const": "a"}, "b", "/const"),
    Pair("const", {}, {"const": {"a": [1]}}, {"a": [2]}, "/const"),
    Pair("minimum", {"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}, 0, "/minimum"),
    Pair("minimum", I, {"type": "integer", "minimum": 0}, -1, "/minimum"),
    Pair("maximum", {"type": "number", "maximum": 2}, {"type": "number", "maximum": 1.5}, 1.75, "/maximum"),
    Pair("exclusiveMinimum", {"minimum": 0}, {"exclusiveMinimum": 0}, 0, "/exclusiveMinimum"),
    Pair("exclusiveMaximum", {"maximum": 9}, {"exclusiveMaximum": 9}, 9, "/exclusiveMaximum"),
    Pair("multipleOf", I, {"type": "integer", "multipleOf": 5}, 3, "/multipleOf"),
    Pair("multipleOf", {"multipleOf": 2}, {"multipleOf": 4}, 2, "/multipleOf"),
    Pair("minLength", S, {"type": "string", "minLength": 1}, "", "/minLength"),
    Pair("maxLength", {"maxLength": 5}, {"maxLength": 4}, "aaaaa", "/maxLength"),
    Pair("pattern", S, {"type": "string", "pattern": "^a"}, "b", "/pattern"),
    Pair("pattern", {"pattern": "^a"}, {"pattern": "^ab"}, "a", "/pattern"),
    Pair("pattern", {"enum": ["a", "b"]}, {"enum": ["a", "b"], "pattern": "^a"}, "b", "/pattern"),
    Pair("format", S, {"type": "string", "format": "date-time"}, "x", "/format"),
    Pair("format", {"format": "uri-reference"}, {"format": "uri"}, "/x", "/format"),
    Pair("items", {"type": "array"}, LISTED, [1], "/items/type"),
    Pair("items", LISTED, {"type": "array", "items": {"type": "string", "maxLength": 1}}, ["aa"], "/items"),
    Pair("items", LISTED, {"type": "array", "items": False}, ["a"], "/items"),
    Pair("prefixItems", LISTED, {**LISTED, "prefixItems": [{"const": "a"}]}, ["b"], "/prefixItems/0"),
    Pair(
        "prefixItems",
        {"type": "array", "prefixItems": [S, {"type": ["string", "integer"]}]},
        {"type": "array", "prefixItems": [S, S]},
        ["a", 1],
        "/prefixItems/1/type",
    ),
    Pair("minItems", LISTED, {**LISTED, "minItems": 1}, [], "/minItems"),
    Pair("maxItems", {**LISTED, "maxItems": 3}, {**LISTED, "maxItems": 2}, ["a", "b", "c"], "/maxItems"),
    Pair("uniqueItems", LISTED, {**LISTED, "uniqueItems": True}, ["a", "a"], "/uniqueItems"),
    Pair("contains", LISTED, {**LISTED, "contains": {"const": "a"}}, ["b"], "/contains"),
    Pair(
        "minContains",
        {"contains": S},
        {"contains": S, "minContains": 2},
        ["a"],
        "/contains",
    ),
    Pair(
        "maxContains",
        {"contains": S, "maxContains": 2},
        {"contains": S, "maxContains": 1},
        ["a", "b"],
        "/maxContains",
    ),
    Pair(
        "unevaluatedItems",
        {"type": "array", "prefixItems": [S]},
        {"type": "array", "prefixItems": [S], "unevaluatedItems": False},
        ["a", 1],
        "/unevaluatedItems",
    ),
    Pair(
        "properties",
        obj(properties={"a": S, "b": {"type": ["integer", "null"]}}),
        obj(properties=AB),
        {"b": None},
        "/properties/b/type",
    ),
    Pair("properties", obj(properties=AB), obj(properties={"a": S, "b": False}), {"b": 1}, "/properties/b"),
    Pair(
        "properties",
        obj(properties={"in": obj(properties=AB)}),
        obj(properties={"in": obj(properties=AB, required=["b"])}),
        {"in": {}},
        "/properties/in/required",
    ),
    Pair("required", obj(properties=AB), obj(properties=AB, required=["a"]), {"b": 1}, "/required"),
    Pair(
        "additionalProperties",
        obj(properties=AB),
        obj(properties=AB, additionalProperties=False),
        {"c": 1},
        "/additionalProperties",
    ),
    Pair(
        "additionalProperties",
        obj(additionalProperties={"type": ["string", "integer"]}),
        obj(additionalProperties=S),
        {"c": 1},
        "/additionalProperties/type",
    ),
    Pair("additionalProperties", obj(), obj(additionalProperties=S), {"c": 1}, "/additionalProperties"),
    Pair("patternProperties", obj(), obj(patternProperties={"^x": S}), {"x": 1}, "/patternProperties/^x"),
    Pair(
        "patternProperties",
        obj(patternProperties={"^x": {"type": ["string", "null"]}}),
        obj(patternProperties={"^x": S}),
        {"x": None},
        "/patternProperties/^x/type",
    ),
    Pair("propertyNames", obj(), obj(propertyNames={"maxLength": 2}), {"abc": 1}, "/propertyNames"),
    Pair(
        "propertyNames",
        obj(propertyNames={"enum": ["a", "b"]}),
        obj(propertyNames={"enum": ["a"]}),
        {"b": 1},
        "/propertyNames/enum",
    ),
    Pair("minProperties", obj(), obj(minProperties=1), {}, "/minProperties"),
    Pair("maxProperties", obj(), obj(maxProperties=1), {"a": 1, "b": 1}, "/maxProperties"),
    Pair(
        "dependentRequired",
        obj(properties=AB),
        obj(properties=AB, dependentRequired={"a": ["b"]}),
        {"a": "x"},
        "/dependentRequired/a",
    ),
    Pair(
        "dependentSchemas",
        obj(properties=AB),
        obj(properties=AB, dependentSchemas={"a": {"required": ["b"]}}),
        {"a": "x"},
        "/dependentSchemas/a/required",
    ),
    Pair(
        "dependencies",
        obj(properties=AB),
        obj(properties=AB, dependencies={"a": ["b"]}),
        {"a": "x"},
        "/dependentRequired/a",
    ),
    Pair(
        "unevaluatedProperties",
        obj(allOf=[{"properties": AB}]),
        obj(allOf=[{"properties": AB}], unevaluatedProperties=False),
        {"c": 1},
        "/unevaluatedProperties",
    ),
    Pair("allOf", S, {"allOf": [S, {"maxLength": 1}]}, "aa", "/allOf/1/maxLength"),
    Pair("anyOf", {"anyOf": [S, I]}, {"anyOf": [S]}, 1, "/anyOf"),
    Pair("anyOf", {"type": ["string", "integer"]}, {"anyOf": [S, {"const": 1}]}, 2, "/anyOf"),
    Pair("oneOf", {"oneOf": [S, I]}, {"oneOf": [I]}, "a", "/oneOf"),
    Pair("oneOf", {"anyOf": [I, {"type": "number"}]}, {"oneOf": [I, {"type": "number"}]}, 1, "/oneOf"),
    Pair("not", S, {"type": "string", "not": {"const": "a"}}, "a", "/not"),
    Pair("not", {"not": {"const": "a"}}, {"not": S}, "b", "/not"),
    Pair(
        "if",
        obj(properties=AB),
        obj(properties=AB, **{"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        {"a": "x"},
        "/then/required",
    ),
    Pair(
        "then",
        obj(**{"if": {"required": ["a"]}, "then": {"minProperties": 1}}),
        obj(**{"if": {"required": ["a"]}, "then": {"minProperties": 2}}),
        {"a": "x"},
        "/then/minProperties",
    ),
    Pair(
        "else",
        obj(**{"if": {"required": ["a"]}}),
        obj(**{"if": {"required": ["a"]}, "else": {"minProperties": 1}}),
        {},
        "/else/minProperties",
    ),
    Pair(
        "$ref",
        {"$ref": "#/$defs/t", "$defs": {"t": S}},
        {"$ref": "#/$defs/t", "$defs": {"t": {"type": "string", "maxLength": 1}}},
        "aa",
        "/$defs/t/maxLength",
    ),
    Pair(
        "$ref",
        {"$ref": "#t", "$defs": {"t": {"$anchor": "t", "properties": {"next": {"$ref": "#t"}}}}},
        {
            "$ref": "#t",
            "$defs": {"t": {"$anchor": "t", "type": "object", "properties": {"next": {"$ref": "#t"}}}},
        },
        {"next": 1},
        "/$defs/t/type",
    ),
    Pair(
        "$dynamicRef",
        {"$dynamicRef": "#t", "$defs": {"t": {"$dynamicAnchor": "t", "type": ["string", "null"]}}},
        {"$dynamicRef": "#t", "$defs": {"t": {"$dynamicAnchor": "t", "type": "string"}}},
        None,
        "/$defs/t/type",
    ),
    Pair("false", True, False, 1, ""),
]
NAMED = pytest.mark.parametrize("pair", PAIRS, ids=[f"{p.keyword}-{i}" for i, p in enumerate(PAIRS)])


def is_valid(schema: Schema, instance: Any) -> bool:
    return bool(jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(instance))


@NAMED
def test_the_witness_is_taken_by_the_wide_schema_alone(pair: Pair) -> None:
    assert is_valid(pair.wide, pair.witness)
    assert not is_valid(pair.narrow, pair.witness)


@NAMED
def test_narrowing_a_keyword_breaks_at_its_path_and_says_what_to_do(pair: Pair) -> None:
    changes = compare(pair.wide, pair.narrow)
    breaking = [change for change in changes if change.kind == BREAKING]
    assert any(change.path.startswith(pair.path) for change in breaking), changes
    assert all(change.reason and change.advice and change.direction == "backward" for change in breaking)


@NAMED
def test_widening_a_keyword_breaks_nothing(pair: Pair) -> None:
    changes = compare(pair.narrow, pair.wide)
    assert verdict(changes) == "additive", changes


@NAMED
def test_forward_is_backward_with_the_sides_exchanged(pair: Pair) -> None:
    assert verdict(compare(pair.narrow, pair.wide, Mode.FORWARD)) == BREAKING
    assert verdict(compare(pair.wide, pair.narrow, Mode.FORWARD)) == "restrictive"
    for old, new in ((pair.wide, pair.narrow), (pair.narrow, pair.wide)):
        assert verdict(compare(old, new, Mode.FULL)) == BREAKING


def test_no_keyword_is_without_a_pair() -> None:
    assert KNOWN - ANNOTATIONS - {pair.keyword for pair in PAIRS} == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"const": "a"}, {"enum": ["a"]}),
        ({"type": "boolean"}, {"enum": [False, True]}),
        ({"enum": [1, 2]}, {"enum": [2.0, 1]}),
        ({"allOf": [S, {"maxLength": 3}]}, {"type": "string", "maxLength": 3}),
        ({"anyOf": [S, I]}, {"type": ["integer", "string"]}),
        ({"oneOf": [S, I]}, {"anyOf": [I, S]}),
        ({"not": {"not": S}}, S),
        ({"type": "integer", "multipleOf": 1}, I),
        (obj(required=["a"]), obj(required=["a"], minProperties=1)),
        (
            {"type": "array", "prefixItems": [S], "items": False},
            {"type": "array", "prefixItems": [S], "maxItems": 1},
        ),
        (S, {"type": "string", "minimum": 3, "items": False, "required": ["a"], "format": "of-our-own"}),
        (
            S,
            {
                "type": "string",
                "title": "x",
                "contentEncoding": "base64",
                "x-pii": "free_text",
                "examples": ["a"],
            },
        ),
        (
            {"$ref": "#/$defs/t", "$defs": {"t": obj(properties={"next": {"$ref": "#/$defs/t"}})}},
            {"$ref": "#/$defs/u", "$defs": {"u": obj(properties={"next": {"$ref": "#/$defs/u"}})}},
        ),
        ({"if": S, "then": {"maxLength": 3}}, {"anyOf": [{"not": S}, {"maxLength": 3}]}),
    ],
)
def test_what_is_written_otherwise_and_means_the_same_is_no_change(old: Schema, new: Schema) -> None:
    assert verdict(compare(old, new, Mode.FULL)) == NONE
    assert verdict(compare(new, old, Mode.FULL)) == NONE
