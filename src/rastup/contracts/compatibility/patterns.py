"""Regular expressions: does one take every text that another takes?"""

from __future__ import annotations


def includes(wide: str, narrow: str) -> bool:
    """Whether it is certain that every text with a match of `narrow` has one of `wide`."""
    return wide == narrow
