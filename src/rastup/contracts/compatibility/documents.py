"""Schema documents: read with limits, checked before anything else looks at them, their references resolved.

What is wrong with a document is said once, here, as a `ConfigError` that names the document and the pointer.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

import jsonschema_rs

from rastup.contracts.compatibility.keywords import KNOWN, LISTS, MAPS, SINGLES
from rastup.core.errors import ConfigError

DEEPEST = 128
MOST_PARTS = 500_000
OWN_URI = "urn:rastup:compared-schema"

Schema = Any


class Document:
    """A JSON Schema 2020-12 document whose parts can be looked up by pointer.

    Args:
        schema: the parsed JSON.
        name: what errors call it.

    Raises:
        ConfigError: it is no schema, nests too deep, or has an invalid regular expression or a reference to nowhere.
    """

    def __init__(self, schema: Schema, name: str = "the schema") -> None:
        self.root, self.name = schema, name
        if not isinstance(schema, dict | bool):
            raise ConfigError(f"{name}: a schema is a JSON object or a boolean, not {_kind(schema)}.")
        self._check_size()
        self._check_meta()
        self._uri = str(schema.get("$id") or "") if isinstance(schema, dict) else ""
        self._resources: dict[str, str] = {}
        self._anchors: dict[tuple[str, str], str] = {}
        self._validators: dict[str, Any] = {}
        self.unknown: list[str] = []
        self._read_subschemas()

    def at(self, pointer: str) -> Schema:
        """The part at a pointer.

        Raises:
            KeyError: there is none.
        """
        part = self.root
        for step in pointer.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
                part = part[int(step)]
            elif isinstance(part, dict):
                part = part[step]
            else:
                raise KeyError(pointer)
        return part

    def place(self, pointer: str = "") -> Place:
        """The subschema at a pointer."""
        return Place(self, pointer, self.at(pointer))

    def resolve(self, reference: str, at: str) -> Place:
        """What a `$ref` that stands at the pointer `at` refers to.

        Raises:
            ConfigError: nothing in this document, or nothing that is a schema.
        """
        resource = self._resource_of(at)
        uri, fragment = urldefrag(reference)
        if uri:
            base = next(u for u, p in self._resources.items() if p == resource)
            wanted = urljoin(base, uri)
            if wanted not in self._resources:
                raise self._unresolved(reference, at, "only references within the document are followed")
            resource = self._resources[wanted]
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            found = self._anchors.get((resource, fragment))
            if found is None:
                raise self._unresolved(reference, at, "there is no such `$anchor`")
            return self.place(found)
        try:
            place = self.place(resource + fragment)
        except KeyError:
            raise self._unresolved(reference, at, "there is nothing at that pointer") from None
        if not isinstance(place.raw, dict | bool):
            raise self._unresolved(reference, at, "what is there is not a schema")
        return place

    def is_valid(self, pointer: str, instance: Any) -> bool:
        """Whether the subschema at the pointer takes the instance, by the validator that the collector uses."""
        if pointer not in self._validators:
            self._validators[pointer] = self._compile(pointer)
        return bool(self._validators[pointer].is_valid(instance))

    def _compile(self, pointer: str) -> Any:
        if isinstance(self.root, bool):
            return validator(self.root)
        is_absolute = "://" in self._uri or self._uri.startswith("urn:")
        uri = urldefrag(self._uri)[0] if is_absolute else OWN_URI
        reference = f"{uri}#{quote(pointer)}"
        return validator({"$ref": reference, "$defs": {"document": {**self.root, "$id": uri}}})

    def _check_size(self) -> None:
        parts, level = 0, [self.root]
        for depth in range(DEEPEST + 1):
            parts += len(level)
            if parts > MOST_PARTS:
                raise ConfigError(
                    f"{self.name}: more than {MOST_PARTS:,} parts; split it into several events."
                )
            level = [below for part in level for below in _below(part)]
            if not level:
                return
            if depth == DEEPEST:
                raise ConfigError(f"{self.name}: nests deeper than {DEEPEST} levels; flatten it.")

    def _check_meta(self) -> None:
        declared = self.root if isinstance(self.root, bool) else {**self.root, "$schema": DIALECT}
        try:
            jsonschema_rs.meta.validate(declared)
        except jsonschema_rs.ValidationError as error:
            at = "/" + "/".join(map(str, error.instance_path)) if error.instance_path else ""
            reason = error.message if len(error.message) < 200 else error.message[:200] + "…"
            raise ConfigError(
                f"{self.name}: not a JSON Schema 2020-12 at `{at or '/'}`: {reason}."
            ) from error
        except (ValueError, OverflowError) as error:
            raise ConfigError(f"{self.name}: not a JSON Schema 2020-12: {error}.") from error

    def _read_subschemas(self) -> None:
        self._resources[urldefrag(self._uri)[0]] = ""
        references: list[tuple[str, str]] = []
        for pointer, schema in subschemas(self.root, ""):
            if pointer and isinstance(schema.get("$id"), str):
                base = next(u for u, p in self._resources.items() if p == self._resource_of(pointer))
                self._resources.setdefault(urldefrag(urljoin(base, schema["$id"]))[0], pointer)
            for keyword in ("$anchor", "$dynamicAnchor"):
                if keyword in schema:
                    self._anchors.setdefault((self._resource_of(pointer), schema[keyword]), pointer)
            references += [(schema[k], pointer) for k in ("$ref", "$dynamicRef") if k in schema]
            self._check_patterns(schema, pointer)
            self.unknown += [f"{pointer}/{k}" for k in schema if k not in KNOWN and not k.startswith("x-")]
        for reference, pointer in references:
            self.resolve(reference, pointer)
        if references:
            self._check_circles()

    def _check_circles(self) -> None:
        """Refuses a schema that asks itself about the same instance: no validator could end."""
        done: set[str] = set()
        for start, _ in subschemas(self.root, ""):
            trail: dict[str, Iterator[Place]] = {}
            place: Place | None = self.place(start)
            while place is not None:
                if place.pointer in trail:
                    raise ConfigError(
                        f"{self.name}: the schema at `{place.pointer or '/'}` refers to itself without going deeper "
                        "into the instance; let one of the references on the way stand below a field or an entry."
                    )
                if place.pointer not in done:
                    trail[place.pointer] = iter(list(_beside(place)))
                place = None
                while trail and place is None:
                    last = next(reversed(trail))
                    place = next(trail[last], None)
                    if place is None:
                        done.add(last)
                        del trail[last]

    def _check_patterns(self, schema: dict[str, Any], pointer: str) -> None:
        found = [(schema["pattern"], "pattern")] if "pattern" in schema else []
        found += [(pattern, "patternProperties") for pattern in schema.get("patternProperties", {})]
        for pattern, keyword in found:
            if not _is_regex(pattern):
                raise ConfigError(
                    f"{self.name}: {pattern!r} at `{pointer}/{keyword}` is not a regular expression of ECMA 262."
                )

    def _resource_of(self, pointer: str) -> str:
        inside = [p for p in self._resources.values() if pointer == p or pointer.startswith(p + "/")]
        return max(inside, key=len, default="")

    def _unresolved(self, reference: str, at: str, why: str) -> ConfigError:
        return ConfigError(f"{self.name}: `$ref` {reference!r} at `{at or '/'}` leads nowhere: {why}.")


DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Place:
    """A subschema and where it stands. Two are the same when they stand at the same place of the same document."""

    document: Document
    pointer: str
    raw: Schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self.document is other.document and self.pointer == other.pointer

    def __hash__(self) -> int:
        return hash((id(self.document), self.pointer))

    def below(self, *steps: str | int) -> Place:
        """The part of it that those steps lead to."""
        raw, pointer = self.raw, self.pointer
        for step in steps:
            raw = raw[step]
            pointer = f"{pointer}/{escaped(step)}"
        return Place(self.document, pointer, raw)

    def is_valid(self, instance: Any) -> bool:
        """Whether it takes the instance."""
        return self.document.is_valid(self.pointer, instance)


def subschemas(schema: Schema, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema that is an object, with its pointer, parents first."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for keyword, value in schema.items():
        at = f"{pointer}/{escaped(keyword)}"
        if keyword in SINGLES:
            yield from subschemas(value, at)
        elif keyword in MAPS and isinstance(value, dict):
            for name, below in value.items():
                yield from subschemas(below, f"{at}/{escaped(name)}")
        elif keyword in LISTS and isinstance(value, list):
            for index, below in enumerate(value):
                yield from subschemas(below, f"{at}/{index}")


def _beside(place: Place) -> Iterator[Place]:
    """The subschemas that a validator asks about the same instance."""
    raw = place.raw if isinstance(place.raw, dict) else {}
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in raw:
            yield place.document.resolve(raw[keyword], place.pointer)
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from (place.below(keyword, index) for index in range(len(raw.get(keyword, []))))
    yield from (place.below(keyword) for keyword in ("not", "if", "then", "else") if keyword in raw)
    for keyword in ("dependentSchemas", "dependencies"):
        for name, below in raw.get(keyword, {}).items():
            if not isinstance(below, list):
                yield place.below(keyword, name)


def escaped(step: str | int) -> str:
    """A step of a JSON pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def validator(schema: Schema) -> Any:
    """The collector's validator; nothing is fetched from anywhere."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


@functools.lru_cache(maxsize=4096)
def matcher(pattern: str) -> Any:
    """A validator that takes the texts that match the pattern."""
    return validator({"pattern": pattern})


def canonical(value: Any) -> str:
    """One text for equal JSON values: `1` and `1.0` are equal, `1` and `true` are not."""
    return json.dumps(_plain_number(value), sort_keys=True, separators=(",", ":"))


def _plain_number(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain_number(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain_number(below) for key, below in value.items()}
    return value


def _is_regex(pattern: str) -> bool:
    try:
        matcher(pattern)
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True


def _below(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return list(part.values())
    return part if isinstance(part, list) else []


def _kind(value: Any) -> str:
    return {list: "an array", str: "a text", type(None): "null"}.get(type(value), "a number")
