"""Flattening: a node's subschemas become one list of terms. `$ref` and `allOf` vanish, wherever a term was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rastup.contracts.compatibility.documents import Place
from rastup.contracts.compatibility.keywords import ATOMS, SCALARS
from rastup.contracts.compatibility.nodes import Contained, Flat, Node, Row, Shape, Term
from rastup.contracts.compatibility.reach import applied, branches, home, transitively

DYNAMIC = ("anyOf", "oneOf", "not", "if", "dependentSchemas", "dependencies")
DECIDING = frozenset(DYNAMIC) - {"not"}


def flatten(node: Node) -> Flat:
    """Takes a node apart."""
    at = home(node.places[0]).pointer if node.places else node.at
    flat = Flat(at, node, types=node.types)
    seen: set[Place] = set()
    for place in node.places:
        _collect(place, flat, seen)
    while due := [place for place in _due(flat) if place not in seen]:
        for place in due:
            _collect(place, flat, seen)
    return flat


def _due(flat: Flat) -> Iterator[Place]:
    """The `dependentSchemas` of fields that are there in any case, where nothing but an object comes in question."""
    if flat.types != {"object"}:
        return
    for term in flat.all("dependentSchemas", "dependencies"):
        for name in flat.required() & term.value.keys():
            yield term.place.below(term.keyword, name)


def _collect(place: Place, flat: Flat, seen: set[Place]) -> None:
    if place in seen:
        return
    seen.add(place)
    if place.raw is True:
        return
    if place.raw is False:
        flat.never = flat.never or place
        return
    for target in applied(place):
        _collect(target, flat, seen)
    for keyword, value in place.raw.items():
        if keyword == "type":
            given = [value] if isinstance(value, str) else value
            flat.types &= frozenset(atom for name in given for atom in ATOMS[name])
        if keyword == "dependencies":
            flat.terms += _old_dependencies(place, value)
        elif keyword in SCALARS or keyword in DYNAMIC or keyword in ("propertyNames", "dependentRequired"):
            flat.terms.append(Term(keyword, value, place))
    _collect_shapes(place, flat)


def _old_dependencies(place: Place, value: dict[str, Any]) -> Iterator[Term]:
    lists = {name: below for name, below in value.items() if isinstance(below, list)}
    schemas = {name: below for name, below in value.items() if not isinstance(below, list)}
    if lists:
        yield Term("dependentRequired", lists, place)
    if schemas:
        yield Term("dependencies", schemas, place)


def _collect_shapes(place: Place, flat: Flat) -> None:
    raw = place.raw
    if raw.keys() & {"properties", "patternProperties", "additionalProperties"}:
        properties, patterns = (
            {name: place.below(keyword, name) for name in raw.get(keyword, {})}
            for keyword in ("properties", "patternProperties")
        )
        is_open = raw.get("additionalProperties", True) in (True, {})
        additional = None if is_open else place.below("additionalProperties")
        flat.shapes.append(Shape(dict(properties), dict(patterns), additional, place.pointer))
    if raw.keys() & {"prefixItems", "items"}:
        prefix = tuple(place.below("prefixItems", index) for index in range(len(raw.get("prefixItems", []))))
        flat.rows.append(Row(prefix, place.below("items") if "items" in raw else None))
    if "contains" in raw:
        lowest, highest = raw.get("minContains", 1), raw.get("maxContains")
        flat.contained.append(Contained(place.below("contains"), lowest, highest, place))
    if raw.get("unevaluatedProperties", True) is not True:
        _collect_unevaluated_properties(place, flat)
    if raw.get("unevaluatedItems", True) is not True:
        _collect_unevaluated_items(place, flat)


def _collect_unevaluated_properties(place: Place, flat: Flat) -> None:
    """Where no branch decides which fields are evaluated, it is `additionalProperties` over all that applies."""
    always = list(transitively([place], lambda _: ()))
    if any("additionalProperties" in p.raw for p in always):
        return  # which evaluates every field
    reached = list(transitively([place], branches))
    if any(
        p is not place and p.raw.keys() & {"unevaluatedProperties", "additionalProperties"} for p in reached
    ):
        flat.terms.append(Term("unevaluatedProperties", place.raw["unevaluatedProperties"], place))
        return
    is_loose = any(p.raw.keys() & DECIDING for p in always)
    properties = {name: None for p in reached for name in p.raw.get("properties", {})}
    patterns = {name: None for p in reached for name in p.raw.get("patternProperties", {})}
    below = place.below("unevaluatedProperties")
    flat.shapes.append(Shape({**properties}, {**patterns}, below, place.pointer, is_loose))
    if is_loose:
        flat.terms.append(Term("unevaluatedProperties", below.raw, place))


def _collect_unevaluated_items(place: Place, flat: Flat) -> None:
    reached = list(transitively([place], branches))
    is_plain = not any(p.raw.keys() & {*DECIDING, "items", "contains"} for p in reached)
    if is_plain and not any(p is not place and "unevaluatedItems" in p.raw for p in reached):
        longest = max(len(p.raw.get("prefixItems", [])) for p in reached)
        flat.rows.append(Row((None,) * longest, place.below("unevaluatedItems")))
    else:
        flat.terms.append(Term("unevaluatedItems", place.raw["unevaluatedItems"], place))
