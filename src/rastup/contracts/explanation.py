"""Why a record was refused: where, what was expected, what came. Never repeats text that a person may have written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import ValidationError

SCHEMA_INVALID = "EVENT_SCHEMA_INVALID"
ENVELOPE_INVALID = "EVENT_ENVELOPE_INVALID"
CONTRACT_PARTS = ("ids", "money", "payload")
_PLAIN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the specification's code, a JSON path such as `$.payload.result_pos`, and a sentence."""

    code: str
    path: str
    message: str


def explain(validator: Any, record: Any) -> Finding | None:
    """The first error of a record: those of the envelope before those of the event, then by path."""
    if not isinstance(record, dict):
        return Finding(ENVELOPE_INVALID, "$", f"expected an object, got {_kind(record)}")
    try:
        findings = [_finding(error) for error in validator.iter_errors(record)]
    except ValueError as error:  # what the validator says of a record that it cannot convert
        raise RecursionError(str(error)) from error
    return min(findings, key=lambda f: (f.code != ENVELOPE_INVALID, f.path)) if findings else None


def _finding(error: ValidationError) -> Finding:
    path = error.instance_path
    kind: Any = error.kind  # which attributes it has depends on its name
    if kind.name == "required":
        return _at([*path, kind.property], "required, but missing")
    if kind.name == "additionalProperties":
        return _at([*path, next(iter(kind.unexpected), "")], "unknown field; this object is closed")
    return _at(path, f"expected {_expected(error)}, got {describe(error.instance)}")


def _at(path: list[str | int], message: str) -> Finding:
    is_events = bool(path) and path[0] in CONTRACT_PARTS and path != ["payload"] and path != ["ids"]
    return Finding(SCHEMA_INVALID if is_events else ENVELOPE_INVALID, json_path(path), message)


def _expected(error: ValidationError) -> str:
    kind: Any = error.kind
    match kind.name:
        case "type":
            return " or ".join(kind.types)
        case "enum":
            return "one of " + ", ".join(str(option) for option in kind.options)
        case "pattern":
            return f"text that matches {kind.pattern}"
        case "format":
            return "an RFC 3339 date-time" if kind.format == "date-time" else f"a {kind.format}"
        case "minimum":
            return f"at least {kind.limit}"
        case "maximum":
            return f"at most {kind.limit}"
        case "minLength":
            return f"at least {kind.limit} characters"
        case "maxLength":
            return f"at most {kind.limit} characters"
        case "minItems" | "minProperties":
            return f"at least {kind.limit} entries"
        case "maxItems" | "maxProperties":
            return f"at most {kind.limit} entries"
        case _:
            return f"what `{kind.name}` of the contract asks for"


def describe(value: Any) -> str:
    """A value as an error may show it: numbers as they are, text only by its length."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return str(value)[:40] if abs(value) < 1e300 else "a huge number"
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    return _kind(value)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return describe(value)


def json_path(parts: list[str | int]) -> str:
    """`$.payload.items[3].x`; a key that is not plain is quoted and shortened."""
    path = "$"
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _PLAIN_KEY.match(part):
            path += f".{part}"
        else:
            path += f"[{part[:32]!a}]"
    return path
