"""Payment cards: digits that pass the Luhn check of ISO/IEC 7812-1 and begin and end as an issuer's do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span, after, before
from rastup.ingest.redaction.words import either

_BARE = re.compile(r"(?<![\w.@/])(?<!\w-)(?<!\d,)\d{12,19}(?![\w@])(?!-\w)(?!\.\d)")
_BETWEEN = r"(?:\s{1,2}|\s?[.\-/_,]\s?)"
_END = r"(?![^\W_])(?![\-/_]\d)"
_GROUPED = re.compile(
    r"(?<![\w.@/])(?<!\d-)(?="
    rf"(?P<long>\d{{4}}(?:{_BETWEEN}\d{{4}}){{3}}{_BETWEEN}\d{{3}}{_END})?"
    rf"(?P<four>\d{{4}}(?:{_BETWEEN}\d{{4}}){{2}}{_BETWEEN}\d{{1,4}}{_END})?"
    rf"(?P<amex>\d{{4}}{_BETWEEN}\d{{6}}{_BETWEEN}\d{{4,5}}{_END})?"
    rf"(?P<odd>\d{{3}}{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4,5}}{_BETWEEN}\d{{3,4}}{_END})?"
    r"(?P<free>\d(?:(?:(?:\s|\s?-\s?)(?!\d\d?/\d\d))?\d){12,18}(?!\w)(?![ \-]\d(?!\d?/\d\d)))?"
    r")\d"
)
_SHAPES = ("long", "four", "amex", "odd", "free")
_MOST_GROUPS = 6
"""More groups without a form of their own are a list of numbers."""
_NO_DIGITS = re.compile(r"\D+")
_WORDS = either("""
    cards?, visa, master ?card, amex, american express, discover, diners, jcb, maestro, union ?pay,
    credit, debit, charged?, pay, paid, pan, karte, kreditkarte, tarjeta, carte, cartão, carta
""")
_WORD = re.compile(rf"(?:{_WORDS})(?![a-z])", re.I)
_OTHERS = either("""
    orders?, tracking, track, parcel, shipment, invoice, ref(?:erence)?, isbn, ean, upc, gtin, barcode,
    imei, iccid, sku, serial, ticket, case, id, epoch, timestamp, uuid, phone, bestellung, pedido,
    commande
""")
_OTHER = re.compile(rf"(?:{_OTHERS})\b[\s:#.]*(?:(?:no|nr|number|num|id|code|is)\b[\s:#.]*)*$", re.I)
_DIGITS = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))

_ISSUERS = re.compile(
    r"4(?:\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d*(?<=^.{16})"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-5]\d|309\d|3[689]\d\d)\d{10,15}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"  # Discover
    r"|35\d{14}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}"  # JCB
    r"|(?:62|81|82|60|65|508)\d*(?<=^.{16})|62\d{15,17}"  # UnionPay, RuPay
    r"|220[0-4]\d{12,15}|9792\d{12}|(?:5019|4571)\d{12}"  # Mir, Troy, Dankort
    r"|(?:50|5[6-9]|6[0-9])\d{14,17}"  # Maestro of today
)
_ISSUERS_BY_WORD = re.compile(r"4\d{12}|(?:50|5[6-9]|6[0-9])\d{10,17}|1\d{14}|[2-6]\d{11,18}")
"""Forms that are common for other things too: only beside a word for cards, or alone."""


def find(text: str) -> Iterator[Span]:
    """Where there are card numbers."""
    end = 0
    for match in _BARE.finditer(text):
        if _is_card(match.group(), text, match.span(), "bare"):
            yield match.span()
    for match in _GROUPED.finditer(text):
        if match.start() < end:
            continue
        for shape in _SHAPES:
            if (number := match.group(shape)) and _is_card(number, text, match.span(shape), shape):
                end = match.end(shape)
                yield match.span(shape)
                break


def is_luhn(digits: str) -> bool:
    """Whether the digits pass the Luhn check."""
    number = digits.encode()
    return (sum(number[-1::-2].translate(_DIGITS)) + sum(number[-2::-2].translate(_DOUBLED))) % 10 == 0


def _is_card(number: str, text: str, span: Span, shape: str) -> bool:
    is_bare = shape == "bare"
    digits = number if is_bare else _NO_DIGITS.sub("", number)
    if not 12 <= len(digits) <= 19 or digits[0] in "07" or not is_luhn(digits) or len(set(digits)) == 1:
        return False
    if shape == "free" and len(_NO_DIGITS.findall(number)) >= _MOST_GROUPS:
        return False
    told = before(text, span[0])
    if shape in ("bare", "free") and (other := _OTHER.search(told)) and not _WORD.search(told, other.end()):
        return False
    if _ISSUERS.fullmatch(digits):
        return True
    is_told = bool(_WORD.search(told) or _WORD.search(after(text, span[1])))
    return (is_told or number == text.strip()) and bool(_ISSUERS_BY_WORD.fullmatch(digits))
