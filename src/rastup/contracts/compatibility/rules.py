"""What every rule is: given a sender and a reader taken apart, the gaps that its keywords make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.documents import Place, validator
from rastup.contracts.compatibility.nodes import Flat, Node, Term


class Questions(Protocol):
    """What a rule may ask about other parts of the schemas."""

    def flat(self, node: Node) -> Flat:
        """The node taken apart."""

    def gaps(self, sender: Node, reader: Place, *, is_strict: bool = False) -> tuple[Gap, ...]:
        """What instances of the sender the reader refuses."""

    def takes_all(self, sender: Node, reader: Place, *, is_strict: bool = True) -> bool:
        """Whether the reader takes every instance of the sender."""

    def is_empty(self, node: Node) -> bool:
        """Whether it is certain that there is no such instance."""

    def takes(self, node: Node, instance: Any) -> bool:
        """Whether the node has that instance."""

    def listed(self, node: Node) -> list[Any] | None:
        """Every instance of the node, when they are few enough to be listed."""


Rule = Callable[[Questions, Node, Flat, bool], Iterator[Gap]]


def is_met(ask: Questions, sender: Node, term: Term) -> bool:
    """Whether a keyword that says all by itself takes every instance of a sender whose instances can be listed."""
    listed = ask.listed(sender)
    if listed is None:
        return False
    check = validator({term.keyword: term.value})
    return all(check.is_valid(instance) for instance in listed)


def bound_gap(sender: Flat, term: Term) -> Gap:
    """The gap of a number that bounds something."""
    keyword, value = term.keyword, term.value
    before = next((t.value for t in sender.all(keyword)), None)
    if before is None:
        narrowed, widened = f"{keyword} {value} was added", f"{keyword} {value} was removed"
        advice = f"leave `{keyword}` out"
    else:
        narrowed = f"{keyword} went from {before} to {value}"
        widened = f"{keyword} went from {value} to {before}"
        advice = f"keep `{keyword}` at {before}"
    return Gap(term.at, sender.where(keyword), narrowed, widened, advice)
