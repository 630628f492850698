"""Types, listed values, and schemas that take nothing: `type`, `enum`, `const`, `false`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.documents import Place, canonical
from rastup.contracts.compatibility.keywords import ATOMS
from rastup.contracts.compatibility.nodes import Flat, Node
from rastup.contracts.compatibility.numbers import bounds
from rastup.contracts.compatibility.rules import Questions, Rule

MOST_INTEGERS = 256
MOST_SHOWN = 5
FEW: dict[str, list[Any]] = {"null": [None], "boolean": [False, True]}


def types(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """`type`: every type that the sender may send has to be among the reader's."""
    flat = ask.flat(sender)
    for term in wanted.all("type"):
        given = [term.value] if isinstance(term.value, str) else term.value
        taken = frozenset(atom for name in given for atom in ATOMS[name])
        lost = [t for t in flat.types - taken if not ask.is_empty(replace(sender, types=frozenset([t])))]
        if lost:
            names = _type_names(lost)
            advice = f"keep taking {names}"
            yield Gap(term.at, flat.where("type"), f"no longer takes {names}", f"also takes {names}", advice)


def listed_values(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """`enum` and `const`: every value that the sender may send has to be listed."""
    flat = ask.flat(sender)
    for term in wanted.all("enum", "const"):
        values = [term.value] if term.keyword == "const" else term.value
        allowed = {canonical(value) for value in values}
        sent = ask.listed(sender)
        if sent is None:
            shown = _shown(values)
            reason = f"only {shown} {'is' if len(values) == 1 else 'are'} allowed now"
            advice = f"leave `{term.keyword}` out, or list the values in the description"
            yield Gap(term.at, flat.where(term.keyword), reason, f"no longer only {shown}", advice)
        elif lost := [value for value in sent if canonical(value) not in allowed]:
            keyword = "enum" if any(flat.all("enum")) else "const" if any(flat.all("const")) else term.keyword
            shown = _shown(lost)
            advice = f"keep {shown} and say in the description that it is not used any more"
            yield Gap(
                term.at, flat.where(keyword), f"no longer allows {shown}", f"also allows {shown}", advice
            )


def nothing(sender: Flat, reader: Place) -> Gap:
    """The gap of a reader that takes nothing."""
    advice = "leave the schema as it was"
    return Gap(reader.pointer, sender.at, "takes nothing any more", "takes something now", advice)


def listed(flat: Flat) -> list[Any] | None:
    """Instances among which are all that there are; None when they are too many."""
    allowed = flat.allowed()
    if allowed is not None:
        return list(allowed.values())
    if flat.types <= FEW.keys():
        return [value for name in sorted(flat.types) for value in FEW[name]]
    if flat.types == {"integer"}:
        low, high = bounds(flat)
        if low is not None and high is not None and high.value - low.value < MOST_INTEGERS:
            return list(range(int(low.value), int(high.value) + 1))
    return None


def type_of(instance: Any) -> str:
    """The type of an instance, a number with a fraction told apart."""
    if isinstance(instance, bool) or instance is None:
        return "null" if instance is None else "boolean"
    if isinstance(instance, int | float):
        return "integer" if instance == int(instance) else "fraction"
    if isinstance(instance, str):
        return "string"
    return "array" if isinstance(instance, list) else "object"


def _type_names(atoms: Iterable[str]) -> str:
    found = set(atoms)
    if ATOMS["number"] <= found:
        found = found - ATOMS["number"] | {"number"}
    return ", ".join("numbers with a fraction" if name == "fraction" else name for name in sorted(found))


def _shown(values: list[Any]) -> str:
    shown = [
        _short(canonical(value) if not isinstance(value, str) else value) for value in values[:MOST_SHOWN]
    ]
    more = len(values) - MOST_SHOWN
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


RULES: tuple[Rule, ...] = (types, listed_values)
