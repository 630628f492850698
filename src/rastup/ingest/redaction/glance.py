"""The look that every text gets: whether it may hold personal data at all, in about a microsecond.

A pattern takes some nanoseconds a character; deleting or mapping bytes takes one. A yes too many costs time, a no too many
would let personal data through.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits, punctuation, whitespace

from rastup.ingest.redaction import addresses, url_tokens
from rastup.ingest.redaction.plain import plain

SHORTEST_NUMBER = 7
"""Digits of the shortest telephone number that is looked for."""
# The first byte of a character in UTF-8 tells its block. These are of Latin, Greek, Cyrillic, punctuation and ideographs,
# which hold neither a digit nor a full-width form.
_FOREIGN = bytes((*range(0x80, 0xC0), *range(0xC2, 0xD2), *range(0xE2, 0xEA)))
_NOT_ASCII = bytes(range(0x80, 0x100))
_FOREIGN_PUNCTUATION = re.compile(r"[^\w\0-\x7f]")
_TELLING_SIGNS = "@%&)]}"
_URL_SIGNS = "/="


def _mapped(characters: str, sign: str) -> dict[int, int]:
    return dict.fromkeys(characters.encode(), ord(sign))


def _table(*mappings: dict[int, int], other: str = "") -> bytes:
    """A table for `bytes.translate`; later mappings go first, and bytes in none of them stay, or become `other`."""
    table = {code: ord(other) if other else code for code in range(256)}
    for mapping in mappings:
        table |= mapping
    return bytes(table.values())


_PROSE = _FOREIGN + bytes(
    {*(ascii_letters + punctuation + whitespace + "\0").encode()} - {*(_TELLING_SIGNS + _URL_SIGNS).encode()}
)
_SIGNS = _table(_mapped(_TELLING_SIGNS, "@"), _mapped(_URL_SIGNS, "/"), _mapped(digits, "0"))
_SHAPE = _table(_mapped(digits, "0"), other="a")
_BETWEEN_DIGITS = (punctuation + whitespace).encode() + _NOT_ASCII
_PARTS = _table(_mapped("=?&;#\"'" + whitespace + "\x1c\x1d\x1e\x1f", "/")).lower()
_WORDS = _table(_mapped(punctuation + whitespace + "\0", " "), _mapped(digits, "0"))
_BRACKETS = _table(_mapped("[{", "("), _mapped("]}", ")")).lower()
_NO_KEY = r"(?![sr]k_|wh|gh|xo|A[KS]IA|AIza|[A-Za-z]{2}\d)"
_HARMLESS_URL = re.compile(
    r"(?:https?://[a-z][a-z.\-]{3,63}+)?"
    rf"(?:/(?:(?![sr]k_)[a-z]{{2,6}}_[0-9A-Z]{{26}}|(?!xox)[a-z][a-z\-]{{0,31}}+)?)*+"
    r"(?:[?&](?:"
    rf"(?:q|query|search|page|p|sort|order|lang|city|category|utm_[a-z]{{4,8}})=(?:{_NO_KEY}[a-z][a-z+_\-]{{0,63}}+)?\d{{0,4}}"
    rf"|(?:gclid|fbclid|msclkid|ttclid|gbraid|wbraid)={_NO_KEY}[A-Za-z][0-9A-Za-z]{{0,254}}+"
    r"))*+",
    re.ASCII,
)
"""Words, ids with a prefix and the commonest parameters: most paths and referrers are told by this alone."""


def may_hold(text: str) -> bool:
    """Whether anything in a text may be personal data."""
    if text[:1] in "/h" and _HARMLESS_URL.fullmatch(text):
        return False
    raw = _encoded(text)
    signs = raw.translate(_SIGNS, _PROSE)
    if "dot " in text or "DOT " in text or "eyJ" in text:
        return True
    if not signs:
        return False
    if not text.isascii():
        raw = _encoded(_FOREIGN_PUNCTUATION.sub(" ", plain(text)))
        signs = raw.translate(_SIGNS, _PROSE + _NOT_ASCII)
    return (
        (b"@" in signs and _may_hold_sign(raw))
        or (b"/" in signs and _may_hold_token(raw))
        or (len(signs) >= SHORTEST_NUMBER and _may_hold_number(raw))
        or (b"0" in signs and b" " in raw and _may_hold_address(raw))
    )


def may_hold_number(text: str) -> bool:
    """Whether seven digits stand together with anything but letters between."""
    return _may_hold_number(_encoded(text))


def may_hold_address(text: str) -> bool:
    """Whether a word for a street is in a text in plain characters."""
    return _may_hold_address(_encoded(_FOREIGN_PUNCTUATION.sub(" ", text)))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a pair, which no encoding has
        return text.encode(errors="replace")


def _may_hold_sign(raw: bytes) -> bool:
    return (
        b"@" in raw
        or b"%" in raw
        or (b"&" in raw and (b"&#" in raw or b"&commat" in raw))
        or b"(at)" in raw.translate(_BRACKETS, b" ")
    )


def _may_hold_number(raw: bytes) -> bool:
    return b"0" * SHORTEST_NUMBER in raw.translate(_SHAPE, _BETWEEN_DIGITS)


def _may_hold_token(raw: bytes) -> bool:
    parts = raw.translate(_PARTS).split(b"/")
    return not (
        url_tokens.TELLING.isdisjoint(parts)
        and url_tokens.KEYS_BEGIN.isdisjoint({part[:3] for part in parts})
    )


def _may_hold_address(raw: bytes) -> bool:
    flat = raw.translate(_WORDS)
    return not addresses.TELLING.isdisjoint(flat.split()) or any(
        before.rstrip().lower().endswith(addresses.BEFORE_NUMBERS) for before in flat.split(b" 0")[:-1]
    )
