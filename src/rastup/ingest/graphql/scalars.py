"""AppSync's scalars."""

from __future__ import annotations

import json
from typing import Any

import orjson
from ariadne import ScalarType
from graphql import GraphQLError, ListValueNode, ObjectValueNode, Undefined, ValueNode
from graphql.utilities import value_from_ast_untyped


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise GraphQLError(f"AWSJSON: not JSON: {error.msg[:120]} at character {error.pos}.") from error


def _json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    value = _plain(node, variables)
    if isinstance(value, str):
        return _json(value)
    try:  # literals may hold numbers that JSON has not
        return orjson.loads(json.dumps(value, allow_nan=False))
    except ValueError as error:
        raise GraphQLError("AWSJSON: a number is not finite.") from error
    except RecursionError:
        raise GraphQLError("AWSJSON: nested too deep.") from None


def _plain(node: ValueNode, variables: dict[str, Any] | None) -> Any:
    """The value of a literal. A variable that was not given leaves its field out, or is a null in a list.

    Validation asks without variables, and again nothing is wrong with those that are missing.
    """
    if isinstance(node, ObjectValueNode):
        fields = {field.name.value: _plain(field.value, variables) for field in node.fields}
        return {name: value for name, value in fields.items() if value is not Undefined}
    if isinstance(node, ListValueNode):
        items = [_plain(item, variables) for item in node.values]
        return [None if item is Undefined else item for item in items]
    return value_from_ast_untyped(node, variables)


def _moment(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("AWSDateTime: expected text, for example 2026-11-06T15:24:18.123Z.")
    return value  # the contract judges it, and says where it is wrong


SCALARS = (
    ScalarType("AWSJSON", value_parser=_json, literal_parser=_json_literal),
    ScalarType("AWSDateTime", value_parser=_moment),
)
