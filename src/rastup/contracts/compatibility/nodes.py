"""What holds of one instance: subschemas that all apply to it at once, taken apart into keywords.

`$ref` and `allOf` vanish here: whatever applies in any case is one list of terms, wherever it was written.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rastup.contracts.compatibility.documents import Place, canonical, escaped, matcher
from rastup.contracts.compatibility.keywords import ALL_TYPES, ANNOTATIONS, ATOMS, SCALARS

MOST_CHOICES = 3
DYNAMIC = ("anyOf", "oneOf", "not", "if", "dependentSchemas", "dependencies")
DECIDING = frozenset(DYNAMIC) - {"not"}


@dataclass(frozen=True)
class Node:
    """An instance of which something is known.

    Attributes:
        places: subschemas that take it.
        excluded: subschemas that do not take it.
        needs: fields that it has.
        types: what it may be, where that is known from elsewhere.
        chosen: disjunctions, by pointer, of which `places` has a branch already.
        at: the pointer to show when nothing is known of it.
        depth: how deep it lies inside the instance that the comparison began with.
    """

    places: tuple[Place, ...] = ()
    excluded: frozenset[Place] = frozenset()
    needs: frozenset[str] = frozenset()
    types: frozenset[str] = ALL_TYPES
    chosen: frozenset[str] = frozenset()
    at: str = field(default="", compare=False)
    depth: int = field(default=0, compare=False)

    def joined(self, *places: Place | None, **changes: Any) -> Node:
        """The same instance, of which more is known."""
        more = tuple(p for p in dict.fromkeys(places) if p is not None and p not in self.places)
        return replace(self, places=self.places + more, **changes)


@dataclass(frozen=True)
class Term:
    """One keyword and its value; `place` is the subschema in which it stands."""

    keyword: str
    value: Any
    place: Place

    @property
    def at(self) -> str:
        """Its pointer."""
        return f"{self.place.pointer}/{self.keyword}"


@dataclass(frozen=True)
class Shape:
    """What one subschema says of fields; a field of `properties` that is None may hold anything.

    `is_loose` marks one that says too little on purpose: true of every instance, but not all that is asked for.
    """

    properties: dict[str, Place | None]
    patterns: dict[str, Place | None]
    additional: Place | None
    at: str
    is_loose: bool = False

    def of(self, name: str) -> list[Place]:
        """The subschemas that a field of that name has to match."""
        found = [self.properties[name]] if name in self.properties else []
        found += [place for pattern, place in self.patterns.items() if matcher(pattern).is_valid(name)]
        if not found and not self.names(name):
            found = [self.additional]
        return [place for place in found if place is not None]

    def names(self, name: str) -> bool:
        """Whether it knows a field of that name."""
        return name in self.properties or any(matcher(p).is_valid(name) for p in self.patterns)


@dataclass(frozen=True)
class Row:
    """What one subschema says of an array's entries; one of `prefix` that is None may be anything."""

    prefix: tuple[Place | None, ...]
    items: Place | None

    def of(self, index: int) -> Place | None:
        """The subschema of the entry at that index."""
        return self.prefix[index] if index < len(self.prefix) else self.items


@dataclass(frozen=True)
class Contained:
    """How many entries match: at least `lowest`, at most `highest`."""

    place: Place
    lowest: int
    highest: int | None
    owner: Place


@dataclass
class Flat:
    """A node taken apart."""

    at: str
    node: Node
    types: frozenset[str] = ALL_TYPES
    terms: list[Term] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    contained: list[Contained] = field(default_factory=list)
    never: Place | None = None

    def values(self, keyword: str) -> list[Any]:
        """The values of a keyword, one for each time it stands there."""
        return [term.value for term in self.terms if term.keyword == keyword]

    def all(self, *keywords: str) -> Iterator[Term]:
        """The terms of those keywords."""
        return (term for term in self.terms if term.keyword in keywords)

    @property
    def depth(self) -> int:
        """How deep it lies inside the instance that the comparison began with."""
        return self.node.depth

    @functools.cached_property
    def named_later(self) -> frozenset[str]:
        """Fields that only branches name, which have not been chosen yet."""
        found = reached(self.node.places, self.node.chosen)
        return frozenset(name for place in found for name in place.raw.get("properties", {}))

    def required(self) -> frozenset[str]:
        """Fields that are there in any case."""
        return self.node.needs.union(*self.values("required"))

    def allowed(self) -> dict[str, Any] | None:
        """The listed values by their canonical text; None when any value may come."""
        found: dict[str, Any] | None = None
        for term in self.all("enum", "const"):
            listed = [term.value] if term.keyword == "const" else term.value
            values = {canonical(value): value for value in listed}
            found = values if found is None else {k: v for k, v in found.items() if k in values}
        return found

    def where(self, keyword: str) -> str:
        """The pointer of a keyword, or the one that it would have."""
        return next((term.at for term in self.all(keyword)), f"{self.at}/{keyword}")

    def child(self, name: str) -> Node:
        """What is known of the field of that name."""
        places = (place for shape in self.shapes for place in shape.of(name))
        return Node(at=f"{self.at}/properties/{escaped(name)}", depth=self.depth + 1).joined(*places)

    def names(self, name: str) -> bool:
        """Whether the object says anything of a field of that name."""
        return name in self.required() or any(shape.names(name) or shape.of(name) for shape in self.shapes)

    def others(self) -> Node:
        """What is known of fields that nothing names."""
        places = (shape.additional for shape in self.shapes)
        return Node(at=f"{self.at}/additionalProperties", depth=self.depth + 1).joined(*places)

    def entry(self, index: int) -> Node:
        """What is known of the entry at that index."""
        return Node(at=f"{self.at}/items", depth=self.depth + 1).joined(*(row.of(index) for row in self.rows))

    def prefix_length(self) -> int:
        """How many entries may be described one by one."""
        return max((len(row.prefix) for row in self.rows), default=0)

    def most(self, keyword: str) -> Any:
        """The tightest upper bound, or None."""
        return min(self.values(keyword), default=None)

    def least(self, keyword: str) -> Any:
        """The tightest lower bound; 0 without one."""
        return max(self.values(keyword), default=0)


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


def home(place: Place) -> Place:
    """Where a subschema really stands: a lone `$ref` is followed."""
    for _ in range(64):
        raw = place.raw
        if not isinstance(raw, dict) or "$ref" not in raw or raw.keys() - ANNOTATIONS - {"$ref"}:
            return place
        place = place.document.resolve(raw["$ref"], place.pointer)
    return place


def _collect(place: Place, flat: Flat, seen: set[Place]) -> None:
    if place in seen:
        return
    seen.add(place)
    if place.raw is True:
        return
    if place.raw is False:
        flat.never = flat.never or place
        return
    for target in _applied(place):
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
    always = list(_reached([place], lambda _: ()))
    if any("additionalProperties" in p.raw for p in always):
        return  # which evaluates every field
    reached = list(_reached([place], branches))
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
    reached = list(_reached([place], branches))
    is_plain = not any(p.raw.keys() & {*DECIDING, "items", "contains"} for p in reached)
    if is_plain and not any(p is not place and "unevaluatedItems" in p.raw for p in reached):
        longest = max(len(p.raw.get("prefixItems", [])) for p in reached)
        flat.rows.append(Row((None,) * longest, place.below("unevaluatedItems")))
    else:
        flat.terms.append(Term("unevaluatedItems", place.raw["unevaluatedItems"], place))


def _applied(place: Place) -> Iterator[Place]:
    """The subschemas that apply to the same instance in any case."""
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in place.raw:
            yield place.document.resolve(place.raw[keyword], place.pointer)
    for index in range(len(place.raw.get("allOf", []))):
        yield place.below("allOf", index)


def branches(place: Place, chosen: frozenset[str] = frozenset(), *, asking: bool = True) -> Iterator[Place]:
    """The subschemas that may apply to the same instance.

    `not` is left out, and so are disjunctions that are chosen and, unless `asking`, the conditions of `if`.
    """
    for keyword in ("anyOf", "oneOf"):
        if f"{place.pointer}/{keyword}" in chosen:
            continue
        for index in range(len(place.raw.get(keyword, []))):
            yield place.below(keyword, index)
    for keyword in ("if", "then", "else") if asking else ("then", "else"):
        if keyword in place.raw and "if" in place.raw and f"{place.pointer}/if" not in chosen:
            yield place.below(keyword)
    for keyword in ("dependentSchemas", "dependencies"):
        for name, below in place.raw.get(keyword, {}).items():
            if not isinstance(below, list):
                yield place.below(keyword, name)


def reached(places: Iterable[Place], chosen: frozenset[str] = frozenset()) -> list[Place]:
    """Every subschema that describes, in any case or in some, the instance that all the places are about.

    Without the conditions of `if`: they ask about fields and do not describe them.
    """
    return list(_reached(places, lambda place: branches(place, chosen, asking=False)))


def _reached(places: Iterable[Place], more: Callable[[Place], Iterable[Place]]) -> Iterator[Place]:
    """The subschemas that apply to the same instance in any case, and those that `more` leads to. Objects only."""
    waiting = list(places)
    seen = set(waiting)
    while waiting:
        one = waiting.pop()
        if not isinstance(one.raw, dict):
            continue
        yield one
        below = [*_applied(one), *more(one)]
        waiting += [p for p in below if p not in seen]
        seen.update(below)
