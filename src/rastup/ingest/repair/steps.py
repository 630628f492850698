"""The steps of a repair. Each changes a message in place, where it finds what it is about, and says nothing else."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rastup.ingest.repair.casts import cast
from rastup.ingest.repair.paths import MISSING, Path, put_at, take_from, value_at

NAMES = ("event", "name")
"""Where the dialects keep the event's name."""


class Step(Protocol):
    """One change."""

    def apply(self, message: dict[str, Any]) -> None:
        """Changes the message in place."""

    @property
    def document(self) -> dict[str, Any]:
        """The step as a repair document says it."""


@dataclass(frozen=True)
class Rename:
    """Moves a value to another path. What is there already stays, and then nothing moves."""

    source: Path
    target: Path

    def apply(self, message: dict[str, Any]) -> None:
        """Moves it."""
        for place in self.source.places(message):
            target = _along(self.source, place, self.target)
            if target is None or target == place or value_at(message, target) is not MISSING:
                continue
            if put_at(message, target, value_at(message, place)):
                take_from(message, place)

    @property
    def document(self) -> dict[str, Any]:
        """`rename`."""
        return {"rename": {"from": self.source.text, "to": self.target.text}}


@dataclass(frozen=True)
class Cast:
    """Makes a value another type when nothing of it is lost."""

    path: Path
    kind: str

    def apply(self, message: dict[str, Any]) -> None:
        """Casts it."""
        for place in self.path.places(message):
            found = cast(value_at(message, place), self.kind)
            if found is not None:
                put_at(message, place, found)

    @property
    def document(self) -> dict[str, Any]:
        """`cast`."""
        return {"cast": {"path": self.path.text, "to": self.kind}}


@dataclass(frozen=True)
class Set:
    """Puts a value at a path, with `if_missing` only where nothing is."""

    path: Path
    value: Any
    if_missing: bool = False

    def apply(self, message: dict[str, Any]) -> None:
        """Sets it."""
        for place in self.path.stems(message):
            if not self.if_missing or value_at(message, place) is MISSING:
                put_at(message, place, copy.deepcopy(self.value))

    @property
    def document(self) -> dict[str, Any]:
        """`set`, or `default`."""
        return {"default" if self.if_missing else "set": {"path": self.path.text, "value": self.value}}


@dataclass(frozen=True)
class Drop:
    """Removes what is at a path."""

    path: Path

    def apply(self, message: dict[str, Any]) -> None:
        """Drops it."""
        for place in reversed(self.path.places(message)):
            take_from(message, place)

    @property
    def document(self) -> dict[str, Any]:
        """`drop`."""
        return {"drop": self.path.text}


@dataclass(frozen=True)
class MapEvent:
    """Gives the event another name; with `source` only where it has that one."""

    target: str
    source: str | None = None

    def apply(self, message: dict[str, Any]) -> None:
        """Maps it."""
        for key in NAMES:
            if isinstance(name := message.get(key), str):
                if self.source in (None, name):
                    message[key] = self.target
                return

    @property
    def document(self) -> dict[str, Any]:
        """`event`."""
        return {"event": {"from": self.source, "to": self.target} if self.source else {"to": self.target}}


def repaired(message: Any, steps: tuple[Step, ...]) -> Any:
    """A copy of the message with all steps done, in order. What is no object stays as it is."""
    if not isinstance(message, dict) or not steps:
        return message
    try:
        changed = copy.deepcopy(message)
    except RecursionError:  # nested so deep that it is refused whatever one does
        return message
    for step in steps:
        step.apply(changed)
    return changed


def _along(source: Path, place: tuple[str | int, ...], target: Path) -> tuple[str | int, ...] | None:
    """The target's place for one place of the source: each `[*]` means the same entry."""
    indexes = iter([key for key, part in zip(place, source.parts, strict=True) if part is None])
    found = [next(indexes, None) if part is None else part for part in target.parts]
    return None if None in found else tuple(key for key in found if key is not None)


def documents(steps: tuple[Step, ...]) -> list[Mapping[str, Any]]:
    """The steps as a repair document lists them."""
    return [step.document for step in steps]
