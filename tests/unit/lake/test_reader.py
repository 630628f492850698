"""Readers: a release stays readable for as long as somebody holds it. DuckDB itself says which databases it has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.unit.lake.released import publish

from rastup.console.data.lake import LakeSource
from rastup.core.config import Settings
from rastup.lake import reader
from rastup.lake.reader import KEPT_DATABASES, ReaderPool
from rastup.lake.releases import MAIN, NRT
from rastup.state.database import open_state


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = open_state(settings.state_url)
    yield made
    made.dispose()


def _attached(pool: ReaderPool) -> set[str]:
    found = pool.cursor().execute("select database_name from duckdb_databases() where not internal")
    return {name for (name,) in found.fetchall() if name.startswith("rel_")}


def test_a_reader_keeps_its_releases_while_many_newer_ones_are_read(
    settings: Settings, engine: Engine
) -> None:
    publish(engine, MAIN)
    publish(engine, NRT)
    pool = ReaderPool(settings, engine)
    held = pool.pin()
    others = []
    for _ in range(3 * KEPT_DATABASES):
        publish(engine, MAIN)
        publish(engine, NRT)
        others.append(pool.pin())
        assert others[-1].query("select 1 as n").to_pylist() == [{"n": 1}]
    assert held.query("select 1 as n").to_pylist() == [{"n": 1}]
    del others
    newest = pool.pin()
    pinned = {one.release_id.lower() for one in (held.release, held.nrt, newest.release, newest.nrt) if one}
    assert len(pinned) == 4 and pinned <= _attached(pool)
    assert len(_attached(pool)) == KEPT_DATABASES
    pool.close()


def test_cards_that_ask_at_once_share_one_engine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, two = [], threading.Barrier(2)

    class Pool:
        def __init__(self, settings: Settings) -> None:
            opened.append(self)
            try:
                two.wait(0.5)  # a second one that is being opened would come here too
            except threading.BrokenBarrierError:
                pass

        def pin(self, _release_id: str | None) -> Any:
            return None

    monkeypatch.setattr(reader, "ReaderPool", Pool)
    source = LakeSource(settings)
    cards = [threading.Thread(target=source.pin) for _ in range(8)]
    for card in cards:
        card.start()
    for card in cards:
        card.join()
    assert len(opened) == 1
