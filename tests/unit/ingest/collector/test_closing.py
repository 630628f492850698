"""The end of a worker: what cannot be closed keeps nothing else from being closed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import load
from rastup.core.errors import StoreUnavailable
from rastup.ingest.collector.app import Collector

PARTS = ["_deadlines", "_webhooks", "_redirect", "_storing"]


class Part:
    """Notes that it was closed, in the order of all; the one that is broken raises then."""

    def __init__(self, name: str, closed: list[str], broken: str | None) -> None:
        self._name, self._closed, self._broken = name, closed, broken

    def close(self) -> None:
        self._closed.append(self._name)
        if self._name == self._broken:
            raise StoreUnavailable("the state is away")


@pytest.mark.parametrize("broken", [None, *PARTS])
def test_the_spool_is_sealed_last_whatever_cannot_be_closed(tmp_path: Path, broken: str | None) -> None:
    collector, closed = Collector(load(tmp_path, environ={}), Validator(load_registry())), list[str]()
    for name in PARTS:
        setattr(collector, name, Part(name, closed, broken))
    loop = asyncio.new_event_loop()
    try:
        collector.__rsgi_del__(loop)
    except StoreUnavailable:
        assert broken is not None
    finally:
        loop.close()
    assert closed == PARTS
