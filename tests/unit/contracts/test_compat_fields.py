"""Fields that are removed, renamed and added, and the directions: the specification's rules, stated one by one."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from rastup.contracts.compatibility import (
    ADDITIVE,
    BREAKING,
    NONE,
    RESTRICTIVE,
    Mode,
    compare,
    compare_all,
    verdict,
)

Schema = Any
TEXT = {"type": "string", "maxLength": 9}


def obj(properties: Schema, **more: Any) -> Schema:
    return {"type": "object", "properties": properties, **more}


def reasons(old: Schema, new: Schema, mode: Mode = Mode.BACKWARD) -> dict[str, str]:
    return {c.path: c.reason for c in compare(old, new, mode) if c.kind == BREAKING}


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (obj({"a": TEXT, "b": TEXT}), obj({"a": TEXT}), "/properties/b"),
        (obj({"o": obj({"b": TEXT})}), obj({"o": obj({})}), "/properties/o/properties/b"),
        (
            obj({"l": {"type": "array", "items": obj({"b": TEXT})}}),
            obj({"l": {"type": "array", "items": obj({})}}),
            "/properties/l/items/properties/b",
        ),
        (
            {"$ref": "#/$defs/t", "$defs": {"t": obj({"b": TEXT})}},
            {"$ref": "#/$defs/t", "$defs": {"t": obj({})}},
            "/$defs/t/properties/b",
        ),
        ({"oneOf": [obj({"b": TEXT})]}, {"oneOf": [obj({})]}, "/oneOf/0/properties/b"),
        (obj({"a/b~c": TEXT}), obj({}), "/properties/a~1b~0c"),
        (obj({"if": obj({"b": TEXT})}), obj({"if": obj({})}), "/properties/if/properties/b"),
    ],
)
def test_a_removed_field_breaks_at_any_depth_though_open_objects_take_it(
    old: Schema, new: Schema, path: str
) -> None:
    assert reasons(old, new)[path].endswith("was removed")


def test_a_field_of_the_same_shape_under_another_name_is_a_rename() -> None:
    old = obj({"note": {**TEXT, "description": "What the buyer says."}, "n": {"type": "integer"}})
    new = obj({"remark": {**TEXT, "description": "A remark."}, "n": {"type": "integer"}})
    assert reasons(old, new) == {"/properties/note": "note was renamed to remark"}


def test_of_several_of_one_shape_the_names_that_are_most_alike_belong_together() -> None:
    old, new = obj({"buyer_note": TEXT, "seller": TEXT}), obj({"note": TEXT, "seller_id": TEXT})
    said = set(reasons(old, new).values())
    assert said == {"buyer_note was renamed to note", "seller was renamed to seller_id"}


def test_a_field_of_another_shape_is_no_rename() -> None:
    assert reasons(obj({"a": TEXT}), obj({"b": {"type": "integer"}})) == {"/properties/a": "a was removed"}


def test_a_field_that_moves_into_a_branch_or_a_pattern_is_not_removed() -> None:
    old = obj({"x_a": TEXT})
    assert verdict(compare(old, obj({}, allOf=[{"properties": {"x_a": TEXT}}]))) == NONE
    assert BREAKING not in {
        c.kind for c in compare(old, obj({}, patternProperties={"^x_": TEXT})) if "removed" in c.reason
    }


def test_a_field_that_only_a_condition_still_asks_about_is_removed() -> None:
    rule = {"if": {"properties": {"kind": {"const": "x"}}}, "then": {"required": ["a"]}}
    old, new = obj({"kind": TEXT, "a": TEXT}, **rule), obj({"a": TEXT}, **rule)
    assert reasons(old, new) == {"/properties/kind": "kind was removed"}


def test_what_is_not_described_any_more_is_told_where_it_stood() -> None:
    old = {"type": "array", "items": obj({"a": TEXT}, required=["a"])}
    new = {"type": "array", "items": obj({"b": {"type": "array"}}, required=["a"])}
    pointers = {c.path for c in compare(old, new)}
    assert pointers <= {f"/items/properties/{name}" for name in ("a", "a/type", "a/maxLength", "b")}


@pytest.mark.parametrize("closed", [False, True])
def test_an_added_optional_field_keeps_the_version(closed: bool) -> None:
    more = {"additionalProperties": False} if closed else {}
    old, new = obj({"a": TEXT}, **more), obj({"a": TEXT, "b": TEXT}, **more)
    assert verdict(compare(old, new)) == ADDITIVE
    # Whoever reads by the old contract takes an unknown field only where the object is open.
    assert verdict(compare(old, new, Mode.FORWARD)) == (BREAKING if closed else ADDITIVE)


def test_a_field_that_could_be_sent_and_is_described_more_narrowly_breaks() -> None:
    old = obj({}, additionalProperties={"type": ["string", "integer"]})
    assert reasons(old, obj({"a": {"type": "string"}}, additionalProperties={"type": ["string", "integer"]}))


@pytest.mark.parametrize(
    ("mode", "optional_now", "required_now"),
    [
        (Mode.BACKWARD, ADDITIVE, BREAKING),
        (Mode.FORWARD, BREAKING, RESTRICTIVE),
        (Mode.FULL, BREAKING, BREAKING),
    ],
)
def test_directions_are_those_of_the_field(mode: Mode, optional_now: str, required_now: str) -> None:
    without, with_ = obj({"a": TEXT}), obj({"a": TEXT}, required=["a"])
    assert verdict(compare(with_, without, mode)) == optional_now
    assert verdict(compare(without, with_, mode)) == required_now


def test_transitive_modes_ask_every_earlier_version() -> None:
    first, second = {"type": ["string", "null"]}, {"type": "string"}
    third = {"type": ["string", "integer"]}
    assert [verdict(c) for c in compare_all([first, second], third, Mode.BACKWARD)] == [ADDITIVE]
    found = compare_all([first, second], third, Mode.BACKWARD_TRANSITIVE)
    assert [verdict(c) for c in found] == [BREAKING, ADDITIVE]


def test_a_rule_between_fields_counts_like_a_keyword() -> None:
    rule = {"sum": ["$.payload.a", "$.payload.b"], "total": "$.payload.c"}
    old, new = {"x-rastup": {"v": 1}}, {"x-rastup": {"v": 1, "rules": [rule]}}
    assert list(reasons(old, new)) == ["/x-rastup/rules/0"]
    assert verdict(compare(new, old)) == ADDITIVE


@pytest.mark.parametrize("mode", [Mode.FORWARD, Mode.FULL])
def test_a_required_field_that_is_removed_breaks_those_who_read_the_old_version(mode: Mode) -> None:
    old, new = obj({"a": TEXT}, required=["a"]), obj({})
    assert any(c.direction == "forward" for c in compare(old, new, mode) if c.kind == BREAKING)
    # The same name elsewhere is another field.
    old = obj({"gone": TEXT, "o": obj({"id": TEXT}, required=["id"]), "id": TEXT})
    new = obj({"gone": TEXT, "o": obj({"id": TEXT})})
    assert any("/o" in c.path for c in compare(old, new, mode) if c.kind == BREAKING)


@pytest.mark.parametrize(
    "rule", [{"dependentRequired": {"b": ["c"]}}, {"dependentSchemas": {"b": {"required": ["c"]}}}]
)
def test_what_a_field_asks_for_breaks_though_only_a_branch_names_it(rule: Schema) -> None:
    old = {"type": "object", "anyOf": [obj({"b": TEXT}), obj({"d": TEXT})]}
    assert BREAKING in [c.kind for c in compare(old, {**old, **rule})]
    assert Draft202012Validator(old).is_valid({"b": "x"})
    assert not Draft202012Validator({**old, **rule}).is_valid({"b": "x"})
