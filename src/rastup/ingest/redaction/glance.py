"""The look that every text gets: whether it may hold personal data at all, in about a microsecond.

Patterns take some nanoseconds a character; deleting and mapping bytes takes one. What is left is asked, and each answer
may be a yes too many, never a no too many.
"""

from __future__ import annotations

from string import ascii_letters, digits, punctuation, whitespace

_SIGNS = "@/=%&()[]"
"""A text without one of these and without a digit holds at most an address that is spelled out."""
# The first byte of a character tells its block. These are of Latin, Greek, Cyrillic, punctuation and ideographs, which
# hold neither a digit nor a full-width form.
_FOREIGN = bytes((*range(0x80, 0xC0), *range(0xC2, 0xD2), *range(0xE2, 0xEA)))
_PROSE = _FOREIGN + "".join({*ascii_letters, *punctuation, *whitespace, "\0"} - {*_SIGNS}).encode()
_APART = (punctuation + whitespace).encode() + bytes(range(0x80, 0x100))
_SHAPE = bytes(ord("0" if chr(code) in digits else "a") for code in range(256))
_IN_URLS = bytes(
    ord("/") if chr(code) in "=?&;#\"'" + whitespace + "\x1c\x1d\x1e\x1f" else code for code in range(256)
).lower()
_WORDS = bytes(
    ord("0") if chr(code) in digits else ord(" ") if chr(code) in punctuation + whitespace else code
    for code in range(256)
)


def signs(text: str) -> bytes:
    """What of a text is not prose: digits, some signs, and first bytes of characters that may be another form of one."""
    return text.encode(errors="replace").translate(None, _PROSE)


def has_digits(signs: bytes) -> bool:
    """Whether there are digits among the signs of a text in plain characters."""
    return signs.strip(_SIGNS.encode()) != b""


def may_hold_number(text: str) -> bool:
    """Whether seven digits stand together with anything but letters between: fewer are nobody's number."""
    return b"0000000" in text.encode(errors="replace").translate(_SHAPE, _APART)


def parts_of_urls(text: str) -> list[bytes]:
    """Parts of paths, names and values of parameters, in small letters."""
    return text.encode(errors="replace").translate(_IN_URLS).split(b"/")


def words(text: str) -> tuple[list[bytes], list[bytes]]:
    """The words of a text, and what stands before each of its numbers."""
    flat = text.encode(errors="replace").translate(_WORDS)
    return flat.split(), flat.split(b" 0")[:-1]
