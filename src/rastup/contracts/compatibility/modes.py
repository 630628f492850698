"""Directions of compatibility, named as the field names them, and the comparison in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import orjson

from rastup.contracts.compatibility.changes import ADDITIVE, BREAKING, RESTRICTIVE, Change, Gap
from rastup.contracts.compatibility.containment import Containment
from rastup.contracts.compatibility.documents import Document, Schema, canonical
from rastup.contracts.compatibility.fields import Fields, difference
from rastup.contracts.compatibility.nodes import Node
from rastup.core.errors import ConfigError


class Mode(StrEnum):
    """Who has to get on with whom.

    `backward`: the new version takes what was written for the old one, so readers move first. `forward`: the old version
    takes what is written for the new one, so senders move first. `full`: both. The transitive ones ask it of every
    earlier version, the others of the last.
    """

    BACKWARD = "backward"
    FORWARD = "forward"
    FULL = "full"
    BACKWARD_TRANSITIVE = "backward-transitive"
    FORWARD_TRANSITIVE = "forward-transitive"
    FULL_TRANSITIVE = "full-transitive"

    @property
    def directions(self) -> tuple[str, ...]:
        """`backward`, `forward` or both."""
        name = self.value.removesuffix("-transitive")
        return ("backward", "forward") if name == "full" else (name,)

    @property
    def is_transitive(self) -> bool:
        """Whether every earlier version counts."""
        return self.value.endswith("-transitive")


def compare(old: Schema | Document, new: Schema | Document, mode: Mode = Mode.BACKWARD) -> list[Change]:
    """Every difference that matters to a sender or a reader, breaking ones first.

    Raises:
        ConfigError: one of them is no schema, or they are too entangled to be compared in bounded time.
    """
    if not isinstance(old, Document) and not isinstance(new, Document) and _is_equal(old, new):
        return []
    before, after = _document(old, "the old schema"), _document(new, "the new schema")
    try:
        found = list(_changes(before, after, mode.directions))
    except RecursionError:
        raise ConfigError("the schemas are too deep to be compared; flatten them.") from None
    return sorted(dict.fromkeys(found), key=lambda c: (c.kind != BREAKING, c.path, c.reason))


def compare_all(
    earlier: Sequence[Schema | Document], new: Schema | Document, mode: Mode = Mode.BACKWARD
) -> list[list[Change]]:
    """The differences from each earlier version, oldest first; from the last alone unless the mode is transitive."""
    asked = earlier if mode.is_transitive else earlier[-1:]
    return [compare(old, new, mode) for old in asked]


def _is_equal(old: Schema, new: Schema) -> bool:
    try:
        return orjson.dumps(old) == orjson.dumps(new)
    except (
        TypeError,
        orjson.JSONEncodeError,
    ):  # numbers of more than 64 bits, or nesting: looked at part by part
        return False


def _document(schema: Schema | Document, name: str) -> Document:
    return schema if isinstance(schema, Document) else Document(schema, name)


def _changes(old: Document, new: Document, directions: Sequence[str]) -> Iterator[Change]:
    comparison = Containment()
    narrowing = comparison.gaps(Node((old.place(),)), new.place())
    widening = comparison.gaps(Node((new.place(),)), old.place())
    narrowing += tuple(_own_rules(old, new))
    widening += tuple(_own_rules(new, old))
    named = difference(old.place(), new.place())
    yield from _narrowed(narrowing, named, is_breaking="backward" in directions)
    yield from _widened(widening, named, is_breaking="forward" in directions)


def _narrowed(gaps: Sequence[Gap], named: Fields, *, is_breaking: bool) -> Iterator[Change]:
    kind, direction = (BREAKING, "backward") if is_breaking else (RESTRICTIVE, "")
    for gap in gaps:
        if gap.field not in named.removed:
            yield Change(gap.at, kind, gap.narrowed, gap.advice if is_breaking else "", direction)
    for pointer, (name, renamed) in named.removed.items():
        reason = f"{name} was renamed to {renamed}" if renamed else f"{name} was removed"
        advice = (
            f"keep `{name}` and add `{renamed}` beside it, both optional"
            if renamed
            else f"keep `{name}` and mark it `deprecated`"
        )
        yield Change(pointer, kind, reason, advice if is_breaking else "", direction)


def _widened(gaps: Sequence[Gap], named: Fields, *, is_breaking: bool) -> Iterator[Change]:
    kind, direction = (BREAKING, "forward") if is_breaking else (ADDITIVE, "")
    advice = (
        "keep it as narrow as it was, or move every reader before the first sender" if is_breaking else ""
    )
    gone = {name for name, _ in named.removed.values()}
    for gap in gaps:
        # That a field is not required any more says nothing more than that it was removed, but to readers who need it.
        if gap.field not in named.added and (is_breaking or gap.required not in gone):
            yield Change(gap.sender_at, kind, gap.widened, advice, direction)
    closed = {gap.field for gap in gaps if gap.field}
    for pointer, name in named.added.items():
        if is_breaking and pointer in closed:
            reason = f"{name} was added, and the old version's object is closed"
            yield Change(pointer, BREAKING, reason, advice, direction)
        else:
            yield Change(pointer, ADDITIVE, f"{name} was added")


def _own_rules(sender: Document, reader: Document) -> Iterator[Gap]:
    """Rules between fields, which the collector asks for beside the schema (`x-rastup.rules`)."""
    kept = {canonical(rule) for rule in _rules(sender)}
    for index, rule in enumerate(_rules(reader)):
        if canonical(rule) not in kept:
            at = f"/x-rastup/rules/{index}"
            text = canonical(rule)
            advice = "leave the rule out"
            yield Gap(at, "/x-rastup/rules", f"rule {text} was added", f"rule {text} was removed", advice)


def _rules(document: Document) -> list[object]:
    about = document.root.get("x-rastup") if isinstance(document.root, dict) else None
    rules = about.get("rules") if isinstance(about, dict) else None
    return rules if isinstance(rules, list) else []
