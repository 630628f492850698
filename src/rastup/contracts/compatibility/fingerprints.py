"""Fingerprints: one text for subschemas that are written alike, whatever stands behind their references."""

from __future__ import annotations

from typing import Any

from rastup.contracts.compatibility.documents import Place, canonical
from rastup.contracts.compatibility.keywords import ANNOTATIONS, KNOWN, LISTS, MAPS, SINGLES
from rastup.contracts.compatibility.reach import home

MOST_PARTS = 600


class _TooLarge(Exception):
    pass


def fingerprint(place: Place) -> str | None:
    """The same text for two subschemas that mean the same by being written the same; None where it grows too large.

    What only people read, unknown keywords and the order of `required`, `enum` and `type` make no difference.
    """
    kept: dict[str, str | None] = place.document.__dict__.setdefault("_fingerprints", {})
    if place.pointer not in kept:
        try:
            kept[place.pointer] = canonical(_plain(place, [], [MOST_PARTS]))
        except _TooLarge:
            kept[place.pointer] = None
    return kept[place.pointer]


def _plain(place: Place, open_: list[Place], left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0 or len(open_) > 32:
        raise _TooLarge
    place = home(place)
    raw = place.raw
    if raw is True or raw == {}:
        return {}
    if not isinstance(raw, dict):
        return raw
    if place in open_:
        # A way back up: named by how far, which is the same in both documents.
        return {"back": len(open_) - open_.index(place)}
    plain: dict[str, Any] = {}
    inside = [*open_, place]
    for keyword in sorted(raw.keys() & (KNOWN - ANNOTATIONS)):
        plain[keyword] = _plain_value(place, keyword, raw[keyword], inside, left)
    return plain


def _plain_value(place: Place, keyword: str, value: Any, inside: list[Place], left: list[int]) -> Any:
    if keyword in ("$ref", "$dynamicRef"):
        return _plain(place.document.resolve(value, place.pointer), inside, left)
    if keyword in SINGLES:
        return _plain(place.below(keyword), inside, left)
    if keyword in LISTS:
        return [_plain(place.below(keyword, index), inside, left) for index in range(len(value))]
    if keyword in MAPS:
        return {
            name: sorted(below)
            if isinstance(below, list)
            else _plain(place.below(keyword, name), inside, left)
            for name, below in value.items()
        }
    if keyword in ("required", "type"):
        return sorted([value] if isinstance(value, str) else value)
    if keyword == "enum":
        return sorted(canonical(entry) for entry in value)
    return value
