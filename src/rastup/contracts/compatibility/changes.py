"""What a comparison answers: differences, each with where, of what kind, why and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BREAKING, ADDITIVE, RESTRICTIVE, NONE = "breaking", "additive", "restrictive", "none"


@dataclass(frozen=True)
class Change:
    """One difference between two versions of a schema.

    Attributes:
        path: a JSON pointer into the new schema (into the old one for what is gone).
        kind: `breaking`; or harmless in the direction that was asked for: `additive` (wider) or `restrictive` (narrower).
        reason: what is different, in a sentence.
        advice: how to reach the same without breaking; empty for what is harmless.
        direction: which direction a breaking change breaks, `backward` or `forward`.
    """

    path: str
    kind: str
    reason: str
    advice: str = ""
    direction: str = ""


def verdict(changes: Iterable[Change]) -> str:
    """`breaking`, `additive`, `restrictive` or `none`: the weightiest kind among the changes."""
    kinds = {change.kind for change in changes}
    return next((kind for kind in (BREAKING, ADDITIVE, RESTRICTIVE) if kind in kinds), NONE)


@dataclass(frozen=True)
class Gap:
    """Something that a sender's schema allows and a reader's schema refuses.

    The same gap is a narrowing when the reader is the newer of the two, and a widening when the sender is.

    Attributes:
        at: pointer into the reader's schema.
        sender_at: pointer into the sender's schema.
        narrowed: the reason, told as what the reader does not take any more.
        widened: the reason, told as what the sender may send in addition.
        advice: what to do about it when it is a narrowing.
        field: pointer to the sender's field, when all that is wrong is that the reader does not know it.
        required: the field's name, when all that is wrong is that the reader requires it.
    """

    at: str
    sender_at: str
    narrowed: str
    widened: str
    advice: str
    field: str = ""
    required: str = ""
