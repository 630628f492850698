"""A small marketplace, made once for all tests that read it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from rastup_sim.history import lines_of
from rastup_sim.market import Market, Scale, Window, window_of

UNTIL_MS = 1_794_960_000_000  # 2026-11-18
SEED = 11
Record = dict[str, Any]


def records_of(market: Market, window: Window) -> list[Record]:
    """Everything that arrives in a window, parsed."""
    lines = (line for _, _, block in lines_of(market, window, window.hours) for line in block.splitlines())
    return [orjson.loads(line) for line in lines]


@pytest.fixture(scope="session")
def market() -> Market:
    """Three months, so that most orders come to their end within it."""
    return Market(SEED, Scale(60_000, 90, UNTIL_MS))


@pytest.fixture(scope="session")
def window() -> Window:
    """The whole of it."""
    return window_of(UNTIL_MS, 90)


@pytest.fixture(scope="session")
def records(market: Market, window: Window) -> list[Record]:
    """Its events, in the order of their arrival."""
    return records_of(market, window)
