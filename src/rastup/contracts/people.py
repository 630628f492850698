"""Ids of people: what senders call them, as the platform does."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

PEOPLE_KEPT, LENGTH_KEPT = 65_536, 128
USER, ANONYMOUS, SESSION = "usr_", "an_", "ses_"


def prefixed(value: str, prefix: str) -> str:
    """An id with its prefix: kept when it has it, else derived so that equal ids stay equal and others differ."""
    rest = value.removeprefix(prefix)
    if value.startswith(prefix) and rest.isascii() and rest.isalnum() and len(value) <= LENGTH_KEPT:
        return value
    return prefix + sha256(value.encode("utf-8", "replace")).hexdigest()[:32]


class People(dict[str, str]):
    """Ids of people by the text that a sender gives; those that come again are not derived again."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, value: str) -> str:
        found = prefixed(value, self._prefix)
        if len(value) <= LENGTH_KEPT:
            if len(self) >= PEOPLE_KEPT:
                self.clear()
            self[value] = found
        return found

    def of(self, value: Any) -> str | None:
        """The id that text or a number stands for; None for what is empty or neither."""
        if isinstance(value, str):
            return self[value] if value else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self[str(value)]
        return None


USERS, VISITORS, SESSIONS = People(USER), People(ANONYMOUS), People(SESSION)
