"""Branches: `anyOf`, `oneOf`, `not`, `if`/`then`/`else`, `dependentSchemas`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.documents import Place
from rastup.contracts.compatibility.fingerprints import fingerprint
from rastup.contracts.compatibility.nodes import Flat, Node, Term
from rastup.contracts.compatibility.objects import may_send
from rastup.contracts.compatibility.rules import Questions, Rule


def cases(sender: Node, term: Term) -> list[Node]:
    """The sender's cases: one for each branch of a disjunction. Together they are the sender."""
    chosen = sender.chosen | {term.at}
    if term.keyword == "if":
        condition, then, otherwise = _condition(term)
        negative = replace(sender, excluded=sender.excluded | {condition}, chosen=chosen)
        return [sender.joined(condition, then, chosen=chosen), negative.joined(otherwise)]
    branches = [term.place.below(term.keyword, index) for index in range(len(term.value))]
    if term.keyword == "anyOf":
        return [sender.joined(branch, chosen=chosen) for branch in branches]
    return [
        sender.joined(branch, chosen=chosen, excluded=sender.excluded | (frozenset(branches) - {branch}))
        for branch in branches
    ]


def _unlike(sender: Flat, wanted: Flat, *keywords: str) -> Iterator[Term]:
    """The reader's terms that the sender does not have as they are."""
    for term in wanted.all(*keywords):
        own = _written(term)
        if own is None or all(_written(other) != own for other in sender.all(term.keyword)):
            yield term


def _written(term: Term) -> tuple[str, ...] | None:
    """A disjunction as it is written, or None where that is too large."""
    if isinstance(term.value, list):
        parts = [term.place.below(term.keyword, index) for index in range(len(term.value))]
        prints = [fingerprint(part) for part in parts]
    else:
        beside = ("if", "then", "else") if term.keyword == "if" else (term.keyword,)
        raw = term.place.raw
        prints = [fingerprint(term.place.below(word)) if word in raw else "" for word in beside]
    known = tuple(text for text in prints if text is not None)
    return known if len(known) == len(prints) else None


def some(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """`anyOf` and `oneOf`: some branch has to take all, and of `oneOf` no other one anything."""
    for term in _unlike(ask.flat(sender), wanted, "anyOf", "oneOf"):
        branches = [term.place.below(term.keyword, index) for index in range(len(term.value))]
        meeting = [i for i, branch in enumerate(branches) if not _are_apart(ask, sender, branch)]
        found = {
            i: ask.gaps(sender, branches[i], is_strict=is_strict) for i in meeting or range(len(branches))
        }
        is_taken = any(not gaps for gaps in found.values())
        if not is_taken or (term.keyword == "oneOf" and len(meeting) > 1):
            yield _branch_gap(ask.flat(sender), term, found)


def _branch_gap(sender: Flat, term: Term, found: dict[int, tuple[Gap, ...]]) -> Gap:
    nearest = min(found, key=lambda index: len(found[index]))
    if not found[nearest]:
        narrowed = "what one branch took, several may take now, and then `oneOf` refuses it"
        widened = "what several branches took, which `oneOf` refuses, is taken now"
        advice = "make the branches exclude each other, or use `anyOf`"
    else:
        gap = found[nearest][0]
        narrowed = f"no branch takes all that was taken (the nearest, branch {nearest + 1}: {gap.narrowed})"
        widened = f"takes what no branch took (of the nearest, branch {nearest + 1}: {gap.widened})"
        advice = "keep every branch as it was or wider"
    return Gap(term.at, sender.where(term.keyword), narrowed, widened, advice)


def _are_apart(ask: Questions, sender: Node, branch: Place) -> bool:
    return ask.is_empty(sender.joined(branch))


def negation(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """`not`: nothing that the sender may send may match."""
    for term in _unlike(ask.flat(sender), wanted, "not"):
        if not _are_apart(ask, sender, term.place.below("not")):
            advice = "leave `not` out or as it was"
            flat = ask.flat(sender)
            reasons = "what matches `not` is refused now", "what matches `not` is taken now"
            yield Gap(term.at, flat.where("not"), *reasons, advice)


def conditional(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """`if`: what meets the condition has to meet `then`, the rest `else`."""
    for term in _unlike(ask.flat(sender), wanted, "if"):
        condition, then, otherwise = _condition(term)
        if then is not None:
            yield from ask.gaps(sender.joined(condition), then, is_strict=is_strict)
        if otherwise is not None:
            rest = replace(sender, excluded=sender.excluded | {condition})
            yield from ask.gaps(rest, otherwise, is_strict=is_strict)


def _condition(term: Term) -> tuple[Place, Place | None, Place | None]:
    then, otherwise = (
        term.place.below(keyword) if keyword in term.place.raw else None for keyword in ("then", "else")
    )
    return term.place.below("if"), then, otherwise


def dependent(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """`dependentSchemas`: what has to hold of the object when it has a certain field."""
    flat = ask.flat(sender)
    if "object" not in flat.types:
        return
    for term in wanted.all("dependentSchemas", "dependencies"):
        for name in sorted(term.value):
            if may_send(ask, flat, name, is_strict):
                having = replace(
                    sender, needs=sender.needs | {name}, types=sender.types & frozenset(["object"])
                )
                yield from ask.gaps(having, term.place.below(term.keyword, name), is_strict=is_strict)


RULES: tuple[Rule, ...] = (some, negation, conditional, dependent)
