"""Redaction of free text: what looks like personal data is replaced by its kind, and counted.

Kinds: email, card (Luhn), iban (mod 97), ssn, phone, token (a secret in a URL). A cheap look decides whether the patterns
run at all, because almost no text holds any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from phonenumbers import Leniency, PhoneNumberMatcher

_CREDENTIAL = r"[?&#;]\w*(?:token|jwt|key|secret|sig|code|auth|password|session)\w*="
_SUSPICIOUS = re.compile(rf"@|\d(?:[\s().\-/]*\d){{6}}|{_CREDENTIAL}", re.I)

_EMAIL = re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}", re.U)
_TOKEN = re.compile(rf"({_CREDENTIAL})([^&#\s]{{4,}})", re.I)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\d.]*\d)")
_SSN = re.compile(
    r"(?<![\w-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"
    r"|(?:(?<=social security number is )|(?<=ssn )|(?<=ssn: )|(?<=ssn is ))\d{9}(?!\d)",
    re.I,
)
_HOME_REGION = "US"
"""Where a number without a country code is taken to be from: the cities of the marketplace."""
_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,14}")
_MOST_NUMBERS = 20
"""A text with more numbers than this is no prose: all of them go, because looking at each costs 0.3 ms."""
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[05689]\d{12,17}|6\d{12,18}"
)
"""Bare digits that an issuer of cards gives out: the ranges of ISO/IEC 7812 that schemes use."""
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
CLEAN_KEPT = 16_384
_CLEAN_LENGTH = 128


class Redactor:
    """Redacts whole values, and remembers short texts that hold nothing, because senders repeat them.

    Args:
        are_codes: the values are what machines write (ids, versions, campaigns): a UUID, or digits without a `+` or a
            separator, is no phone number there.

    Attributes:
        clean: texts and numbers that were looked at and hold nothing.
    """

    def __init__(self, *, are_codes: bool = False) -> None:
        self._are_codes = are_codes
        self.clean: set[Any] = set()

    def is_clean(self, values: Iterable[Any]) -> bool:
        """Whether nothing in these scalars needs redaction."""
        clean = self.clean
        return all(value in clean or self.redacted(value, Counter()) == value for value in values)

    def redacted(self, value: Any, counts: Counter[str]) -> Any:
        """A JSON value with every text, key and card number in it redacted; adds to `counts`."""
        if isinstance(value, str):
            return value if value in self.clean else self._text(value, counts)
        if isinstance(value, list):
            return [self.redacted(entry, counts) for entry in value]
        if isinstance(value, dict):
            return self._object(value, counts)
        return self._scalar(value, counts)

    def _scalar(self, value: Any, counts: Counter[str]) -> Any:
        if isinstance(value, int | float) and not -1e11 < value < 1e11 and _is_card(value):
            return _counted(counts, "card", "[card]")
        self._remember(value)
        return value

    def _text(self, text: str, counts: Counter[str]) -> str:
        result, found = redact(text, are_codes=self._are_codes)
        counts.update(found)
        if not found and len(text) <= _CLEAN_LENGTH:
            self._remember(text)
        return result

    def _remember(self, value: Any) -> None:
        if len(self.clean) >= CLEAN_KEPT:
            self.clean.clear()
        self.clean.add(value)

    def _object(self, value: dict[str, Any], counts: Counter[str]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, entry in value.items():
            name = free = self.redacted(key, counts)
            number = 1
            while name in result:  # two people's addresses as keys are still two entries
                number += 1
                name = f"{free} {number}"
            result[name] = self.redacted(entry, counts)
        return result


def redact(text: str, *, are_codes: bool = False) -> tuple[str, Counter[str]]:
    """The text with personal data replaced by `[kind]`, and how many of each kind there were.

    Args:
        text: as a person or, with `are_codes`, a machine wrote it.
        are_codes: as for `Redactor`.
    """
    counts: Counter[str] = Counter()
    if not _SUSPICIOUS.search(text):
        return text, counts
    if are_codes and text.isascii() and (text.isdigit() or _UUID.fullmatch(text)):
        return (_counted(counts, "card", "[card]"), counts) if _is_card(text) else (text, counts)
    text = _TOKEN.sub(lambda m: _counted(counts, "token", m.group(1) + "[token]"), text)
    text = _EMAIL.sub(lambda _: _counted(counts, "email", "[email]"), text)
    for kind, pattern, holds in _CONFIRMED:
        text = pattern.sub(_replacing(counts, kind, holds), text)
    return _without_phones(text, counts, are_codes=are_codes), counts


def _without_phones(text: str, counts: Counter[str], *, are_codes: bool) -> str:
    if len(_NUMBER.findall(text)) > _MOST_NUMBERS:
        return _NUMBER.sub(lambda _: _counted(counts, "phone", "[phone]"), text)
    for found in reversed(list(PhoneNumberMatcher(text, _HOME_REGION, Leniency.VALID, _MOST_NUMBERS))):
        if are_codes and found.raw_string.isdigit():
            continue
        if not text[: found.start].endswith(("/", ".", "_")):  # a version, a path or an id goes on there
            text = text[: found.start] + _counted(counts, "phone", "[phone]") + text[found.end :]
    return text


def _counted(counts: Counter[str], kind: str, replacement: str) -> str:
    counts[kind] += 1
    return replacement


def _replacing(
    counts: Counter[str], kind: str, holds: Callable[[str], bool]
) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        return _counted(counts, kind, f"[{kind}]") if holds(match.group()) else match.group()

    return replace


def _luhn(text: str) -> bool:
    """Whether the digits pass the Luhn check of ISO/IEC 7812-1."""
    digits = [int(c) for c in text if c.isdigit()][::-1]
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_card(number: str | float) -> bool:
    """Whether bare digits, or a number, are a card's: of an issuer's range, and with its check digit."""
    if not isinstance(number, str):
        number = str(int(number)) if abs(number) < 1e19 else ""
    return _ISSUED.fullmatch(number) is not None and _luhn(number)


def _mod_97(text: str) -> bool:
    """Whether an IBAN passes the check of ISO 7064 (mod 97 = 1)."""
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


_CONFIRMED: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("iban", _IBAN, _mod_97),
    ("card", _CARD, _luhn),
    ("ssn", _SSN, lambda _: True),
)
