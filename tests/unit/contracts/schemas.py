"""Schemas and instances drawn at random: small enough that instances often fit, wide enough to use every keyword."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

Schema = Any
NAMES = ["a", "b", "c"]
FEW: list[Schema] = [True, {"type": "string"}, {"type": "integer"}, {"const": 1}, {"enum": ["x", "y"]}]
VALUES: list[Any] = ["x", "y", "", "xx", "xxxx", 0, 1, 2, 3, -1, 0.5, 1.5, True, False, None, [], {}]


class Draws:
    """Draws from one random generator."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def _now_and_then(self, share: float) -> bool:
        return self._random.random() < share

    def document(self) -> Schema:
        """A schema with definitions that it may refer to."""
        root = self.schema(3)
        return {
            **(root if isinstance(root, dict) else {}),
            "$defs": {"p": self._object(2), "q": self.schema(2)},
        }

    def schema(self, depth: int) -> Schema:
        """A schema that nests at most so deep."""
        if depth <= 0 or self._now_and_then(0.15):
            return copy.deepcopy(self._random.choice(FEW))
        kinds = [
            self._string,
            self._number,
            self._object,
            self._object,
            self._array,
            self._mixed,
            self._branches,
        ]
        if self._now_and_then(0.1):
            return {"$ref": "#/$defs/" + self._random.choice("pq")}
        return self._random.choice(kinds)(depth)

    def _some(self, choices: dict[str, list[Any]], share: float) -> Schema:
        return {
            k: copy.deepcopy(self._random.choice(v)) for k, v in choices.items() if self._now_and_then(share)
        }

    def _string(self, depth: int) -> Schema:
        patterns = ["^x", "^[xy]*$", "^x+$", "y$", "x"]
        lengths = {"minLength": [0, 1, 2], "maxLength": [1, 3, 5], "pattern": patterns}
        return {"type": "string", **self._some(lengths, 0.4)}

    def _number(self, depth: int) -> Schema:
        keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        ends: dict[str, list[Any]] = {keyword: [-1, 0, 0.5, 1, 2, 3] for keyword in keywords}
        steps = {"multipleOf": [0.5, 1, 1.5, 2, 3, 4]}
        kind = self._random.choice(["integer", "number"])
        return {"type": kind, **self._some(ends, 0.3), **self._some(steps, 0.2)}

    def _mixed(self, depth: int) -> Schema:
        kinds = ["string", "integer", "number", "object", "null", "array", "boolean"]
        every = {**self._string(depth), **self._number(depth), **self._object(depth)}
        return {**every, "type": self._random.sample(kinds, self._random.randint(1, 3))}

    def _object(self, depth: int) -> Schema:
        fields = {
            name: self.schema(depth - 1) for name in self._random.sample(NAMES, self._random.randint(0, 3))
        }
        below = [self.schema(depth - 2)]
        frequent = {"required": [["a"], ["b", "c"], []], "additionalProperties": [False, False, True, *below]}
        rare = {
            "patternProperties": [{"^a": below[0]}, {"^[bc]$": below[0]}, {"z": below[0]}],
            "minProperties": [0, 1, 2],
            "maxProperties": [1, 2, 3],
            "propertyNames": [{"pattern": "^[ab]"}, {"maxLength": 1}, {"enum": ["a", "b"]}],
            "dependentRequired": [{"a": ["b"]}, {"c": ["a"]}],
            "dependentSchemas": [{"a": self.schema(depth - 1)}, {"b": self.schema(depth - 1)}],
            "unevaluatedProperties": [False, {"type": "string"}],
        }
        kind = {"type": "object"} if self._now_and_then(0.8) else {}
        return {**kind, "properties": fields, **self._some(frequent, 0.4), **self._some(rare, 0.1)}

    def _array(self, depth: int) -> Schema:
        below = [self.schema(depth - 1), self.schema(depth - 1)]
        contains = {"contains": [below[0]], "minContains": [0, 1, 2], "maxContains": [1, 2]}
        sizes = {
            "minItems": [0, 1, 2],
            "maxItems": [1, 2, 3],
            "uniqueItems": [True],
            "unevaluatedItems": [False],
        }
        entries = {"items": [self.schema(depth - 1)], "prefixItems": [below, below[:1]]}
        return {
            "type": "array",
            **self._some(entries, 0.5),
            **self._some(sizes, 0.2),
            **self._some(contains, 0.3),
        }

    def _branches(self, depth: int) -> Schema:
        base = self.schema(depth - 1) if self._now_and_then(0.6) else {}
        keyword = self._random.choice(["anyOf", "oneOf", "allOf", "not", "if"])
        branches = [self.schema(depth - 1) for _ in range(self._random.randint(1, 3))]
        more: Schema = {keyword: branches if keyword.endswith("Of") else branches[0]}
        if keyword == "if":
            more |= self._some({"then": [self.schema(depth - 1)], "else": [self.schema(depth - 1)]}, 0.7)
        return {**(base if isinstance(base, dict) else {}), **more}

    def changed(self, document: Schema) -> Schema:
        """The document with one or two changes somewhere."""
        changed = json.loads(json.dumps(document))
        for _ in range(self._random.choice([1, 1, 2])):
            part = self._random.choice(_objects(changed))
            removable = [key for key in part if key not in ("$defs", "p", "q")]
            if removable and self._now_and_then(0.4):
                del part[self._random.choice(removable)]
            else:
                more = self.schema(2)
                keys = [key for key in (more if isinstance(more, dict) else {}) if key != "$ref"]
                part |= {key: more[key] for key in self._random.sample(keys, min(len(keys), 1))}
        return changed

    def instance(self, depth: int = 3) -> Any:
        """Any JSON value."""
        kind = self._random.random()
        if depth <= 0 or kind < 0.35:
            return self._random.choice(VALUES)
        if kind < 0.75:
            shares = {**dict.fromkeys(NAMES, 0.5), "zz": 0.15, "ab": 0.15}
            return {
                name: self.instance(depth - 1) for name, share in shares.items() if self._now_and_then(share)
            }
        return [self.instance(depth - 1) for _ in range(self._random.randint(0, 3))]


def _objects(part: Any) -> list[dict[str, Any]]:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    found = [one for entry in below for one in _objects(entry)]
    return [part, *found] if isinstance(part, dict) else found
