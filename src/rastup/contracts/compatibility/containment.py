"""Containment: does a reader's schema take every instance that a sender's schema takes? If not, where not, and why.

The answer is exact or on the safe side. A gap may be a false alarm where meaning cannot be compared; that there is none is
a proof. One convention of the contracts is built in: a field that a sender's open object does not name is not held against a
reader who describes it, because describing a field is how a contract grows. `is_strict` leaves the convention out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from rastup.contracts.compatibility import arrays, conditions, numbers, objects, sizes, texts, values
from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.documents import Place
from rastup.contracts.compatibility.emptiness import is_barren
from rastup.contracts.compatibility.fingerprints import fingerprint
from rastup.contracts.compatibility.flattening import flatten
from rastup.contracts.compatibility.nodes import MOST_CHOICES, Flat, Node
from rastup.contracts.compatibility.rules import Rule
from rastup.core.errors import ConfigError

MOST_STEPS = 50_000
DEEPEST = 48
MOST_BRANCHES = 64

RULES: tuple[Rule, ...] = tuple(
    rule for part in (values, numbers, sizes, texts, arrays, objects, conditions) for rule in part.RULES
)

Question = tuple[Node, Place, bool]
Answer = TypeVar("Answer")


class Containment:
    """One comparison of two documents. Answers are kept, so that a recursive schema ends."""

    def __init__(self) -> None:
        self._steps = self._depth = 0
        self._gaps: dict[Question, tuple[Gap, ...]] = {}
        self._open: dict[Question, int] = {}
        self._empty: dict[Node, bool] = {}
        self._flat: dict[Node, Flat] = {}
        self._good: list[tuple[dict[Any, Any], Any]] = []

    def flat(self, node: Node) -> Flat:
        """The node taken apart."""
        if not node.places:
            return flatten(node)
        if node not in self._flat:
            self._flat[node] = flatten(node)
        flat = self._flat[node]
        return flat if flat.depth == node.depth else replace(flat, node=node)

    def gaps(self, sender: Node, reader: Place, *, is_strict: bool = False) -> tuple[Gap, ...]:
        """What instances of the sender the reader refuses, and why; empty when it takes all.

        Raises:
            ConfigError: the schemas are too entangled to be compared in bounded time.
        """
        key = (sender, reader, is_strict)
        if key in self._open:
            # An answer that is being sought may be assumed for what lies inside the instance: that is how recursion ends.
            return () if sender.depth > self._open[key] else (_undecided(self.flat(sender), reader),)
        if key not in self._gaps:
            before = len(self._good)
            self._open[key] = sender.depth
            try:
                found = self._counted(lambda: self._found(sender, reader, is_strict))
            finally:
                del self._open[key]
            if found:
                self._forget_since(before)
            else:
                self._good.append((self._gaps, key))
            if found and not sender.places:
                return (
                    found  # of which nothing is known: equal ones stand at many pointers, and gaps say which
                )
            self._gaps[key] = found
        return self._gaps[key]

    def takes_all(self, sender: Node, reader: Place, *, is_strict: bool = True) -> bool:
        """Whether the reader takes every instance of the sender."""
        return not self.gaps(sender, reader, is_strict=is_strict)

    def is_empty(self, node: Node) -> bool:
        """Whether it is certain that there is no such instance."""
        if node not in self._empty:
            self._empty[node] = False
            if found := self._counted(lambda: is_barren(self, node)):
                self._good.append((self._empty, node))
            self._empty[node] = found
        return self._empty[node]

    def takes(self, node: Node, instance: Any) -> bool:
        """Whether the node has that instance."""
        return (
            values.type_of(instance) in node.types
            and all(place.is_valid(instance) for place in node.places)
            and not any(place.is_valid(instance) for place in node.excluded)
            and (not node.needs or (isinstance(instance, dict) and node.needs <= instance.keys()))
        )

    def listed(self, node: Node) -> list[Any] | None:
        """Every instance of the node, when they are few enough to be listed."""
        found = values.listed(self.flat(node))
        return None if found is None else [instance for instance in found if self.takes(node, instance)]

    def _found(self, sender: Node, reader: Place, is_strict: bool) -> tuple[Gap, ...]:
        if self.is_empty(sender) or any(_is_same(place, reader) for place in sender.places):
            return ()
        listed = self.listed(sender)
        if listed is not None and all(reader.is_valid(instance) for instance in listed):
            return ()
        wanted = self.flat(Node((reader,)))
        if wanted.never:
            return (values.nothing(self.flat(sender), wanted.never),)
        found = [gap for rule in RULES for gap in self._apply(rule, sender, wanted, is_strict)]
        return tuple(dict.fromkeys(found))

    def _apply(self, rule: Rule, sender: Node, wanted: Flat, is_strict: bool) -> list[Gap]:
        """What a rule finds. What it finds wrong with all the sender's cases at once may be right with each."""
        # Branches are compared case by case at once: all cases with each branch would seldom be right, and takes long.
        is_about_branches = rule is conditions.some and any(wanted.all("anyOf", "oneOf"))
        cases = self._cases(sender) if is_about_branches else []
        if not cases:
            found = list(rule(self, sender, wanted, is_strict))
            cases = self._cases(sender, by_type=rule in conditions.RULES) if found else []
            if not cases:
                return found
        alive = [case for case in cases if not self.is_empty(case)]
        return [gap for case in alive for gap in self._apply(rule, case, wanted, is_strict)]

    def _cases(self, sender: Node, *, by_type: bool = False) -> list[Node]:
        """The cases of the first disjunction that has not been taken apart yet."""
        flat = self.flat(sender)
        if len(sender.chosen) < MOST_CHOICES:
            for term in flat.all("anyOf", "oneOf", "if"):
                cases = [] if term.at in sender.chosen else conditions.cases(sender, term)
                if 0 < len(cases) <= MOST_BRANCHES:
                    return cases
        if by_type and len(flat.types) > 1 and "types" not in sender.chosen:
            chosen = sender.chosen | {"types"}
            return [replace(sender, types=frozenset([t]), chosen=chosen) for t in sorted(flat.types)]
        return []

    def _forget_since(self, count: int) -> None:
        """Good answers that may rest on an assumption that has just failed."""
        for answers, key in self._good[count:]:
            answers.pop(key, None)
        del self._good[count:]

    def _counted(self, answer: Callable[[], Answer]) -> Answer:
        self._steps += 1
        self._depth += 1
        if self._steps > MOST_STEPS or self._depth > DEEPEST:
            what = f"more than {MOST_STEPS:,} steps" if self._steps > MOST_STEPS else f"{DEEPEST} levels"
            raise ConfigError(f"the schemas are too entangled to be compared ({what}); flatten them.")
        try:
            return answer()
        finally:
            self._depth -= 1


def _is_same(one: Place, other: Place) -> bool:
    if one == other:
        return True
    print_of_one = fingerprint(one)
    return print_of_one is not None and print_of_one == fingerprint(other)


def _undecided(sender: Flat, reader: Place) -> Gap:
    reason = "depends on itself and cannot be compared"
    return Gap(reader.pointer, sender.at, reason, reason, "leave the schema as it was")
