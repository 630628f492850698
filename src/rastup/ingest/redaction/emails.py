"""E-mail addresses, in any alphabet, with a quoted local part, with a numeric host, and spelled with [at] and [dot].

Only the part of an exotic local part that stands next to the @ is taken: what is left is no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span
from rastup.ingest.redaction.words import either

# Combining marks, on which Indian scripts depend, are no word characters to `re`: what is not ASCII counts by its block.
_FOREIGN = "\u00a1-\u1fff\u2c00-\u2fef\u3005-\u3007\u3040-\ufaff\ufe70-\ufefc\U00010000-\U0001efff"
_LATIN = r"0-9A-Za-z\u00c0-\u024f"
_ANY = rf"0-9A-Za-z{_FOREIGN}"


def _domain(letters: str, top: str) -> str:
    host = r"(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|\[[0-9A-Fa-f:.]{3,45}\]"
    return rf"@(?:(?:[{letters}_][{letters}_\-]{{0,62}}\.){{1,10}}{top}|{host})"


def _local(letters: str) -> re.Pattern[str]:
    # The local part is read backwards from the @: read forwards, a long run of letters would be tried at each of them.
    return re.compile(rf'[{letters}_.+\'%~\-]{{1,64}}|"(?:[^"\n]|"(?=\\)){{1,64}}"')


# A top-level domain in Latin ends where another alphabet begins: prose in Chinese needs no space after an address.
_ALPHABETS = (
    (
        re.compile(_domain(_LATIN, r"(?:xn--[a-z0-9\-]{2,59}|[A-Za-z]{2,63})(?![0-9A-Za-z])"), re.I),
        _local(_LATIN),
    ),
    (re.compile(_domain(_ANY, rf"[A-Za-z{_FOREIGN}][{_ANY}\-]{{1,62}}")), _local(_ANY)),
)
_DOT = r"(?: ?[\[({] ?(?:dot|\.) ?[\])}] ?|\.)"
_TOP = either("""
    com, net, org, info, edu, gov, io, app, dev, me, eu, co, uk, us, ca, au, nz, in, de, at, ch, fr, be,
    nl, es, it, pt, pl, cz, se, no, dk, fi, ie, br, mx, ar, jp, cn, kr, ru, ua, tr, za, gr, hu, ro
""")
_SPELLED = re.compile(
    rf"(?:[\[({{] ?(?:at|@) ?[\])}}] ?|&(?:#0{{0,3}}64|#x0{{0,2}}40|commat);)[\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{1,6}}"
    r"|(?<=\w)(?: @ ?|@ )(?:[\w\-]{1,63}\.){1,6}[a-z]{2,24}(?!\w)"
    rf"|(?<=\w) at (?:[\w\-]{{1,63}} dot ){{1,4}}(?:{_TOP})(?!\w)",
    re.I,
)
_SPELLED_AT = re.compile(r"[\[({] ?(?:at|@) ?[\])}]|&(?:#|commat)", re.I)
_SPELLED_LOCAL = re.compile(r" ?[\w.+\-]{1,64}")


def may_hold(text: str) -> bool:
    """Whether an @ is in a text, or anything that may be read as one."""
    return (
        "@" in text
        or (
            ("]" in text or ")" in text or "}" in text or "&" in text)
            and _SPELLED_AT.search(text) is not None
        )
        or ("dot " in text or "DOT " in text)
    )


def find(text: str) -> Iterator[Span]:
    """Where there are e-mail addresses."""
    if "@" in text:
        for domain, local in _ALPHABETS:
            yield from _found(text, domain, local)
    yield from _found(text, _SPELLED, _SPELLED_LOCAL)


def _found(text: str, domain: re.Pattern[str], local: re.Pattern[str]) -> Iterator[Span]:
    for match in domain.finditer(text):
        start = match.start()
        if before := local.match(text[max(0, start - 66) : start][::-1]):
            yield start - before.end(), match.end()
