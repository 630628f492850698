"""Numbers: `minimum`, `exclusiveMinimum`, `maximum`, `exclusiveMaximum`, `multipleOf`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.keywords import LOWER, NUMERIC, UPPER
from rastup.contracts.compatibility.nodes import Flat, Node, Term
from rastup.contracts.compatibility.rules import Questions, Rule, bound_gap, is_met


class Bound(NamedTuple):
    """An end of a range; `is_open` when the value itself is outside."""

    value: Fraction
    is_open: bool


def ranges(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """The sender's range has to lie inside the reader's."""
    flat = ask.flat(sender)
    if not flat.types & NUMERIC:
        return
    low, high = bounds(flat)
    for term in wanted.all(*LOWER, *UPPER):
        end = low if term.keyword in LOWER else high
        if not (end and _is_inside(end, term)) and not is_met(ask, sender, term):
            yield bound_gap(flat, term)


def multiples(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """Every multiple of the sender's step has to be one of the reader's."""
    flat = ask.flat(sender)
    if not flat.types & NUMERIC:
        return
    steps = [exact(value) for value in flat.values("multipleOf")]
    steps += [Fraction(1)] if flat.types & NUMERIC == {"integer"} else []
    for term in wanted.all("multipleOf"):
        is_multiple = any((step / exact(term.value)).denominator == 1 for step in steps)
        if not is_multiple and not is_met(ask, sender, term):
            yield bound_gap(flat, term)


def bounds(flat: Flat) -> tuple[Bound | None, Bound | None]:
    """The lower and the upper end of the numbers; of integers alone, both ends belong to the range."""
    low = max((_bound(t) for t in flat.all(*LOWER)), default=None)
    high = min((_bound(t) for t in flat.all(*UPPER)), default=None, key=lambda b: (b.value, not b.is_open))
    if flat.types & NUMERIC == {"integer"}:
        low = low and Bound(Fraction(_next(low)), is_open=False)
        high = high and Bound(Fraction(-_next(Bound(-high.value, high.is_open))), is_open=False)
    return low, high


def exact(value: Any) -> Fraction:
    """A number of a schema, as it is written."""
    return Fraction(str(value))


def _bound(term: Term) -> Bound:
    return Bound(exact(term.value), term.keyword.startswith("exclusive"))


def _next(low: Bound) -> int:
    ceiling = math.ceil(low.value)
    return ceiling + 1 if low.is_open and ceiling == low.value else ceiling


def _is_inside(end: Bound, term: Term) -> bool:
    wanted = _bound(term)
    is_beyond = end.value > wanted.value if term.keyword in LOWER else end.value < wanted.value
    return is_beyond or (end.value == wanted.value and (end.is_open or not wanted.is_open))


RULES: tuple[Rule, ...] = (ranges, multiples)
