"""What the collector and its peer have in common under load."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.collector.bodies import Shape

_ID = b'"event_id":"'
_ID_LENGTH = 30


@dataclass(frozen=True)
class Stored:
    """What a server has on disk after a run: good events with ids of their own, good ones in all, refused ones."""

    unique: int
    good: int
    refused: int


class Server(abc.ABC):
    """One server under load."""

    name: str
    key = "none"

    @abc.abstractmethod
    def running(self, shape: Shape) -> AbstractContextManager[tuple[int, str]]:
        """A fresh server without any events: its process id and its address, until the block ends."""

    @abc.abstractmethod
    def stored(self) -> Stored:
        """Reads what the last run has left; the server has ended."""

    @abc.abstractmethod
    def close(self) -> None:
        """Frees the disk."""


def count(lines: Iterable[bytes], refused: int = 0) -> Stored:
    """Counts canonical lines and their ids."""
    ids: set[bytes] = set()
    good = 0
    for line in lines:
        at = line.index(_ID) + len(_ID)
        ids.add(line[at : at + _ID_LENGTH])
        good += 1
    return Stored(len(ids), good, refused)


def lines_below(folder: Path, pattern: str) -> Iterator[bytes]:
    """Every line of the matching files, without empty ones."""
    for path in sorted(folder.rglob(pattern)):
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())
