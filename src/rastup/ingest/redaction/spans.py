"""Spans of a text, and a text with spans taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Span = tuple[int, int]
Found = tuple[int, int, str]
"""A span and its kind."""

FILL = "\0"
"""Stands where something was taken out, one for each character: part of no word, no number and no context."""


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with every span filled, whatever their order, so that nothing else is found in it; as long as before."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        pieces += (text[end:start], FILL * (stop - start))
        end = stop
    return "".join((*pieces, text[end:])) if pieces else text


def replaced(text: str, found: Iterable[Found]) -> str:
    """The text with each `[start, stop)` replaced by its kind in brackets."""
    pieces: list[str] = []
    end = 0
    for start, stop, kind in sorted(found):
        pieces += (text[end:start], f"[{kind}]")
        end = stop
    return "".join((*pieces, text[end:]))


def apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, without those that begin inside one before them."""
    end = 0
    for span in sorted(spans):
        if span[0] >= end:
            yield span
            end = span[1]


def before(text: str, start: int, length: int = 32) -> str:
    """What stands before a place, at most `length` characters and back to the last thing that was taken out."""
    return text[max(0, start - length) : start].rpartition(FILL)[2]


def after(text: str, stop: int, length: int = 16) -> str:
    """What stands after a place, at most `length` characters and up to the next thing that was taken out."""
    return text[stop : stop + length].partition(FILL)[0]


def surroundings(text: str, pattern: re.Pattern[str], ahead: int, behind: int) -> Iterator[Span]:
    """The parts of a text around what a pattern finds: some characters before and after it, and whole words."""
    start, stop = 0, 0
    for match in pattern.finditer(text):
        if match.start() - ahead <= stop and stop:
            stop = match.end() + behind
            continue
        if stop:
            yield start, _to_word_end(text, stop)
        start, stop = max(_to_word_start(text, match.start() - ahead), stop), match.end() + behind
    if stop:
        yield start, _to_word_end(text, stop)


_LONGEST_WORD = 64


def _to_word_start(text: str, place: int) -> int:
    if place <= 0:
        return 0
    return max(text.rfind(" ", max(0, place - _LONGEST_WORD), place) + 1, 0) or place


def _to_word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    end = text.find(" ", place, place + _LONGEST_WORD)
    return place if end < 0 else end
