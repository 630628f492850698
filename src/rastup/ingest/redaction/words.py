"""Lists of words, written as text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def either(text: str) -> str:
    """A pattern for any of the alternatives in a text, which stand apart by a comma."""
    return "|".join(alternative.strip() for alternative in text.replace("\n", " ").split(", "))
