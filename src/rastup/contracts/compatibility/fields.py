"""Fields that one version names and the other does not, at any depth: what was removed, renamed, added.

An open object takes what it does not name, so a validator sees no difference. A sender and a table do: the contracts
count a field that is gone as breaking, and one that came as growth.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rastup.contracts.compatibility.documents import Place, matcher
from rastup.contracts.compatibility.fingerprints import fingerprint
from rastup.contracts.compatibility.reach import home, reached
from rastup.core.errors import ConfigError

MOST_STEPS = 20_000

Places = tuple[Place, ...]


@dataclass(frozen=True)
class Fields:
    """What differs: the removed ones by pointer into the old schema, with their new name where they were only renamed;
    the added ones by pointer into the new schema.
    """

    removed: dict[str, tuple[str, str | None]]
    added: dict[str, str]


def difference(old: Place, new: Place) -> Fields:
    """The fields that are gone and those that came.

    Raises:
        ConfigError: the schemas are too entangled to be compared in bounded time.
    """
    found = Fields({}, {})
    waiting: list[tuple[Places, Places]] = [((old,), (new,))]
    seen = set(waiting)
    while waiting:
        before, after = waiting.pop()
        _compare(before, after, found)
        for pair in _common(before, after):
            if pair not in seen:
                seen.add(pair)
                waiting.append(pair)
        if len(seen) > MOST_STEPS:
            raise ConfigError("the schemas are too entangled to be compared; flatten them.")
    return found


def _compare(before: Places, after: Places, found: Fields) -> None:
    old, new = _named(before), _named(after)
    gone = {name: places for name, places in old.items() if name not in new and not _is_taken(after, name)}
    came = {name: places for name, places in new.items() if name not in old and not _is_taken(before, name)}
    renamed = dict(_renamed(gone, came))
    for name, places in gone.items():
        found.removed[places[0].pointer] = (name, renamed.get(name))
    for name, places in came.items():
        found.added[places[0].pointer] = name


def _renamed(gone: dict[str, Places], came: dict[str, Places]) -> Iterator[tuple[str, str]]:
    """Pairs of a field that is gone and one of the same shape that came, the most alike names first."""
    alike = [
        (difflib.SequenceMatcher(None, old, new).ratio(), old, new)
        for old, places in gone.items()
        for new, others in came.items()
        if (shape := fingerprint(places[0])) is not None and shape == fingerprint(others[0])
    ]
    taken: set[str] = set()
    for _, old, new in sorted(alike, key=lambda a: (-a[0], a[1], a[2])):
        if f"-{old}" not in taken and f"+{new}" not in taken:
            taken |= {f"-{old}", f"+{new}"}
            yield old, new


def _named(places: Places) -> dict[str, Places]:
    """The fields that are named, with every subschema that applies to them."""
    found: dict[str, list[Place]] = {}
    for place in reached(places):
        for name in place.raw.get("properties", {}):
            found.setdefault(name, []).append(place.below("properties", name))
    return {n: tuple(below) for n, below in found.items() if not any(home(p).raw is False for p in below)}


def _is_taken(places: Places, name: str) -> bool:
    """Whether fields of that name are described without being named."""
    for place in reached(places):
        if any(matcher(pattern).is_valid(name) for pattern in place.raw.get("patternProperties", {})):
            return True
        if isinstance(place.raw.get("additionalProperties"), dict) and place.raw["additionalProperties"]:
            return True
    return False


def _common(before: Places, after: Places) -> Iterator[tuple[Places, Places]]:
    old, new = _parts(before), _parts(after)
    for step in old:
        if step in new:
            yield tuple(old[step]), tuple(new[step])


def _parts(places: Places) -> dict[Any, list[Place]]:
    """What the places say of the parts of an instance, by the step that leads there."""
    found: dict[Any, list[Place]] = {}
    for place in reached(places):
        for keyword in ("properties", "patternProperties"):
            for name in place.raw.get(keyword, {}):
                found.setdefault((keyword, name), []).append(place.below(keyword, name))
        for keyword in (
            "items",
            "additionalProperties",
            "contains",
            "unevaluatedProperties",
            "unevaluatedItems",
        ):
            if isinstance(place.raw.get(keyword), dict):
                found.setdefault(keyword, []).append(place.below(keyword))
        for index in range(len(place.raw.get("prefixItems", []))):
            found.setdefault(index, []).append(place.below("prefixItems", index))
    return found
