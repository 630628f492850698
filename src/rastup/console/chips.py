"""Plain filters of a list page: what the address says, and links that change one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from rastup.console.view import Query, bounded

LONGEST = 200
_TITLES = {"q": "search"}


@dataclass(frozen=True)
class Chip:
    """One filter in effect, and the address without it."""

    title: str
    href: str


@dataclass(frozen=True)
class Filtering:
    """The filters of one page. A value that is empty is no filter."""

    path: str
    values: Mapping[str, str]

    @classmethod
    def read(cls, path: str, query: Query, names: tuple[str, ...]) -> Filtering:
        """The named filters of an address.

        Raises:
            UsageError: one is longer than any name can be.
        """
        found = {name: bounded(name, query.get(name), LONGEST).strip() for name in names}
        return cls(path, {name: value for name, value in found.items() if value})

    def get(self, name: str) -> str | None:
        """The value of a filter, None without one."""
        return self.values.get(name)

    def link(self, path: str | None = None, /, **changes: str | None) -> str:
        """An address with these filters; `changes` replace some, None takes one away."""
        query = urlencode({k: v for k, v in {**self.values, **changes}.items() if v})
        return f"{path or self.path}?{query}" if query else path or self.path

    @property
    def chips(self) -> list[Chip]:
        """What is in effect, each with its way out."""
        return [
            Chip(f"{_TITLES.get(name, name)}: {value}", self.link(**{name: None}))
            for name, value in self.values.items()
        ]
