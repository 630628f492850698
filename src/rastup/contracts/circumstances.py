"""Where in the record a dialect's circumstances go: places named by dotted paths in the tables of `contracts/mapping/`."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from rastup.contracts.mapping import Message

_LONGEST = {"app": 64, "geo": 64, "device": 64, "campaign": 256, "page": 2048}


class Target:
    """A place in the record for a circumstance: a dotted path, and how long a text the envelope takes there."""

    def __init__(self, path: str) -> None:
        self.path = path
        section, _, self._name = path.rpartition(".")
        self._sections = section.split(".") if section else []
        self._longest = _LONGEST.get(path.partition(".")[0], 256)

    def tell(self, record: Message, value: str) -> None:
        """Notes a text there, cut: a circumstance must not cost the event."""
        for section in self._sections:
            record = record.setdefault(section, {})
        record[self._name] = value[: self._longest]


def targets(paths: Mapping[str, str]) -> dict[str, Target]:
    """The places by what is told there."""
    return {name: Target(path) for name, path in paths.items()}


def path_of(url: str) -> str:
    """The path of a URL, without what may follow it."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"
