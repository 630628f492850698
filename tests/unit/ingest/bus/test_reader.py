"""A reader whose bus is away: it waits, and ends when it is told to."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from rastup.core.config import load
from rastup.core.errors import BusUnavailable
from rastup.ingest.bus import publisher, reader


class Waits(threading.Event):
    """Is set in the n-th wait; takes no time until then."""

    def __init__(self, nth: int) -> None:
        super().__init__()
        self.of: list[float | None] = []
        self._nth = nth

    def wait(self, timeout: float | None = None) -> bool:
        self.of.append(timeout)
        if len(self.of) >= self._nth:
            self.set()
        return self.is_set()


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []

    def away(*_: Any) -> None:
        found.append(1)
        if len(found) > 20:
            raise AssertionError("it goes on for ever")
        raise BusUnavailable("the bus is away")

    monkeypatch.setattr(reader, "open_source", away)
    monkeypatch.setattr(publisher, "check", lambda _: None)
    return found


def test_it_ends_when_it_is_stopped_while_it_waits_for_the_bus(tmp_path: Path, tries: list[int]) -> None:
    stop = Waits(3)
    assert reader.run(load(tmp_path, environ={}), stop) == reader.ReadCount()
    assert stop.of == [2.0, 4.0, 8.0]
    assert len(tries) == 3


def test_it_ends_when_it_was_stopped_before_it_asked(tmp_path: Path, tries: list[int]) -> None:
    stop = threading.Event()
    stop.set()
    assert reader.run(load(tmp_path, environ={}), stop) == reader.ReadCount()
    assert len(tries) <= 1


def test_once_says_that_the_bus_is_away(tmp_path: Path, tries: list[int]) -> None:
    with pytest.raises(BusUnavailable):
        reader.run(load(tmp_path, environ={}), threading.Event(), once=True)
    assert len(tries) == 1
