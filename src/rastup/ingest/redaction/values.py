"""Redaction of whole JSON values, with a memory of short texts that hold nothing: senders repeat them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rastup.ingest.redaction import cards
from rastup.ingest.redaction.texts import Redaction

CLEAN_KEPT = 16_384
_CLEAN_LENGTH = 128
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Redactor:
    """Redacts texts, the names of entries, and numbers that are a card's.

    Args:
        are_codes: the values are what machines write (ids, versions, campaigns): a UUID, or nothing but digits, is at most
            a card there.

    Attributes:
        clean: texts and numbers that were looked at and hold nothing.
    """

    def __init__(self, *, are_codes: bool = False) -> None:
        self._are_codes = are_codes
        self.clean: set[Any] = set()

    def is_clean(self, values: Iterable[Any]) -> bool:
        """Whether it is plain that nothing in these scalars needs redaction."""
        return all(value in self.clean or self._is_plainly_clean(value) for value in values)

    def _is_plainly_clean(self, value: Any) -> bool:
        redaction = Redaction()
        return self.redacted(value, redaction) == value and not redaction.needed_close_reading

    def redacted(self, value: Any, redaction: Redaction) -> Any:
        """A JSON value with every text, name and card number in it redacted; counted in the event's `redaction`."""
        if isinstance(value, str):
            return value if value in self.clean else self._text(value, redaction)
        if isinstance(value, list):
            return [self.redacted(entry, redaction) for entry in value]
        if isinstance(value, dict):
            return self._object(value, redaction)
        return self._scalar(value, redaction)

    def _scalar(self, value: Any, redaction: Redaction) -> Any:
        if isinstance(value, int | float) and 1e11 <= abs(value) < 1e19 and any(cards.find(str(int(value)))):
            return redaction.count("card")
        self._remember(value)
        return value

    def _text(self, text: str, redaction: Redaction) -> str:
        if self._are_codes and text.isascii() and (text.isdigit() or _UUID.fullmatch(text)):
            result = redaction.count("card") if text.isdigit() and any(cards.find(text)) else text
        else:
            result = redaction.text(text)
        if result == text and len(text) <= _CLEAN_LENGTH and redaction.is_thorough:
            self._remember(text)
        return result

    def _remember(self, value: Any) -> None:
        if len(self.clean) >= CLEAN_KEPT:
            self.clean.clear()
        self.clean.add(value)

    def _object(self, value: dict[str, Any], redaction: Redaction) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, entry in value.items():
            name = free = self.redacted(key, redaction)
            number = 1
            while name in result:  # two people's addresses as keys are still two entries
                number += 1
                name = f"{free} {number}"
            result[name] = self.redacted(entry, redaction)
        return result
