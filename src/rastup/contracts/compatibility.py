"""Compatibility of two JSON Schemas: does the new one take everything that the old one took?

The rule of the specification: an added optional field keeps the version; removing or renaming a field, requiring one, or
narrowing a type, enum, range, length, pattern, format, array or object breaks it. Where meaning cannot be compared (two
patterns, rearranged `oneOf` branches), a difference counts as breaking: a false alarm costs a version, a miss costs data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BREAKING, ADDITIVE, NONE = "breaking", "additive", "none"
ANNOTATIONS = {
    *("$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated", "readOnly"),
    *("writeOnly", "$anchor", "$defs", "definitions", "contentMediaType"),
}
LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
COMPARED = {"type", "enum", "const", "required", "properties", "additionalProperties", "items", "$ref"}
ALL_TYPES = frozenset({"string", "number", "integer", "boolean", "null", "object", "array"})

Schema = Any


@dataclass(frozen=True)
class Change:
    """One difference: a JSON pointer into the new schema (into the old one for what is gone), what kind, and why."""

    path: str
    kind: str
    reason: str


def compare(old: Schema, new: Schema) -> list[Change]:
    """Every difference that matters to a sender, breaking ones first."""
    found = list(_Comparison(old, new).walk(old, new, "", ""))
    return sorted(set(found), key=lambda c: (c.kind != BREAKING, c.path, c.reason))


def verdict(changes: list[Change]) -> str:
    """`breaking`, `additive` or `none`."""
    return BREAKING if any(c.kind == BREAKING for c in changes) else ADDITIVE if changes else NONE


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()

    def walk(self, old: Schema, new: Schema, old_at: str, at: str) -> Iterator[Change]:
        old, old_at = _resolve(self._old, old, old_at)
        new, at = _resolve(self._new, new, at)
        if (old_at, at) in self._seen or (_plain(old) == _plain(new) and not _has_ref(old)):
            return
        self._seen.add((old_at, at))
        if old is False or new is True or new == {}:
            if old is not new:
                yield Change(at, ADDITIVE, "takes anything now")
            return
        if new is False:
            yield Change(at, BREAKING, "takes nothing any more")
            return
        old = {} if old is True else old
        yield from _types(old, new, at)
        yield from _values(old, new, at)
        yield from _bounds(old, new, at)
        yield from self._object(old, new, old_at, at)
        yield from self._children(old, new, old_at, at)
        yield from _others(old, new, at)

    def _object(
        self, old: Mapping[str, Any], new: Mapping[str, Any], old_at: str, at: str
    ) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required = set(old.get("required", []))
        for name in sorted(set(new.get("required", [])) - required):
            yield Change(f"{at}/required", BREAKING, f"{name} is required now")
        for name in sorted(required - set(new.get("required", []))):
            if name in after:
                yield Change(f"{at}/required", ADDITIVE, f"{name} is optional now")
        for name in sorted(before.keys() - after.keys()):
            yield Change(f"{at}/properties/{name}", BREAKING, f"{name} was removed or renamed")
        for name in sorted(after.keys() - before.keys()):
            # An unknown field was taken before, flagged and kept: describing it now does not count as narrowing.
            yield Change(f"{at}/properties/{name}", ADDITIVE, f"{name} was added")
        for name in sorted(before.keys() & after.keys()):
            below = f"/properties/{name}"
            yield from self.walk(before[name], after[name], old_at + below, at + below)
        yield from self._openness(old, new, old_at, at)

    def _openness(
        self, old: Mapping[str, Any], new: Mapping[str, Any], old_at: str, at: str
    ) -> Iterator[Change]:
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        below = f"{at}/additionalProperties"
        if before is True and after is not True:
            yield Change(
                below,
                BREAKING,
                "the object is closed now" if after is False else "other fields are restricted now",
            )
        elif before is not True and after is True:
            yield Change(at, ADDITIVE, "the object is open now")
        elif before is not True:
            yield from self.walk(before, after, f"{old_at}/additionalProperties", below)

    def _children(
        self, old: Mapping[str, Any], new: Mapping[str, Any], old_at: str, at: str
    ) -> Iterator[Change]:
        if "items" in old and "items" in new:
            yield from self.walk(old["items"], new["items"], f"{old_at}/items", f"{at}/items")
        elif "items" in new:
            yield Change(f"{at}/items", BREAKING, "entries are restricted now")
        elif "items" in old:
            yield Change(f"{at}/items", ADDITIVE, "entries are free now")


def _resolve(root: Schema, schema: Schema, at: str) -> tuple[Schema, str]:
    """Follows `$ref` within the document; keywords beside it are joined to what it names."""
    for _ in range(32):
        if not isinstance(schema, dict) or not str(schema.get("$ref", "")).startswith("#/"):
            return schema, at
        target = root
        for part in schema["$ref"][2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        beside = {k: v for k, v in schema.items() if k != "$ref"}
        at = schema["$ref"][1:]
        schema = {**target, **beside} if isinstance(target, dict) else target
    return schema, at


def _has_ref(schema: Schema) -> bool:
    if isinstance(schema, dict):
        return "$ref" in schema or any(_has_ref(value) for key, value in schema.items() if key != "$defs")
    return isinstance(schema, list) and any(_has_ref(value) for value in schema)


def _plain(schema: Schema) -> Schema:
    """A schema without what only people read, with order that does not matter taken away."""
    if isinstance(schema, list):
        return [_plain(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {k: _plain(v) for k, v in schema.items() if k not in ANNOTATIONS and not k.startswith("x-")}
    if isinstance(schema.get("properties"), dict):
        plain["properties"] = {name: _plain(below) for name, below in schema["properties"].items()}
    if "required" in plain:
        plain["required"] = sorted(plain["required"])
    if isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"]]
    return plain


def _type_set(schema: Mapping[str, Any]) -> frozenset[str]:
    given = schema.get("type")
    types = ALL_TYPES if given is None else frozenset([given] if isinstance(given, str) else given)
    return types | {"integer"} if "number" in types else types


def _types(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[Change]:
    before, after = _type_set(old), _type_set(new)
    path = f"{at}/type"
    if lost := before - after:
        yield Change(path, BREAKING, f"no longer takes {', '.join(sorted(lost))}")
    elif after - before:
        yield Change(path, ADDITIVE, f"also takes {', '.join(sorted(after - before))}")


def _values(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[Change]:
    before, after = _allowed(old), _allowed(new)
    path = f"{at}/enum" if "enum" in old and "enum" in new else at
    if after is None:
        if before is not None:
            yield Change(path, ADDITIVE, "any value is allowed now")
    elif before is None:
        yield Change(path, BREAKING, "only listed values are allowed now")
    elif lost := [value for value in before if value not in after]:
        yield Change(path, BREAKING, f"no longer allows {', '.join(map(str, lost))}")
    elif gained := [value for value in after if value not in before]:
        yield Change(path, ADDITIVE, f"also allows {', '.join(map(str, gained))}")


def _allowed(schema: Mapping[str, Any]) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _bounds(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[Change]:
    for keyword in sorted(LOWER | UPPER):
        if old.get(keyword) == new.get(keyword):
            continue
        if keyword not in new:
            yield Change(f"{at}/{keyword}", ADDITIVE, f"{keyword} was removed")
        elif keyword not in old:
            yield Change(
                f"{at}" if keyword.startswith("exclusive") else f"{at}/{keyword}",
                BREAKING,
                f"{keyword} was added",
            )
        else:
            is_wider = (new[keyword] < old[keyword]) == (keyword in LOWER)
            change = f"{keyword} went from {old[keyword]} to {new[keyword]}"
            yield Change(f"{at}/{keyword}", ADDITIVE if is_wider else BREAKING, change)


def _others(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[Change]:
    """Keywords whose meaning is not compared: gone is wider, new or different is narrower."""
    handled = COMPARED | LOWER | UPPER | ANNOTATIONS
    keywords = {k for k in old.keys() | new.keys() if k not in handled and not k.startswith("x-")}
    for keyword in sorted(keywords):
        before, after = _plain(old.get(keyword)), _plain(new.get(keyword))
        if before == after and (keyword in old) == (keyword in new):
            continue
        if keyword not in new:
            is_wider = keyword not in ("else", "then", "if") or not {"if", "then", "else"} & new.keys()
            yield Change(f"{at}/{keyword}", ADDITIVE if is_wider else BREAKING, f"{keyword} was removed")
        elif keyword in ("anyOf", "type") and keyword in old and all(branch in after for branch in before):
            yield Change(f"{at}/{keyword}", ADDITIVE, f"{keyword} has another branch")
        else:
            verb = "changed" if keyword in old else "added"
            yield Change(f"{at}/{keyword}", BREAKING, f"{keyword} was {verb}")
