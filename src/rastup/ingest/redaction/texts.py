"""Redaction of one text, and of every text in a JSON value.

Almost no text holds personal data, so a cheap look comes first. Behind it, only the surroundings of what looked
suspicious are read, and of these only so much for one event: a text that is nothing but numbers is no prose, and all its
numbers go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from rastup.ingest.redaction import addresses, cards, emails, glance, ibans, phones, shields, ssns, url_tokens
from rastup.ingest.redaction.plain import plain
from rastup.ingest.redaction.spans import Found, Span, apart, blanked, replaced, surroundings

KINDS = ("email", "url_token", "iban", "card", "ssn", "phone", "address")
CLOSELY_READ = 1_200
"""Characters around numbers that are read closely for one event: a few milliseconds' worth."""
MANY_ADDRESSES = 100
"""From so many @ in one text on, every word with one is an e-mail address."""

# Each stands behind its first digit: seven digits near each other; a house number and a word, or a word and a
# number; a bank account.
_FIRST = r"(?<![0-9A-Za-z_]\d)"
_SEVEN = r"\d?(?:[\W_]{0,3}\d){6}"
_HOUSE = r"[^\W_]{0,5},? [^\W\d]|(?<= \d)(?<=[^\W\d][.,] \d|[^\W\d][^\W\d] \d)"
_ACCOUNT = r"(?<=[A-Za-z]{2}\d)(?<![0-9A-Za-z]...)\d(?:(?:\s{1,2}|[.\-/_])?[0-9A-Za-z]){11}"
_NUMBERS = re.compile(rf"\d(?:{_FIRST}{_SEVEN}|{_ACCOUNT})")
_HOUSES = re.compile(rf"\d{_FIRST}(?:{_HOUSE})")
_ALL_NUMBERS = re.compile(r"[+(]{0,2}\d(?:[\s.()\-/_]{0,3}\d){6,18}")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_WORD = re.compile(r"[^\s\0]+")
_MOST_DECODED = 3
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
_NUMBER_FINDERS: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("iban", ibans.find),
    ("", shields.find),
    ("card", cards.find),
    ("ssn", ssns.find),
    ("phone", phones.find),
)
"""In the order in which they look: what one finds the next does not see."""


class Redaction:
    """Redacts the texts of one event.

    Attributes:
        counts: how many of each kind were replaced so far.
    """

    __slots__ = ("_left", "counts")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._left = CLOSELY_READ

    @property
    def needed_close_reading(self) -> bool:
        """Whether anything so far looked like a number or an address of somebody."""
        return self._left < CLOSELY_READ

    @property
    def is_thorough(self) -> bool:
        """Whether all that looked so was read closely; else a text that seems to hold nothing may hold something."""
        return self._left > 0

    def everywhere(self, value: Any) -> Any:
        """A JSON value with every string in it redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.everywhere(entry) for entry in value]
        if isinstance(value, dict):
            return {key: self.everywhere(entry) for key, entry in value.items()}
        return value

    def text(self, text: str) -> str:
        """The text with personal data replaced by `[kind]`."""
        if not glance.may_hold(text):
            return text
        if ("=" in text or "/" in text or "eyJ" in text) and (tokens := url_tokens.find(text)):
            text = self._replaced(text, [(*span, "url_token") for span in apart(tokens)])
        if "%" in text and _ESCAPED.search(text):
            return self._escaped(text)
        return self._read(text)

    def emails(self, value: Any) -> Any:
        """A JSON value with the e-mail addresses in its strings redacted, for fields that hold ids and names."""
        if isinstance(value, str):
            if "@" not in value:
                return value
            return self._replaced(value, [(*span, "email") for span in _emails(plain(value))])
        if isinstance(value, list):
            return [self.emails(entry) for entry in value]
        if isinstance(value, dict):
            return {key: self.emails(entry) for key, entry in value.items()}
        return value

    def count(self, kind: str) -> str:
        """Counts one that was found elsewhere; what stands in its place."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"[{kind}]"

    def _escaped(self, text: str) -> str:
        """A percent-encoded text is read decoded, and comes back decoded when something was found in it, else as it was."""
        decoded = text
        for _ in range(_MOST_DECODED):
            if (once := unquote(decoded)) == decoded:
                break
            decoded = once
        if not glance.may_hold(decoded):
            return text
        redacted = self._read(decoded)
        return text if redacted is decoded else redacted

    def _read(self, text: str) -> str:
        left = plain(text)
        left = blanked(left, [match.span() for match in _PLACEHOLDER.finditer(left)])
        found: list[Found] = [(*span, "email") for span in _emails(left)] if emails.may_hold(left) else []
        left = blanked(left, [span[:2] for span in found])
        if self._left <= 0:
            return self._replaced(text, [*found, *_coarsely(left, 0, len(left))])
        numbers = list(self._numbers(left))
        left = blanked(left, [span[:2] for span in numbers])
        return self._replaced(text, [*found, *numbers, *self._addresses(left)])

    def _numbers(self, text: str) -> Iterator[Found]:
        for start, stop in surroundings(text, _NUMBERS, 48, 40):
            read = min(stop - start, max(self._left, 0))
            self._left -= read
            if read:
                yield from _closely(text[start : start + read], start)
            yield from _coarsely(text, start + read, stop)

    def _addresses(self, text: str) -> Iterator[Found]:
        if not glance.may_hold_address(text):
            return
        for start, stop in surroundings(text, _HOUSES, 64, 120):
            read = min(stop - start, max(self._left, 0))
            self._left -= read
            for span in apart(addresses.find(text[start : start + read])):
                yield start + span[0], start + span[1], "address"

    def _replaced(self, text: str, found: list[Found]) -> str:
        if not found:
            return text
        for _, _, kind in found:
            self.counts[kind] = self.counts.get(kind, 0) + 1
        return replaced(text, found)


def redact(text: str) -> tuple[str, dict[str, int]]:
    """The text with personal data replaced by `[kind]`, and how many of each kind there were."""
    redaction = Redaction()
    return redaction.text(text), redaction.counts


def _coarsely(text: str, start: int, stop: int) -> Iterator[Found]:
    """Every number of seven digits or more, its kind told by its length."""
    for match in _ALL_NUMBERS.finditer(text, start, stop):
        yield *match.span(), "card" if sum(map(str.isdigit, match.group())) >= 13 else "phone"


def _emails(text: str) -> Iterator[Span]:
    if text.count("@") > MANY_ADDRESSES:
        return (match.span() for match in _WORD.finditer(text) if "@" in match.group())
    return apart(emails.find(text))


def _closely(text: str, offset: int) -> Iterator[Found]:
    for kind, find in _NUMBER_FINDERS:
        if not glance.may_hold_number(text):
            return
        spans = list(apart(find(text)))
        if kind:
            for start, stop in spans:
                yield offset + start, offset + stop, kind
        text = blanked(text, spans)
