"""A text in plain characters: every form of a digit, a space, a dash or a full-width letter as ASCII has it.

Exactly as long as the text, so that a span of one is a span of the other.
"""

from __future__ import annotations

import unicodedata

_MOST_KEPT = 4096
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_OTHERS = {"−": "-", "。": ".", "．": ".", "｡": "."}


class _Plain(dict[int, str]):
    """Characters as they are met; text in many alphabets does not make it grow for ever."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = plain
        return plain


_TABLE = _Plain()


def plain(text: str) -> str:
    """The text in plain characters."""
    return text if text.isascii() else text.translate(_TABLE)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - 0xFEE0)
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Pd":
            return "-"
    return _OTHERS.get(character, character)
