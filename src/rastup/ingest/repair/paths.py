"""Paths into a message, as findings write them: `$.payload.items[3].x`, and `[*]` for every entry of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rastup.contracts.explanation import json_path
from rastup.core.errors import UsageError

Key = str | int
Place = tuple[Key, ...]
LONGEST, DEEPEST = 300, 16
_EVERY = None
_MISSING = object()
_PART = re.compile(
    r"""\.?(?P<name>[^.\[\]$\s"'][^.\[\]\s"']*)|\[(?P<index>\d{1,4})\]|\[(?P<every>\*)\]|\[(?P<q>["'])(?P<quoted>.*?)(?P=q)\]"""
)


@dataclass(frozen=True)
class Path:
    """Where in a message. `parts` are keys, indexes, and None for every entry of a list."""

    text: str
    parts: tuple[Key | None, ...]

    @classmethod
    def parse(cls, text: str) -> Path:
        """Reads `$.payload.x`; the `$.` may be left out.

        Raises:
            UsageError: it is no path.
        """
        rest = text.strip()
        if len(rest) <= LONGEST:
            rest = rest.removeprefix("$")
            parts = tuple(_parts(rest))
            if parts and len(parts) <= DEEPEST and None not in parts[:1] and _is_whole(rest):
                return cls(f"${rest}" if rest[0] in ".[" else f"$.{rest}", parts)
        raise UsageError(
            f"{text[:80]!r} is no path; write it as payload.x, payload.items[0].x, payload.items[*].x "
            'or payload["odd key"].'
        )

    def places(self, message: Any) -> list[Place]:
        """Every place in the message that the path names and that is there."""
        return [
            place for place in self._stems(message, self.parts) if value_at(message, place) is not _MISSING
        ]

    def stems(self, message: Any) -> list[Place]:
        """Every place that the path names, there or not; a list that it goes through must be there."""
        return list(self._stems(message, self.parts))

    def may_hold(self, other: Path) -> bool:
        """Whether a place of the other can lie inside one of this."""
        pairs = zip(self.parts, other.parts, strict=False)
        return len(other.parts) > len(self.parts) and all(_may_agree(one, two) for one, two in pairs)

    def _stems(self, value: Any, parts: tuple[Key | None, ...]) -> Iterator[Place]:
        if not parts:
            yield ()
            return
        head, rest = parts[0], parts[1:]
        keys: list[Key] = list(range(len(value))) if head is _EVERY and isinstance(value, list) else []
        if head is not _EVERY:
            keys = [head]
        for key in keys:
            found = value_at(value, (key,))
            below = None if found is _MISSING else found
            for place in self._stems(below, rest):
                yield (key, *place)


def value_at(value: Any, place: Place) -> Any:
    """What is there, `MISSING` for nothing."""
    for key in place:
        is_there = (isinstance(value, dict) and key in value) or (
            isinstance(value, list) and isinstance(key, int) and key < len(value)
        )
        if not is_there:
            return _MISSING
        value = value[key]
    return value


MISSING = _MISSING
"""Nothing is at a place; not even null."""


def put_at(message: Any, place: Place, value: Any) -> bool:
    """Puts a value there, making the objects on the way; False, and nothing is made, when something is in the way."""
    *way, last = place
    for depth, key in enumerate(way):
        below = value_at(message, (key,))
        if below is _MISSING:
            if not isinstance(message, dict) or any(isinstance(part, int) for part in place[depth:]):
                return False
            below = message[key] = {}
        message = below
    if isinstance(message, dict) and isinstance(last, str):
        message[last] = value
        return True
    if isinstance(message, list) and isinstance(last, int) and last < len(message):
        message[last] = value
        return True
    return False


def take_from(message: Any, place: Place) -> None:
    """Removes what is there."""
    holder: Any = value_at(message, place[:-1])
    if value_at(holder, place[-1:]) is not _MISSING:
        del holder[place[-1]]


def text_of(place: Place) -> str:
    """A place as findings write it."""
    return json_path(list(place))


def _may_agree(one: Key | None, other: Key | None) -> bool:
    if one is _EVERY or other is _EVERY:
        return not isinstance(one, str) and not isinstance(other, str)
    return one == other


def _parts(rest: str) -> Iterator[Key | None]:
    for found in _PART.finditer(rest):
        if found["name"] is not None:
            yield found["name"]
        elif found["index"] is not None:
            yield int(found["index"])
        elif found["every"] is not None:
            yield _EVERY
        else:
            yield found["quoted"]


def _is_whole(rest: str) -> bool:
    return "".join(found.group() for found in _PART.finditer(rest)) == rest
