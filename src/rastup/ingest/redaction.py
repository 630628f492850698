"""Redaction of free text: what looks like personal data is replaced by its kind, and counted.

Kinds: email, card (Luhn), iban (mod 97), ssn, phone, token (a secret in a URL). A cheap look decides whether the patterns
run at all, because almost no text holds any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
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


def redact(text: str) -> tuple[str, Counter[str]]:
    """The text with personal data replaced by `[kind]`, and how many of each kind there were."""
    counts: Counter[str] = Counter()
    if not _SUSPICIOUS.search(text):
        return text, counts
    text = _TOKEN.sub(lambda m: _counted(counts, "token", m.group(1) + "[token]"), text)
    text = _EMAIL.sub(lambda _: _counted(counts, "email", "[email]"), text)
    for kind, pattern, holds in _CONFIRMED:
        text = pattern.sub(_replacing(counts, kind, holds), text)
    return _without_phones(text, counts), counts


def _without_phones(text: str, counts: Counter[str]) -> str:
    if len(_NUMBER.findall(text)) > _MOST_NUMBERS:
        return _NUMBER.sub(lambda _: _counted(counts, "phone", "[phone]"), text)
    for found in reversed(list(PhoneNumberMatcher(text, _HOME_REGION, Leniency.VALID, _MOST_NUMBERS))):
        if not text[: found.start].endswith(("/", ".", "_")):  # a version, a path or an id goes on there
            text = text[: found.start] + _counted(counts, "phone", "[phone]") + text[found.end :]
    return text


def redact_all(value: Any, counts: Counter[str]) -> Any:
    """A JSON value with every string in it redacted; adds to `counts`."""
    if isinstance(value, str):
        text, found = redact(value)
        counts.update(found)
        return text
    if isinstance(value, list):
        return [redact_all(entry, counts) for entry in value]
    if isinstance(value, dict):
        return {key: redact_all(entry, counts) for key, entry in value.items()}
    return value


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


def _mod_97(text: str) -> bool:
    """Whether an IBAN passes the check of ISO 7064 (mod 97 = 1)."""
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


_CONFIRMED: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("iban", _IBAN, _mod_97),
    ("card", _CARD, _luhn),
    ("ssn", _SSN, lambda _: True),
)
