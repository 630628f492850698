"""A reader whose bus or state is away: it waits, and ends when it is told to."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bus.rigs import event

from rastup.core.config import load
from rastup.core.errors import BusUnavailable, StoreUnavailable, Unavailable
from rastup.ingest.bus import publisher, reader
from rastup.ingest.bus.source import Batch


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


class Source:
    """A bus with one partition and a record each time that it is read."""

    name = "kafka-events"

    def partitions(self) -> list[str]:
        return ["p0"]

    def start(self, partition: str, stored: int | None) -> None:
        self._next = stored or 0

    def read(self, timeout_s: float) -> list[Batch]:
        self._next += 1
        return [Batch("p0", self._next - 1, [event(self._next)])]

    def stored(self, ends: dict[str, int]) -> None:
        """Nothing watches its lag."""

    def lag_s(self) -> float:
        return 0.0

    def is_at_end(self) -> bool:
        return False

    def close(self) -> None:
        """It holds nothing."""


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


@pytest.mark.parametrize("once", [False, True])
def test_a_state_that_takes_nothing_is_waited_for_and_what_was_read_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, once: bool
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("state database: database or disk is full")

    monkeypatch.setattr(reader, "open_source", lambda *_: Source())
    monkeypatch.setattr(publisher, "check", lambda _: None)
    monkeypatch.setattr(reader, "beat", full)
    settings = load(tmp_path, environ={"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"})
    if once:
        with pytest.raises(Unavailable, match="full"):
            reader.run(settings, threading.Event(), once=True)
        return
    stop = Waits(3)
    assert reader.run(settings, stop).records == 3
    assert stop.of == [1.0, 1.0, 1.0]
