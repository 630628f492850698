"""Which subschemas apply to the same instance: in any case, or in some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rastup.contracts.compatibility.documents import Place
from rastup.contracts.compatibility.keywords import ANNOTATIONS


def home(place: Place) -> Place:
    """Where a subschema really stands: a lone `$ref` is followed."""
    for _ in range(64):
        raw = place.raw
        if not isinstance(raw, dict) or "$ref" not in raw or raw.keys() - ANNOTATIONS - {"$ref"}:
            return place
        place = place.document.resolve(raw["$ref"], place.pointer)
    return place


def applied(place: Place) -> Iterator[Place]:
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
    return list(transitively(places, lambda place: branches(place, chosen, asking=False)))


def transitively(places: Iterable[Place], more: Callable[[Place], Iterable[Place]]) -> Iterator[Place]:
    """The subschemas that apply to the same instance in any case, and those that `more` leads to. Objects only."""
    waiting = list(places)
    seen = set(waiting)
    while waiting:
        one = waiting.pop()
        if not isinstance(one.raw, dict):
            continue
        yield one
        below = [*applied(one), *more(one)]
        waiting += [p for p in below if p not in seen]
        seen.update(below)
