"""Phone numbers: of every country's plan with its code, of North America as people write them, others beside a word for it.

The plans are the metadata of `phonenumbers`, asked with one compiled pattern a country: its own matcher costs 0.3 ms a
number, which a hostile text would make a second of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from rastup.ingest.redaction.spans import Span, apart, before, blanked
from rastup.ingest.redaction.words import either, words

_EXTENSION = r"(?:[ ,;]{0,2}(?:ext(?:ension)?\b\.?|x|#)[ .:]{0,2}\d{1,6}(?!\d))?"
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\+[ (]{0,2}|(?<!\d[.,/\- ])(?<![\d.\-/])(?:00|011)[ \-.]?(?=[1-9]))"
    r"\d(?:[\s.\-/()+_]{0,3}\d){6,19}"
)
_NORTH_AMERICAN = re.compile(
    r"(?<![\w+/\-$€£#%])(?<!\d[.,])(?:1[\s.\-]{0,2})?(?!\d{3}\s*\n\d{3}\s*\n)"
    r"(?:[(\[] ?(?P<in_brackets>[2-9]\d\d) ?[)\]][\s.\-/_]{0,3}|(?P<area>[2-9]\d\d)(?P<first>[\s.\-/_]{0,3}|, ))"
    rf"\d{{3}}(?P<second>[\s.\-_]{{0,3}})(?:\d{{4}}|(?<=\D)\d\d[ .\-]\d\d){_EXTENSION}(?!\w)(?![.\-/,]\d)"
)
_IN_LIST, _OF_LIST = re.compile(r", ?\d"), re.compile(r"(?<!\d)\d{1,3}, ?[\[(]?$")
_TOLD = re.compile(rf"(?<![\w.\-/])[(]?\d(?:[\s.\-/()_]{{0,3}}\d){{6,14}}{_EXTENSION}(?!\w)(?![.\-/,]\d)")
_TRUNK = re.compile(
    r"(?<![\w.,+\-/$€£#%])(?<!\d[ ])"
    r"(?!\d{3}-\d\d-\d{4}|\d{5}-\d{4}(?!\d)|\d\d([ .\-/_])\d\d\1(?:19|20)\d\d(?!\d))"
    r"(?:[(\[]0[1-9]\d{0,4}(?:[/ ]\d{1,3})?[)\]][\s.\-/_]{0,2}|0[1-9]\d{0,4}[\s.\-/_]{1,3}(?:\d[\s.\-/_])?)\d{2,9}"
    r"(?:[\s.\-/_]{1,3}\d{2,8}){0,4}(?!\w)(?![.\-/,:]\d)(?! \d)"
)

_PAIRS = re.compile(r"(?:\d\d\D+){5,}\d\d")
"""Six numbers of two digits are a lottery's; five are a telephone's in France."""

_WORDS = either(r"""
    (?:tele)?phone, phones, tel, telefon\w*, telefono, teléfono, téléphone, mobile?, mobil\w*, móvil,
    celular, cell(?:ulare)?, handy(?:nummer)?, portable, whats ?app, wa, signal, viber, sms, fax,
    call(?:ed|ing)?, ring, rang, dial, text(?:ed|ing)?, reach, contact(?: number)?, hotline, numéro, rufnummer,
    ruf(?:en?)?, llám[ae]\w*, llam[ae]\w*, appele[rz]?, ligue, ligar, chiama\w*, msisdn, ph, mob, gsm, tlf, puhelin,
    bel (?:me|mij|ons), hmu, (?:my|our|his|her|their|your|new) (?:number(?:'s)?|nr), тел\w*, звон\w*, 電話, 电话, 手机, 전화
""")
_WORD = re.compile(rf"(?<![a-z\[])(?:{_WORDS})(?![a-z])", re.I)
_BREAK = re.compile(r"[\d\n\0]")
_FARTHEST_WORD = 28
_NEXT_TO = 4
_OTHERS = either(r"""
    quote, estimate, offer, job, task, run, session, file, record, entry, document, article, listing,
    photo, frame, event, message, comment, node, dhl, ups, usps, fedex, gls, dpd, hermes, courier,
    waybill, awb, bytes, size, receipt, customer, client, member, policy, claim, contract, permit, licen[cs]e, request,
    (?:kunden|bestell|auftrags|rechnungs|artikel|serien)nummer, po, p\.o\., orders?, tracking, track,
    parcel, shipment, invoice, inv, ref(?:erence)?, booking, reservation, confirmation, ticket, case, ids?,
    isbn, issn, ean, upc, gtin, barcode, imei, iccid, sku, serial, s/n, part, model, item, product, account,
    acct, routing, aba, iban, konto, blz, vat, ein, tin, tax, duns, batch, lot, build, version, commit,
    rev(?:ision)?, epoch, timestamp, unix, uuid, pid, port, code, hash, seed, zip, plz, lat, lon, lng,
    price, total, amount, sum, cost, balance, usd, eur, gbp, score, bestellung, bestellnummer, auftrag,
    rechnung, pedido, factura, commande, facture, ordine, fattura
""")
_NOUNS = r"(?:no|nr|number|num|id|ids|code|is|was|of|at|nummer|número|numéro|numero)"
_OTHER = re.compile(
    rf"(?:(?<![a-z])(?:{_OTHERS})|[#№]|\" \d{{3}})[\s:#=.(\"']*(?:{_NOUNS}\b[\s:#=.(\"']*)*$", re.I
)
_UNIT = re.compile(
    r"\s?(?:[€£$¥%]|(?:usd|eur|gbp|yen|jpy|dollars?|euros?|cents?|bucks|views?|followers?|subscribers?|users?|streams?|plays|likes|times"
    r"|bytes?|[kmgt]?i?b|ms|µs|us|ns|seconds?|km|miles?|meters?|people|events?|rows|requests|points?|items?|units?)(?![a-z]))",
    re.I,
)
_PARAMETER = re.compile(r"([\w.\-\[\]]{1,40})=[ +(]*$")
_PHONE_PARAMETER = re.compile(r"phone|tel|mobile|cell|sms|whatsapp|msisdn|fax|contact", re.I)
_DAY = re.compile(r"(?:19\d\d|20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_NEIGHBOURS = words("""
    AE AR AT AU BA BD BE BG BR CH CN CY DE EC EG FI FR GB GE GH HR HU ID IE IL IN IR IT JO JP KE KR LB LK MA MD ME MK
    MY NG NL NZ PE PH PK RO RS SA SE SI SK TH TR TW TZ UA VE VN ZA ZW
""")
"""Countries whose numbers, written as at home with the leading zero, are taken for numbers without a word beside them."""
_SEPARATORS = str.maketrans("", "", " .-/()+[]_,\n\r\t")
_GROUP_ENDS = re.compile(r"\d(?!\d)")


class _Words:
    """Where the words for telephones end: looked for once, not before each of many numbers."""

    def __init__(self, text: str) -> None:
        self._ends = [match.end() for match in _WORD.finditer(text)]

    def tell(self, text: str, start: int) -> bool:
        """Whether such a word stands shortly before a place, with no other number between."""
        place = bisect_right(self._ends, start)
        if not place or start - (end := self._ends[place - 1]) > _FARTHEST_WORD:
            return False
        return _BREAK.search(text, end, start) is None

    def adjoin(self, start: int) -> bool:
        """Whether such a word stands directly before a place."""
        place = bisect_right(self._ends, start)
        return place > 0 and start - self._ends[place - 1] <= _NEXT_TO


def find(text: str) -> Iterator[Span]:
    """Where there are phone numbers."""
    near = _Words(text)
    for kind in (_international, _north_american, _told, _with_trunk):
        spans = list(apart(kind(text, near)))
        yield from spans
        text = blanked(text, spans)


def _international(text: str, near: _Words) -> Iterator[Span]:
    for match in _INTERNATIONAL.finditer(text):
        length = _plan_length(match.group())
        if length and not _is_something_else(match.group()[:length], text, match.start(), near):
            yield match.start(), _with_extension(text, match.start() + length)


def _is_something_else(written: str, text: str, start: int, near: _Words) -> bool:
    if _UNIT.match(text, start + len(written)):
        return True
    if written[0] == "+":
        return False
    if near.tell(text, start):
        return False
    return bool(_OTHER.search(before(text, start))) or (written.isdigit() and written.startswith("011"))


def _plan_length(written: str) -> int:
    """How much of what is written is a number of some country's plan: the longest part that ends a group of digits."""
    for end in reversed([match.end() for match in _GROUP_ENDS.finditer(written)]):
        part = written[:end]
        digits = part.replace("(0)", "").translate(_SEPARATORS)
        if part[0] != "+":
            digits = digits.removeprefix("011") if part.startswith("011") else digits[2:]
        if 7 <= len(digits) <= 15 and _is_in_plan(
            digits, is_grouped=part[1:].translate(_SEPARATORS) != part[1:]
        ):
            return end
    return 0


def _is_in_plan(digits: str, *, is_grouped: bool) -> bool:
    for length in (1, 2, 3):
        code = int(digits[:length])
        if code in COUNTRY_CODE_TO_REGION_CODE:
            pattern, lengths = _plan(code)
            national = digits[length:]
            return bool(pattern.fullmatch(national) or pattern.fullmatch(national.removeprefix("0"))) or (
                is_grouped and len(national) in lengths and national[0] != "0"
            )
    return False


@cache
def _plan(code: int) -> tuple[re.Pattern[str], frozenset[int]]:
    """The pattern and the lengths of a country code's national numbers, of its first two regions."""
    regions = COUNTRY_CODE_TO_REGION_CODE[code][:2]
    descriptions = [d for region in regions if (d := _metadata(code, region).general_desc) is not None]
    pattern = "|".join(d.national_number_pattern for d in descriptions if d.national_number_pattern)
    return re.compile(pattern or "(?!)"), frozenset(
        n for d in descriptions for n in d.possible_length if n >= 6
    )


def _metadata(code: int, region: str) -> PhoneMetadata:
    metadata = (
        PhoneMetadata.metadata_for_nongeo_region(code)
        if region == "001"
        else PhoneMetadata.metadata_for_region(region)
    )
    assert metadata is not None, f"phonenumbers lists {region} and has no metadata of it"
    return metadata


def _north_american(text: str, near: _Words) -> Iterator[Span]:
    for match in _NORTH_AMERICAN.finditer(text):
        start = match.start()
        told = before(text, start)
        if match["first"] == ", " and (_IN_LIST.match(text, match.end()) or _OF_LIST.search(told)):
            continue
        is_bare = not (match["in_brackets"] or match["first"] or match["second"])
        if parameter := _PARAMETER.search(told):
            if not is_bare or _PHONE_PARAMETER.search(parameter[1]):
                yield match.span()
        elif near.tell(text, start) or (
            not (_OTHER.search(told) or _UNIT.match(text, match.end()))
            and (not is_bare or _is_assigned(match.group()))
        ):
            yield match.span()


def _is_assigned(digits: str) -> bool:
    """Whether bare digits begin with an area code that is in use, and are no day and hour."""
    if _DAY.match(digits):
        return False
    national = digits[:11][-10:] if digits[0] == "1" else digits[:10]
    return any(pattern.fullmatch(national) for pattern in _assigned())


@cache
def _assigned() -> tuple[re.Pattern[str], ...]:
    metadata = [_metadata(1, region) for region in ("US", "CA", "PR")]
    return tuple(
        re.compile(description.national_number_pattern)
        for plan in metadata
        for description in (plan.fixed_line, plan.mobile, plan.toll_free)
        if description is not None and description.national_number_pattern
    )


def _told(text: str, near: _Words) -> Iterator[Span]:
    for match in _TOLD.finditer(text):
        told = before(text, match.start(), 48)
        parameter = _PARAMETER.search(told)
        is_told = _PHONE_PARAMETER.search(parameter[1]) if parameter else near.tell(text, match.start())
        is_other = not near.adjoin(match.start()) and _OTHER.search(told)
        if is_told and not is_other and not _UNIT.match(text, match.end()):
            yield match.span()


def _with_trunk(text: str, _words: _Words) -> Iterator[Span]:
    for match in _TRUNK.finditer(text):
        digits = match.group().translate(_SEPARATORS)
        if (
            8 <= len(digits) <= 12
            and not _PAIRS.fullmatch(match.group())
            and not _OTHER.search(before(text, match.start()))
            and _is_at_home(digits)
        ):
            yield match.span()


def _is_at_home(digits: str) -> bool:
    return _home_plans().fullmatch(digits) is not None


@cache
def _home_plans() -> re.Pattern[str]:
    """Numbers of any of the neighbours, as dialled within the country."""
    plans = []
    for region in sorted(_NEIGHBOURS):
        metadata = PhoneMetadata.metadata_for_region(region)
        assert metadata is not None
        patterns = [
            description.national_number_pattern
            for description in (metadata.fixed_line, metadata.mobile)
            if description is not None and description.national_number_pattern
        ]
        plans.append(f"(?:{metadata.national_prefix or ''})?(?:{'|'.join(patterns)})")
    return re.compile("|".join(plans))


_EXTENSION_THERE = re.compile(_EXTENSION, re.I)


def _with_extension(text: str, end: int) -> int:
    match = _EXTENSION_THERE.match(text, end)
    return match.end() if match else end
