"""The console's pages, in their groups. What is not built is not here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. `key` is pressed after `g`; `keeps_filters` says whether links carry range and city."""

    title: str
    path: str
    icon: str
    key: str
    keeps_filters: bool = False


@dataclass(frozen=True)
class Group:
    """A heading and its places."""

    title: str
    places: tuple[Place, ...]


GROUPS = (
    Group("", (Place("Overview", "/", "overview", "o"),)),
    Group(
        "Dashboards",
        (
            Place("Executive", "/dashboards/executive", "executive", "e", keeps_filters=True),
            Place("Operations", "/dashboards/operations", "operations", "p", keeps_filters=True),
        ),
    ),
    Group("Live", (Place("Events", "/live/events", "live", "l"),)),
    Group("Data", (Place("Contracts", "/data/contracts", "contracts", "c"),)),
    Group(
        "Pipeline",
        (
            Place("Runs", "/pipeline/runs", "runs", "r"),
            Place("Releases", "/pipeline/releases", "releases", "s"),
            Place("Quarantine", "/pipeline/quarantine", "quarantine", "q"),
        ),
    ),
)


def is_current(place: Place, path: str) -> bool:
    """Whether the page at `path` belongs to the place."""
    return path == place.path or (place.path != "/" and path.startswith(place.path + "/"))
