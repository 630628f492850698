"""Sizes: `minLength`, `maxLength`, `minItems`, `maxItems`, `minProperties`, `maxProperties`."""

from __future__ import annotations

from collections.abc import Iterator

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.nodes import Flat, Node
from rastup.contracts.compatibility.rules import Questions, Rule, bound_gap, is_met

SIZED = {"Length": "string", "Items": "array", "Properties": "object"}


def sizes(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """The sender's sizes have to lie inside the reader's."""
    flat = ask.flat(sender)
    for term in wanted.all(*(f"{end}{noun}" for end in ("min", "max") for noun in SIZED)):
        noun = term.keyword[3:]
        if SIZED[noun] not in flat.types or is_met(ask, sender, term):
            continue
        if term.keyword.startswith("min"):
            is_inside = smallest(flat, noun) >= term.value
        else:
            most = largest(ask, flat, noun)
            is_inside = most is not None and most <= term.value
        if not is_inside:
            yield bound_gap(flat, term)


def smallest(flat: Flat, noun: str) -> float:
    """The least size that is certain."""
    least = flat.least(f"min{noun}")
    if noun == "Properties":
        least = max(least, len(flat.required()))
    if noun == "Items":
        least = max([least, *(c.lowest for c in flat.contained)])
    return float(least)


def largest(ask: Questions, flat: Flat, noun: str) -> float | None:
    """The greatest size that is possible, or None."""
    found = [flat.most(f"max{noun}")]
    if noun == "Items":
        length = flat.prefix_length()
        found.append(next((i for i in range(length + 1) if ask.is_empty(flat.entry(i))), None))
    if noun == "Properties":
        closed = [s for s in flat.shapes if not s.patterns and s.additional and s.additional.raw is False]
        found += [len(shape.properties) for shape in closed]
    return min((float(size) for size in found if size is not None), default=None)


RULES: tuple[Rule, ...] = (sizes,)
