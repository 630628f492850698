"""Readers: a release stays readable for as long as somebody holds it. DuckDB itself says which databases it has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine
from tests.unit.lake.released import publish

from rastup.console.data.lake import LakeSource
from rastup.core.config import Settings
from rastup.core.errors import Unavailable
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
            self.is_broken = False
            opened.append(self)
            try:
                two.wait(0.5)  # a second one that is being opened would come here too
            except threading.BrokenBarrierError:
                pass

        def pin(self, _release_id: str | None, **_: Any) -> Any:
            return None

    monkeypatch.setattr(reader, "ReaderPool", Pool)
    source = LakeSource(settings)
    cards = [threading.Thread(target=source.pin) for _ in range(8)]
    for card in cards:
        card.start()
    for card in cards:
        card.join()
    assert len(opened) == 1


def test_an_engine_that_has_failed_is_left_for_another(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, MAIN)
    source = LakeSource(settings)
    broken = source.pin()
    with monkeypatch.context() as failing:

        def fails(*_: object) -> None:
            raise duckdb.InternalException("INTERNAL Error: an assertion of the engine")

        failing.setattr(reader, "reading", fails)
        with pytest.raises(Unavailable, match="the engine failed: INTERNAL Error"):
            broken.query("select 1 as n")
    assert source.pin().query("select 1 as n").records() == [{"n": 1}]
    assert source.pin()._reader._pool is not broken._reader._pool


def test_nobody_waits_longer_for_an_engine_that_is_being_opened_than_for_an_answer(
    settings: Settings, engine: Engine
) -> None:
    publish(engine, MAIN)
    pool = ReaderPool(settings, engine)
    with pool._lock, pytest.raises(TimeoutError, match="was being opened"):
        pool.pin(limit_s=0.05)
    assert pool.pin(limit_s=5).query("select 1 as n").to_pylist() == [{"n": 1}]
    pool.close()
