"""Texts written without a look at the patterns: sentences in `written_texts/`, values drawn in many forms.

Sentences, countries and most forms belong to one part only: the patterns were mended with the first part in view and then
measured on the second, mended with that in view and measured on the third. Numbers are of ranges kept for examples, of
`phonenumbers` or of Faker, and pass their checks.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import phonenumbers as pn
from faker import Faker
from faker.config import AVAILABLE_LOCALES

Form = Callable[[random.Random, str], str]

FOLDER = Path(__file__).parent / "written_texts"
PARTS = ("first", "second", "third")
REGIONS = {
    "first": ("GB", "DE", "FR", "NL", "SE", "IN", "BR", "JP", "MX", "IE", "PL", "CH", "HU", "VN"),
    "second": (
        "ES",
        "IT",
        "PT",
        "AT",
        "BE",
        "DK",
        "NO",
        "FI",
        "AU",
        "NZ",
        "ZA",
        "CZ",
        "GR",
        "TR",
        "IL",
        "KR",
    ),
    "third": ("RO", "SK", "BG", "UA", "PH", "TH", "MY", "PK", "AR", "EG", "SA", "TW", "HR", "SG", "CL"),
}
BANKS = {
    "first": ("de_DE", "en_GB", "fr_FR", "nl_NL", "pl_PL", "no_NO", "de_CH"),
    "second": ("es_ES", "it_IT", "pt_PT", "de_AT", "fi_FI", "en_IE", "tr_TR", "nl_BE"),
    "third": ("cs_CZ", "sk_SK", "da_DK", "ro_RO", "el_GR", "uk_UA", "fr_CH"),
}
STREETS = {"first": ("en_US", "de_DE", "fr_FR"), "second": ("en_US", "en_GB", "es_ES"), "third": ("en_US",)}
_AREAS = """
    202 205 206 207 208 212 213 214 215 216 224 225 239 240 248 253 267 281 301 302 303 305 310 312 313 314 315 323
    330 336 347 352 360 385 404 405 408 410 412 414 415 424 425 430 440 443 469 470 480 484 501 503 504 505 508 509
    510 512 513 515 516 517 518 530 540 551 559 561 571 585 602 603 605 606 607 608 610 612 614 615 616 617 619 626
    628 630 646 650 651 657 661 669 678 702 703 704 706 707 708 713 714 716 717 718 719 720 724 727 737 754 757 760
    763 765 770 773 781 785 801 802 803 804 805 808 810 813 816 817 818 828 831 832 845 847 856 858 859 860 864 901
    903 904 907 908 909 910 913 914 915 916 917 918 919 925 929 936 937 941 949 951 952 954 956 970 971 972 973 978
    979 980 984 985 416 604 514
"""
AREAS = _AREAS.split()
CARD_BEGINNINGS = {
    "first": (
        ("4242", 16),
        ("51", 16),
        ("55", 16),
        ("37", 15),
        ("6011", 16),
        ("3530", 16),
        ("2221", 16),
        ("36", 14),
    ),
    "second": (
        ("4000", 16),
        ("52", 16),
        ("54", 16),
        ("34", 15),
        ("65", 16),
        ("3566", 16),
        ("2720", 16),
        ("30", 14),
    ),
    "third": (
        ("4111", 16),
        ("53", 16),
        ("2300", 16),
        ("37", 15),
        ("6221", 16),
        ("644", 16),
        ("3540", 16),
        ("305", 14),
    ),
}
RENAMED = ("fr_QC",)
ALNUM = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Written:
    """A text, what is in it (nothing: a clean one), and the digits or words that have to go and to stay."""

    kind: str
    text: str
    values: tuple[str, ...] = ()
    rest: str = ""


def texts(part: str, seed: int = 20261) -> list[Written]:
    """All texts of one part, the same at each call."""
    return list(_Draw(part, random.Random(f"{part}{seed}")).texts())


def telephones(each: int, seed: int = 99) -> Iterator[Written]:
    """Telephone numbers that are valid, as Faker writes them in each of its locales, after a word for telephones."""
    for locale in sorted(AVAILABLE_LOCALES):
        language, _, country = locale.partition("_")
        fake = Faker(locale) if country and locale not in RENAMED else None
        if fake is None or not hasattr(fake.factories[0], "phone_number"):
            continue
        fake.seed_instance(f"{language}{seed}")
        for _ in range(each):
            shown = fake.phone_number()
            if kind := _valid_kind(shown, country):
                yield Written(kind, f"please call {shown} tomorrow", (shown,))


def _valid_kind(shown: str, country: str) -> str:
    try:
        if not pn.is_valid_number(pn.parse(shown, country)):
            return ""
    except pn.NumberParseException:
        return ""
    if shown.lstrip("(").startswith(("+", "00")):
        return "phone +"
    return "phone US" if country in ("US", "CA") else "phone national, word"


def left_over(written: Written, redacted: str) -> bool:
    """Whether something of the values can still be read: a run of digits, or the word itself."""
    if written.kind in ("email", "address", "token"):
        return any(value in redacted for value in written.values) or (
            written.kind == "email" and "@" in redacted
        )
    return len(_digits(redacted)) > len(_digits(written.rest))


def overreach(written: Written, redacted: str) -> bool:
    """Whether digits went that belong to the sentence."""
    return len(_digits(redacted)) < len(_digits(written.rest))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


@dataclass(frozen=True, slots=True)
class _Draw:
    part: str
    rng: random.Random

    def texts(self) -> Iterator[Written]:
        lines = (FOLDER / f"{self.part}.txt").read_text().splitlines()
        for line in lines:
            if line.startswith("#"):
                continue
            use, sentence = line.split(maxsplit=1)
            yield from self._clean(sentence) if use == "clean" else self._personal(use, sentence)

    def _clean(self, sentence: str) -> Iterator[Written]:
        for _ in range(10):
            yield Written("clean", re.sub(r"\{(\w+)\}", lambda m: HARMLESS[m[1]](self.rng), sentence))

    def _personal(self, use: str, sentence: str) -> Iterator[Written]:
        for kind, draw in self._draws(use):
            shown, other = draw(), draw()
            text = sentence.replace("{n}", shown).replace("{n2}", other)
            values = (shown, other) if "{n2}" in sentence else (shown,)
            yield Written(kind, text, values, sentence.replace("{n2}", "").replace("{n}", ""))

    def _draws(self, use: str) -> Iterator[tuple[str, Callable[[], str]]]:
        match use:
            case "any":
                yield from [("phone +", self._plus)] * 3 + [("phone US", self._american)] * 3
                yield from [("phone national, word", self._national)] * 3
            case "bare":
                yield from [("phone +", self._plus)] * 4 + [("phone US", self._american)] * 5
                yield from [("phone national, no word", self._national_grouped)] * 3
            case "card":
                yield from [("card", self._card)] * 8
            case "iban":
                yield from [("iban", self._iban)] * 9
            case "email":
                yield from [("email", self._email)] * 9
            case "ssn":
                yield from [("ssn", self._ssn)] * 9
            case "address":
                yield from [("address", self._address)] * 10
            case _:
                yield from [("token", self._token)] * 8

    def _form(self, forms: tuple[Form, ...]) -> Form:
        """Of three neighbouring forms one is the first part's, one the second's, one everybody's; the third part has all."""
        own = PARTS.index(self.part)
        return self.rng.choice([form for at, form in enumerate(forms) if own == 2 or at % 3 in (own, 2)])

    def _number(self) -> pn.PhoneNumber:
        region = self.rng.choice(REGIONS[self.part])
        kind = self.rng.choice((pn.PhoneNumberType.MOBILE, pn.PhoneNumberType.FIXED_LINE))
        example = pn.example_number_for_type(region, kind)
        assert example is not None
        while True:
            shown = str(example.national_number)[:-2] + f"{self.rng.randrange(100):02d}"
            number = pn.PhoneNumber(
                country_code=example.country_code,
                national_number=int(shown),
                italian_leading_zero=example.italian_leading_zero,
            )
            if pn.is_valid_number(number):
                return number

    def _ten(self) -> str:
        while True:
            ten = f"{self.rng.choice(AREAS)}55501{self.rng.randrange(100):02d}"
            if pn.is_valid_number(pn.parse(ten, "US")):
                return ten

    def _plus(self) -> str:
        number = pn.parse(self._ten(), "US") if self.rng.random() < 0.25 else self._number()
        shown = pn.format_number(number, pn.PhoneNumberFormat.INTERNATIONAL)
        return self._form(PLUS)(self.rng, shown)

    def _american(self) -> str:
        return self._form(AMERICAN)(self.rng, self._ten())

    def _national(self) -> str:
        shown = pn.format_number(self._number(), pn.PhoneNumberFormat.NATIONAL)
        return self._form(NATIONAL)(self.rng, shown)

    def _national_grouped(self) -> str:
        while True:
            shown = pn.format_number(self._number(), pn.PhoneNumberFormat.NATIONAL)
            if shown.startswith(("0", "(0")) and re.search(r"\d\D+\d", shown):
                return self._form(NATIONAL_GROUPED)(self.rng, shown)

    def _card(self) -> str:
        beginning, length = self.rng.choice(CARD_BEGINNINGS[self.part])
        digits = beginning + "".join(self.rng.choices(string.digits, k=length - len(beginning) - 1))
        return self._form(CARDS)(self.rng, digits + _luhn(digits))

    def _iban(self) -> str:
        return self._form(IBANS)(self.rng, _faker(self.rng.choice(BANKS[self.part]), self.rng).iban())

    def _email(self) -> str:
        return self._form(EMAILS)(self.rng, _faker("en_US", self.rng).safe_email())

    def _ssn(self) -> str:
        return self._form(SSNS)(self.rng, _faker("en_US", self.rng).ssn())

    def _address(self) -> str:
        return str(_faker(self.rng.choice(STREETS[self.part]), self.rng).street_address()).replace("\n", ", ")

    def _token(self) -> str:
        return "".join(self.rng.choices(ALNUM, k=self.rng.randint(20, 48)))


@cache
def _of_locale(locale: str) -> Faker:
    return Faker(locale)


def _faker(locale: str, rng: random.Random) -> Faker:
    fake = _of_locale(locale)
    fake.seed_instance(rng.randrange(10**9))
    return fake


def _luhn(digits: str) -> str:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _joined(*separators: str) -> Form:
    return lambda rng, shown: rng.choice(separators).join(re.findall(r"\+?\d+", shown))


def _cut(lengths: tuple[int, ...], separator: str) -> Form:
    def form(_: random.Random, shown: str) -> str:
        digits, parts = re.sub(r"\D", "", shown), []
        for length in lengths:
            parts.append(digits[:length])
            digits = digits[length:]
        return separator.join([*parts, digits] if digits else [part for part in parts if part])

    return form


def _wide(_: random.Random, shown: str) -> str:
    return shown.translate({ord(d): 0xFF10 + int(d) for d in string.digits})


def _us(pattern: str) -> Form:
    def form(rng: random.Random, ten: str) -> str:
        return pattern.format(a=ten[:3], b=ten[3:6], c=ten[6:], x=rng.randint(2, 999), d=ten[6:8], e=ten[8:])

    return form


def _paired(_: random.Random, shown: str) -> str:
    code, rest = shown.split(" ", 1)
    return code + " " + " ".join(re.findall(r"\d\d?", re.sub(r"\D", "", rest)))


def _trunk(_: random.Random, shown: str) -> str:
    code, rest = shown.split(" ", 1)
    return f"{code} (0){rest}" if code in ("+44", "+49", "+33", "+31", "+43", "+61") else shown


PLUS: tuple[Form, ...] = (
    lambda rng, s: re.sub(r"[^+\d]", "", s),
    lambda rng, s: s.replace(" ", "-"),
    lambda rng, s: s,
    _joined("."),
    lambda rng, s: "00" + re.sub(r"\D", "", s),
    _joined("-"),
    lambda rng, s: "(" + s.replace(" ", ") ", 1),
    lambda rng, s: s.replace("+", "00", 1),
    _trunk,
    _paired,
    lambda rng, s: s.replace(" ", "\u00a0"),
    lambda rng, s: s.replace(" ", "  "),
    lambda rng, s: s.replace("+", "+ ", 1),
    lambda rng, s: s.replace(" ", "\n", 2).replace("\n", " ", 1),
    lambda rng, s: f"{s} ext. {rng.randint(10, 999)}",
    _wide,
    lambda rng, s: s.replace("-", " ").replace(" ", "\u2013"),
    lambda rng, s: f"{s}x{rng.randint(10, 999)}",
    lambda rng, s: s.replace(" ", "/", 2).replace("/", " ", 1),
    lambda rng, s: "tel:" + re.sub(r"[^+\d]", "", s),
    lambda rng, s: s.replace("-", " - "),
    lambda rng, s: s.replace("-", " ").replace(" ", "\u2009"),
    lambda rng, s: s.replace("+", "\uff0b"),
    lambda rng, s: re.sub(r"^(\+\d+) (\d+)", r"\1 (\2)", s),
)
AMERICAN: tuple[Form, ...] = (
    _us("{a} {b} {c}"),
    _us("{a}-{b}-{c}"),
    _us("{a}{b}{c}"),
    _us("({a}) {b}-{c}"),
    _us("{a}.{b}.{c}"),
    _us("({a}){b}-{c}"),
    _us("{a} {b}-{c}"),
    _us("({a}) {b} {c}"),
    _us("1-{a}-{b}-{c}"),
    _us("{a}/{b}-{c}"),
    _us("{a} {b}{c}"),
    _us("1{a}{b}{c}"),
    _us("{a}-{b}{c}"),
    _us("{a} - {b} - {c}"),
    _us("({a})-{b}-{c}"),
    _us("1 {a} {b} {c}"),
    _us("{a}-{b}-{c} x{x}"),
    _us("({a}) {b}-{c} ext. {x}"),
    _us("{a}\u2013{b}\u2013{c}"),
    _us("{a}\n{b}-{c}"),
    _us("1 ({a}) {b}-{c}"),
    _us("{a} {b} {d} {e}"),
    _us("{a}\u00a0{b}\u00a0{c}"),
    lambda rng, ten: _wide(rng, f"{ten[:3]}-{ten[3:6]}-{ten[6:]}"),
    _us("[{a}] {b}-{c}"),
    _us("1.{a}.{b}.{c}"),
    _us("{a}  {b}  {c}"),
    _us("{a}.{b}-{c}"),
    _us("{a}_{b}_{c}"),
    _us("{a}, {b} {c}"),
)
NATIONAL: tuple[Form, ...] = (
    lambda rng, s: re.sub(r"\D", "", s),
    _joined("-"),
    lambda rng, s: s,
    _joined(" "),
    _joined("."),
    lambda rng, s: s.replace("-", " ").replace(" ", "/", 1),
    lambda rng, s: re.sub(r"^(\d+)\D", r"(\1) ", s),
    _cut((2, 2, 2, 2, 2, 2), " "),
    _cut((3, 3, 3), " "),
    _cut((4, 3), " "),
    _cut((5,), " "),
    _joined("\u00a0"),
    _wide,
    lambda rng, s: s.replace(" ", "  "),
    _cut((4,), "-"),
)
NATIONAL_GROUPED: tuple[Form, ...] = (
    _joined("-"),
    _joined("."),
    lambda rng, s: s,
    lambda rng, s: s.replace("-", " ").replace(" ", "/", 1),
    _joined("\u00a0"),
    _joined(" "),
)
CARDS: tuple[Form, ...] = (
    lambda rng, s: s,
    _cut((4, 4, 4), "-"),
    lambda rng, s: _cut((4, 6) if s[0] == "3" and len(s) < 16 else (4, 4, 4), " ")(rng, s),
    _cut((4, 4, 4), "."),
    _cut((4, 4, 4), "  "),
    _cut((4, 4, 4), " "),
    _cut((4, 4, 4), "\u00a0"),
    _cut((4, 4, 4), " - "),
    lambda rng, s: s[:8] + " " + s[8:],
    lambda rng, s: s[:4] + "\n" + s[4:8] + " " + s[8:12] + " " + s[12:],
    lambda rng, s: _wide(rng, s),
    _cut((4, 4, 4), "\u2013"),
    _cut((4, 4, 4), "/"),
    _cut((6,), " "),
    _cut((4, 4, 4), "_"),
)
IBANS: tuple[Form, ...] = (
    lambda rng, s: s,
    lambda rng, s: s.lower(),
    lambda rng, s: " ".join(re.findall(".{1,4}", s)),
    lambda rng, s: "-".join(re.findall(".{1,4}", s)),
    lambda rng, s: "\u00a0".join(re.findall(".{1,4}", s)),
    lambda rng, s: " ".join(re.findall(".{1,4}", s.lower())),
    lambda rng, s: s[:4] + " " + s[4:],
    lambda rng, s: ".".join(re.findall(".{1,4}", s)),
    lambda rng, s: "  ".join(re.findall(".{1,4}", s)),
    lambda rng, s: "\n".join(re.findall(".{1,12}", s)),
    lambda rng, s: s[:2] + " " + " ".join(re.findall(".{1,4}", s[2:])),
    lambda rng, s: s[0] + s[1].lower() + s[2:],
)
EMAILS: tuple[Form, ...] = (
    lambda rng, s: s,
    lambda rng, s: s.upper(),
    lambda rng, s: s.replace("@", f"+{rng.choice(('rast', 'x1', '2026'))}@"),
    lambda rng, s: s.replace("@", " [at] ").replace(".", " [dot] "),
    lambda rng, s: s.replace("@", "(at)"),
    lambda rng, s: s.replace("@", " @ "),
    lambda rng, s: s.replace("@", " at ").replace(".", " dot "),
    lambda rng, s: s.replace("@", " (at) ").replace(".", " (dot) "),
    lambda rng, s: s.replace("@", "%40"),
    lambda rng, s: s.replace("@", "\uff20"),
    lambda rng, s: "mailto:" + s,
    lambda rng, s: s.replace("example", "büro-example"),
    lambda rng, s: s.replace("@", "&#64;"),
    lambda rng, s: s.replace("@", "@ "),
    lambda rng, s: s.replace("@", "@mail.studio-7."),
)
SSNS: tuple[Form, ...] = (
    lambda rng, s: s,
    lambda rng, s: s.replace("-", " "),
    lambda rng, s: s.replace("-", ""),
    lambda rng, s: s.replace("-", "."),
    lambda rng, s: s.replace("-", "\u2013"),
    lambda rng, s: s.replace("-", " - "),
    _wide,
    lambda rng, s: s.replace("-", "\u00a0"),
    lambda rng, s: s.replace("-", "", 1),
)


def _digits_of(length: int) -> Callable[[random.Random], str]:
    return lambda rng: str(rng.randrange(10 ** (length - 1), 10**length))


def _hex(length: int) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.getrandbits(4 * length):0{length}x}"


def _day(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(1999, 2031), rng.randint(1, 12), rng.randint(1, 28)


def _date(rng: random.Random) -> str:
    year, month, day = _day(rng)
    forms = (
        "{0}-{1:02}-{2:02}",
        "{2:02}.{1:02}.{0}",
        "{1:02}/{2:02}/{0}",
        "{2}.{1}.{0}",
        "{0}/{1:02}/{2:02}",
    )
    return rng.choice((*forms, "{2:02}-{1:02}-{0}", "{2} Mar {0}", "{2}. {1}. {0}")).format(year, month, day)


def _timestamp(rng: random.Random) -> str:
    year, month, day = _day(rng)
    time = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    zone = rng.choice(("", "Z", "+02:00", ".123Z", ",482", "+0100"))
    return f"{year}-{month:02}-{day:02}{rng.choice('T ')}{time}{zone}"


def _price(rng: random.Random) -> str:
    amount, cents = rng.randint(1, 2_000_000), rng.randint(0, 99)
    return rng.choice(
        (
            f"${amount:,}.{cents:02}",
            f"€{amount}.{cents:02}",
            f"{amount:,}".replace(",", ".") + f",{cents:02} €",
            f"{amount:,}".replace(",", " ") + " EUR",
            f"USD {amount}",
            f"{amount:,}".replace(",", "'") + f".{cents:02} CHF",
            f"£{amount:,}",
            f"{amount} yen",
        )
    )


def _isbn(rng: random.Random) -> str:
    fake = _faker("en_US", rng)
    return rng.choice((fake.isbn13(), fake.isbn10(), fake.isbn13(separator=""), fake.isbn13(separator=" ")))


def _tracking(rng: random.Random) -> str:
    groups = " ".join(str(rng.randrange(1000, 10000)) for _ in range(4))
    return rng.choice((f"9400 {groups} 00", f"RB{rng.randrange(10**8, 10**9)}US", "1Z" + _ups(rng)))


def _ups(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_uppercase + string.digits, k=6)) + str(
        rng.randrange(10**9, 10**10)
    )


def _big(rng: random.Random) -> str:
    return rng.choice(
        (f"{rng.randrange(10**4, 10**10):,}", str(rng.randrange(10**4, 10**9)), f"{rng.random() * 99:.1f}M")
    )


def _coordinate(limit: int) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.uniform(-limit, limit):.{rng.choice((4, 5, 6, 7, 14))}f}"


HARMLESS: dict[str, Callable[[random.Random], str]] = {
    **{f"id{n}": _digits_of(n) for n in range(2, 15)},
    "small": lambda rng: str(rng.randint(1, 60)),
    "two": lambda rng: f"{rng.randint(1, 49):02}",
    "price": _price,
    "date": _date,
    "time": lambda rng: rng.choice(("{:02}:{:02}", "{}.{:02}", "{}:{:02} pm")).format(
        rng.randint(1, 12), rng.randint(0, 59)
    ),
    "timestamp": _timestamp,
    "tracking": _tracking,
    "isbn": _isbn,
    "flight": lambda rng: (
        f"{rng.choice(('LH', 'UA', 'BA', 'U2', 'DL'))}{rng.choice(('', ' '))}{rng.randint(1, 9999)}"
    ),
    "lat": _coordinate(90),
    "lon": _coordinate(180),
    "version": lambda rng: (
        ".".join(str(rng.randint(0, 120)) for _ in range(rng.randint(2, 5)))
        + rng.choice(("", "", "-rc1", "+build.2041", "b3"))
    ),
    "bytes": lambda rng: str(rng.randrange(10**3, 10**11)),
    "ms": lambda rng: f"{rng.uniform(0, 9999):.{rng.randint(0, 3)}f}",
    "uuid": lambda rng: str(_faker("en_US", rng).uuid4()),
    "hex": _hex(24),
    "hex6": _hex(6),
    "sha": _hex(40),
    "sha7": _hex(7),
    "ulid": lambda rng: "01" + "".join(rng.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=24)),
    "ipv4": lambda rng: str(_faker("en_US", rng).ipv4()),
    "ipv6": lambda rng: str(_faker("en_US", rng).ipv6()),
    "port": lambda rng: str(rng.randint(80, 65535)),
    "mac": lambda rng: str(_faker("en_US", rng).mac_address()),
    "year": lambda rng: str(rng.randint(1950, 2031)),
    "month": lambda rng: f"{rng.randint(1, 12):02}",
    "day": lambda rng: f"{rng.randint(1, 28):02}",
    "model": lambda rng: rng.choice(
        ("EOS R5", "A7 IV", "iPhone 15 Pro", "Z8", "GFX100S", "RTX 4090", "24-70/2.8")
    ),
    "size": lambda rng: f"{rng.choice((1280, 1920, 3840, 7680))}x{rng.choice((720, 1080, 2160, 4320))}",
    "mm": lambda rng: str(rng.randint(5, 4000)),
    "big": _big,
    "compact": lambda rng: "{}{:02}{:02}".format(*_day(rng)),
    "ratio": lambda rng: f"{rng.uniform(0, 5):.{rng.randint(1, 4)}f}",
    "ean": lambda rng: str(_faker("en_US", rng).ean13()),
    "ups": _ups,
    "epoch": lambda rng: str(rng.randrange(1_500_000_000, 1_900_000_000)),
    "epochms": lambda rng: str(rng.randrange(1_500_000_000_000, 1_900_000_000_000)),
    "neg": lambda rng: f"-{rng.uniform(1, 40):.1f}°C",
    "vin": lambda rng: str(_faker("en_US", rng).vin()),
    "float": lambda rng: f"{rng.random() * 10 ** rng.randint(0, 5):.{rng.randint(3, 12)}f}",
}
