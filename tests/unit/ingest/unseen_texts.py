"""Texts that nobody wrote down: personal data and what looks like it, drawn from a seed in many forms and languages.

What is personal data comes from others: addresses, cards, account and social security numbers from Faker, telephone numbers
from the plans of `phonenumbers`. The seed of the tests is none of those by which the patterns were made.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase, digits

import phonenumbers
from faker import Faker

LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_MX", "it_IT", "pt_BR", "nl_NL", "pl_PL", "ja_JP")
WITH_IBAN = (
    "en_GB",
    "de_DE",
    "fr_FR",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "fi_FI",
    "tr_TR",
    "pt_PT",
    "de_AT",
    "de_CH",
    "no_NO",
)
SENTENCES = (
    *(
        "{}",
        "please write to {} today",
        "my details: {}.",
        "Hi, {} thanks!",
        "({})",
        "a,{},b",
        "it is {}; ok?",
    ),
    *("reach me at {} or in the studio", "「{}」", "on 12 May: {}", '{{"note":"{}"}}', "Danke, {}\nbis bald"),
)
AROUND_NUMBERS = ("{}", "ok {} then", "my {} now", "see {}.", "({})", "for 2 people: {}", "{} / {}")
_PHONE_KINDS = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.TOLL_FREE,
)
_FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
_AS_WRITTEN = (
    *("({}) {}-{}", "({}){}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}", "{}{}{}", "1-{}-{}-{}", "+1 {} {} {}"),
    *("+1{}{}{}", "001-{}-{}-{}", "{}-{}-{} ext. 12", "+1 ({}) {}-{}"),
)
_UNASSIGNED = ("211", "299", "377", "555", "599", "999")
"""Three digits that the plan of North America keeps from areas: services, and what is held back."""
_UNITS = ("yen", "USD", "views", "plays", "followers", "bytes")
_AREAS = (212, 713, 415, 312, 617, 305, 206, 404, 602, 281, 832, 416, 604)


@dataclass(frozen=True)
class Unseen:
    """A text with one piece of personal data, of a kind and spelled so; or, without a kind, with none."""

    text: str
    kind: str = ""
    secret: str = ""


class Generator:
    """Draws texts; the same seed draws the same.

    Args:
        seed: of everything that is drawn.
    """

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._fakers = {name: Faker(name) for name in {*LOCALES, *WITH_IBAN}}
        for place, name in enumerate(sorted(self._fakers)):
            self._fakers[name].seed_instance(seed + place)
        self._us = self._fakers["en_US"]

    def personal(self, each: int) -> Iterator[Unseen]:
        """`each` texts of every kind."""
        kinds: dict[str, Callable[[], str]] = {
            "email": self._email,
            "card": self._card,
            "iban": self._iban,
            "ssn": lambda: self._us.ssn(),
            "phone": lambda: self._draw.choice((self._phone_abroad, self._phone))(),
        }
        for kind, make in kinds.items():
            for _ in range(each):
                secret = make()
                yield Unseen(self._draw.choice(SENTENCES).format(secret), kind, secret)
        for _ in range(each):
            url, secret = self._url()
            yield Unseen(f"see {url} please", "url_token", secret)

    def addresses(self, each: int) -> Iterator[Unseen]:
        """Street addresses of the United States and of some other countries."""
        for locale in ("en_US", "de_DE", "fr_FR", "it_IT", "sv_SE"):
            faker = Faker(locale)
            faker.seed_instance(self._draw.random())
            for _ in range(each):
                secret = faker.street_address()
                yield Unseen(self._draw.choice(SENTENCES).format(secret), f"address {locale}", secret)

    def harmless(self, each: int) -> Iterator[Unseen]:
        """`each` texts of everything that looks like personal data and is none."""
        for make in self._harmless():
            for _ in range(each):
                form = self._draw.choice(AROUND_NUMBERS)
                yield Unseen(form.format(make(), make()))

    def _any(self) -> Faker:
        return self._fakers[self._draw.choice(LOCALES)]

    def _number(self, length: int) -> str:
        return "".join(self._draw.choices(digits, k=length))

    def _email(self) -> str:
        faker = self._any()
        return str(self._draw.choice((faker.ascii_email, faker.free_email, faker.ascii_company_email))())

    def _card(self) -> str:
        scheme = self._draw.choice(("visa16", "visa19", "mastercard", "amex", "discover", "jcb16", "diners"))
        number = self._us.credit_card_number(card_type=scheme)
        cuts = {16: (4, 8, 12), 15: (4, 10), 14: (4, 10), 19: (4, 8, 12, 16)}[len(number)]
        separator = self._draw.choice(("", " ", "-"))
        return separator.join(number[i:j] for i, j in zip((0, *cuts), (*cuts, len(number)), strict=True))

    def _iban(self) -> str:
        number = self._fakers[self._draw.choice(WITH_IBAN)].iban()
        grouped = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
        return str(self._draw.choice((number, grouped, number.lower())))

    def _phone_abroad(self) -> str:
        region = self._draw.choice(sorted(phonenumbers.SUPPORTED_REGIONS))
        kind = self._draw.choice(_PHONE_KINDS)
        number = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(region)
        assert number is not None
        return phonenumbers.format_number(number, self._draw.choice(_FORMATS)).removeprefix("tel:")

    def _phone(self) -> str:
        area, exchange, line = self._draw.choice(_AREAS), self._draw.randint(200, 999), self._number(4)
        return self._draw.choice(_AS_WRITTEN).format(area, exchange, line)

    def _url(self) -> tuple[str, str]:
        secret = self._us.password(special_chars=False, length=20)
        name = self._draw.choice(
            ("token", "access_token", "api_key", "password", "jwt", "sig", "X-Amz-Signature")
        )
        host, path = self._us.domain_name(), self._us.uri_path()
        forms = (
            f"https://{host}/{path}?page=2&{name}={secret}",
            f"/{path}?{name}={secret}&sort=price",
            f"https://{host}/#{name}={secret}",
            f"https://jo:{secret}@{host}/{path}",
            f"https://{host}/reset-password/{secret}",
        )
        return self._draw.choice(forms), secret

    def _harmless(self) -> tuple[Callable[[], str], ...]:
        draw, us, number = self._draw, self._us, self._number
        day = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%Y%m%d", "%b %d, %Y", "%d %B %Y")
        orders = (
            "order ",
            "Order #",
            "order no. ",
            "PO ",
            "invoice ",
            "ref ",
            "ticket ",
            "booking ",
            "case id ",
        )
        ulid = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        return (
            lambda: draw.choice(orders) + number(draw.randint(6, 12)),
            lambda: f"Order {number(3)}-{number(7)}-{number(7)}",
            lambda: "tracking 1Z" + "".join(draw.choices(ascii_uppercase + digits, k=16)),
            lambda: "tracking 9400 " + " ".join(number(4) for _ in range(4)) + f" {number(2)}",
            lambda: f"tracking number {number(12)}",
            lambda: f"RR{number(9)}US",
            lambda: f"{draw.choice('$€£')}{draw.randint(1, 10**7):,}.{number(2)}",
            lambda: f"{draw.randint(1, 999)}.{number(3)},{number(2)} €",
            lambda: (
                f"{draw.randint(10**5, 10**9)} {draw.choice(('yen', 'USD', 'views', 'plays', 'followers', 'bytes'))}"
            ),
            lambda: us.date(pattern=draw.choice(day)),
            lambda: us.iso8601(),
            lambda: f"{draw.randint(1950, 2024)}-{draw.randint(1950, 2024)}",
            lambda: (
                f"{draw.randint(1, 12)}:{number(1)}0 - {draw.randint(1, 12)}:{number(1)}5 pm, room {number(3)}"
            ),
            lambda: str(draw.randint(1_400_000_000, 1_800_000_000)),
            lambda: str(draw.randint(1_400_000_000_000, 1_800_000_000_000)),
            lambda: f"{us.latitude()},{us.longitude()}",
            lambda: f"POINT({float(us.longitude()):.6f} {float(us.latitude()):.6f})",
            lambda: f"v{draw.randint(0, 30)}.{draw.randint(0, 99)}.{draw.randint(0, 9999)}",
            lambda: f"Chrome/{draw.randint(80, 140)}.0.{draw.randint(1000, 9999)}.{draw.randint(1, 250)}",
            lambda: f"ISBN {us.isbn13()}",
            lambda: us.isbn13(),
            lambda: f"ISBN {us.isbn10()}",
            lambda: f"EAN {us.ean13()}",
            lambda: us.uuid4(),
            lambda: us.sha256(),
            lambda: us.md5(),
            lambda: us.ipv4(),
            lambda: us.ipv6(),
            lambda: us.mac_address(),
            lambda: us.vin(),
            lambda: us.zipcode_plus4(),
            lambda: "leg_01H" + "".join(draw.choices(ulid, k=23)),
            lambda: f"usr_{number(10)}",
            lambda: f"/studios/{draw.randint(1, 10**9)}?page={draw.randint(1, 99)}&utm_id={number(11)}",
            lambda: str(draw.random()),
            lambda: f"{draw.randint(100, 4000)}x{draw.randint(100, 4000)} @ {draw.randint(24, 120)} fps",
            lambda: f"{draw.randint(2, 12)} hour dj set for {draw.randint(20, 400)} people",
            lambda: f"{draw.randint(2, 30)} min drive from the venue, take {draw.randint(1, 20)}",
            lambda: self._any().sentence(),
            lambda: self._any().paragraph(nb_sentences=4),
            lambda: us.bs(),
            lambda: us.job(),
            lambda: f"follow @{us.user_name()}",
            lambda: _failing_luhn(
                draw.choice(("4", "51", "37", "6011")) + number(15), draw.choice(("", " ", "-"))
            ),
            lambda: _passing_luhn(draw.choice("0179") + number(14)),
            lambda: f"{draw.choice(('1', '0'))}{number(9)}",
            lambda: draw.choice(_UNASSIGNED) + str(draw.randint(2, 9)) + number(6),
            lambda: f"{draw.choice(_AREAS)}{draw.randint(200, 999)}{number(4)} {draw.choice(_UNITS)}",
            lambda: f"${draw.choice(_AREAS)}{draw.randint(200, 999)}{number(4)}",
            lambda: _failing_mod_97(self._fakers[draw.choice(WITH_IBAN)].iban()),
            lambda: f"{draw.choice(('000', '666'))}-{draw.randint(10, 99)}-{number(4)}",
            lambda: f"{number(8)}-{number(4)}-4{number(3)}-8{number(3)}-{number(12)}",
            lambda: f"{us.date()} {us.time()} {us.date()} {us.time()}",
            lambda: f"+{draw.randint(2, 9)}{draw.choice(('0%', '00 points', ' for you'))}",
        )


def _luhn(number: str) -> int:
    """The check sum of ISO/IEC 7812-1, digit by digit as the standard says it."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2]]
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10


def _failing_luhn(number: str, separator: str) -> str:
    number = number[:16]
    if _luhn(number) == 0:
        number = number[:-1] + str((int(number[-1]) + 1) % 10)
    return separator.join(number[i : i + 4] for i in range(0, 16, 4))


def _passing_luhn(number: str) -> str:
    return number + str(-_luhn(number + "0") % 10)


def _failing_mod_97(iban: str) -> str:
    return iban[:-1] + str((int(iban[-1]) + 1) % 10) if iban[-1].isdigit() else iban[:-1] + "0"
