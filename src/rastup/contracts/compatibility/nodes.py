"""What holds of one instance: subschemas that all apply to it at once, and the same taken apart into keywords."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rastup.contracts.compatibility.documents import Place, canonical, escaped, matcher
from rastup.contracts.compatibility.keywords import ALL_TYPES
from rastup.contracts.compatibility.reach import reached

MOST_CHOICES = 3


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
