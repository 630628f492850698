"""AppSync's scalars."""

from __future__ import annotations

import json
from typing import Any

import orjson
from ariadne import ScalarType
from graphql import GraphQLError, ValueNode
from graphql.utilities import value_from_ast_untyped


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise GraphQLError(f"AWSJSON: not JSON: {error.msg[:120]} at character {error.pos}.") from error


def _json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    value = value_from_ast_untyped(node, variables)
    if isinstance(value, str):
        return _json(value)
    try:  # literals may hold numbers that JSON has not
        return orjson.loads(json.dumps(value, allow_nan=False))
    except ValueError as error:
        raise GraphQLError("AWSJSON: a number is not finite.") from error


def _moment(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("AWSDateTime: expected text, for example 2026-11-06T15:24:18.123Z.")
    return value  # the contract judges it, and says where it is wrong


SCALARS = (
    ScalarType("AWSJSON", value_parser=_json, literal_parser=_json_literal),
    ScalarType("AWSDateTime", value_parser=_moment),
)
