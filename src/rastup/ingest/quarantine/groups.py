"""Refused events counted by what they share, so that a thousand of one mistake are one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rastup.ingest.quarantine.records import BadRecord

_EXAMPLES = 3


@dataclass(frozen=True)
class Group:
    """Records that share code, event, path and source: how many, by state; when first and last; the newest ids."""

    code: str
    event: str | None
    path: str | None
    source: str | None
    states: Counter[str]
    first: str
    last: str
    message: str | None
    examples: tuple[str, ...]

    @property
    def records(self) -> int:
        """All of them."""
        return sum(self.states.values())


def grouped(records: Iterable[BadRecord]) -> list[Group]:
    """The records counted by code, event, path and source; most frequent first. Keeps no more than the groups."""
    groups: dict[tuple[str, str | None, str | None, str | None], _Growing] = {}
    for bad in records:
        key = (bad.code, bad.event, bad.path, bad.source)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Growing()
        group.add(bad)
    found = [group.made(key) for key, group in groups.items()]
    return sorted(found, key=lambda group: (-group.records, group.code, group.event or "", group.path or ""))


class _Growing:
    def __init__(self) -> None:
        self._states: Counter[str] = Counter()
        self._first, self._last = "\uffff", ""
        self._newest: list[BadRecord] = []

    def add(self, bad: BadRecord) -> None:
        self._states[bad.state] += 1
        self._first, self._last = min(self._first, bad.received_at), max(self._last, bad.received_at)
        if len(self._newest) < _EXAMPLES or bad.received_at > self._newest[-1].received_at:
            newest = sorted([*self._newest, bad], key=lambda one: one.received_at, reverse=True)
            self._newest = newest[:_EXAMPLES]

    def made(self, key: tuple[str, str | None, str | None, str | None]) -> Group:
        examples = tuple(bad.id for bad in self._newest)
        return Group(*key, self._states, self._first, self._last, self._newest[0].message, examples)
