"""International bank account numbers: the length of their country, and the check of ISO 7064 (mod 97 = 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rastup.ingest.redaction.spans import Span

# The SWIFT registry (ISO 13616, release 99), then the countries that use the form without being in it.
_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26
IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28
NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28
TD27 TG28
"""
LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}

_BETWEEN = r"(?:\s{1,2}|[.\-/_])?"
_START = re.compile(rf"(?<![0-9A-Za-z])[A-Za-z]{{2}} ?\d{{2}}(?={_BETWEEN}[0-9A-Za-z])")
_IN_FOURS = re.compile(r"\w{4}(?:(\W{1,2})\w{4})(?:\1\w{4})*(?:\1\w{1,3})?")
_BETWEEN_ANY = re.compile(r"[\W_]+")
_LETTERS = {ord(letter): str(10 + place) for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def find(text: str) -> Iterator[Span]:
    """Where there are account numbers."""
    for start in _START.finditer(text):
        length = LENGTHS.get(start.group()[:2].upper())
        if length and (match := _of_length(length).match(text, start.start())):
            number = match.group()
            # In small letters groups look like words: an account number stands in one piece then, or in fours.
            if is_valid(number) and (number.isupper() or number.isalnum() or _IN_FOURS.fullmatch(number)):
                yield match.span()


def is_valid(number: str) -> bool:
    """Whether an account number passes its check."""
    bare = _BETWEEN_ANY.sub("", number).upper()
    return int((bare[4:] + bare[:4]).translate(_LETTERS)) % 97 == 1


@cache
def _of_length(length: int) -> re.Pattern[str]:
    return re.compile(
        rf"[A-Za-z]{{2}} ?\d{{2}}(?:{_BETWEEN}[0-9A-Za-z]){{{length - 4}}}(?![0-9A-Za-z])", re.ASCII
    )
