"""Emptiness: is it certain that a node has no instance?"""

from __future__ import annotations

from dataclasses import replace

from rastup.contracts.compatibility import conditions, values
from rastup.contracts.compatibility.fingerprints import fingerprint
from rastup.contracts.compatibility.keywords import NUMERIC
from rastup.contracts.compatibility.nodes import MOST_CHOICES, Flat, Node
from rastup.contracts.compatibility.numbers import bounds
from rastup.contracts.compatibility.rules import Questions
from rastup.contracts.compatibility.sizes import SIZED, largest, smallest


def is_barren(ask: Questions, node: Node) -> bool:
    """Whether it is certain that there is no instance; one that cannot be told is taken to have some."""
    flat = ask.flat(node)
    if flat.never or not flat.types:
        return True
    if not node.places and not node.excluded:
        return False
    listed = values.listed(flat)
    if listed is not None:
        return not any(ask.takes(node, instance) for instance in listed)
    if all(_has_none(ask, node, flat, name) for name in flat.types):
        return True
    return _is_excluded(ask, node) or _is_no_branch_left(ask, node, flat)


def _has_none(ask: Questions, node: Node, flat: Flat, name: str) -> bool:
    """Whether there is certainly no instance of that type."""
    if name in NUMERIC:
        low, high = bounds(flat if name == "fraction" else ask.flat(replace(node, types=frozenset([name]))))
        if low is None or high is None:
            return False
        return low.value > high.value or (low.value == high.value and (low.is_open or high.is_open))
    noun = next((noun for noun, kind in SIZED.items() if kind == name), None)
    if noun is None:
        return False
    most = largest(ask, flat, noun)
    if most is not None and most < smallest(flat, noun):
        return True
    if name == "array":
        count = min(int(smallest(flat, noun)), flat.prefix_length() + 1)
        return any(ask.is_empty(flat.entry(index)) for index in range(count))
    return name == "object" and any(ask.is_empty(flat.child(field)) for field in flat.required())


def _is_excluded(ask: Questions, node: Node) -> bool:
    """Whether something that does not take the instance would have to take it."""
    excluded = node.excluded
    for term in ask.flat(node).all("not"):
        excluded |= {term.place.below("not")}
    prints = {fingerprint(place) for place in node.places} - {None}
    if any(fingerprint(place) in prints for place in excluded):
        return True
    # What else is excluded is left aside: a weaker premise, but one that is the same for all of many exclusions.
    bare = replace(node, excluded=frozenset())
    return any(ask.takes_all(bare, place) for place in excluded)


def _is_no_branch_left(ask: Questions, node: Node, flat: Flat) -> bool:
    if len(node.chosen) >= MOST_CHOICES:
        return False
    for term in flat.all("anyOf", "oneOf"):
        if term.at not in node.chosen and len(term.value) <= 16:
            # Which branches are left is asked without what the others exclude: that is cheaper, and nearly always told.
            cases = conditions.cases(node, term)
            if all(ask.is_empty(replace(case, excluded=node.excluded)) for case in cases):
                return True
    return False
