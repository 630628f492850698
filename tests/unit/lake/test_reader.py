"""Readers: a release stays readable for as long as somebody holds it. DuckDB itself says which databases it has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from sqlalchemy import Engine
from tests.unit.lake.released import publish
from tests.unit.lake.test_reader_limits import ENDLESS

from rastup.console.data import lake
from rastup.console.data.lake import LakeSource
from rastup.core.config import Settings
from rastup.core.errors import StoreUnavailable, Unavailable
from rastup.lake import reader
from rastup.lake.reader import KEPT_DATABASES, ReaderPool
from rastup.lake.releases import MAIN, NRT, ReleaseTable
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


class FailingSession:
    """A session of the engine that fails for good at the first statement which begins so."""

    def __init__(self, session: Any, begins: str) -> None:
        self._session, self._begins = session, begins

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def __enter__(self) -> FailingSession:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def cursor(self) -> FailingSession:
        """Fails as its parent."""
        return FailingSession(self._session.cursor(), self._begins)

    def execute(self, sql: Any, *rest: Any) -> Any:
        """As the engine does it."""
        if str(sql).startswith(self._begins):
            raise duckdb.FatalException("FATAL Error: database has been invalidated")
        return self._session.execute(sql, *rest)


@pytest.mark.parametrize(
    "begins",
    ["set search_path", "attach", "create schema", "create or replace view", "detach", "set allowed"],
)
def test_an_engine_that_fails_at_any_statement_of_a_reader_is_left_for_another(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch, begins: str
) -> None:
    publish(engine, MAIN)
    pool = ReaderPool(settings, engine)
    held = [pool.pin()]
    for _ in range(KEPT_DATABASES):
        publish(engine, MAIN)
        held.append(pool.pin())
    release = publish(engine, MAIN, tables=(_missing_table(settings),))
    monkeypatch.setattr(pool, "_connection", FailingSession(pool._connection, begins))
    asked = held[-1]
    del held
    with pytest.raises(StoreUnavailable, match="the engine failed: FATAL Error"):
        if begins in ("set search_path", "set allowed"):
            asked.query("select 1 as n") if begins == "set search_path" else asked.lock()
        elif begins == "detach":
            pool.pin(asked.release.release_id)
        else:
            pool.pin(release)
    assert pool.is_broken
    pool.close()


def _missing_table(settings: Settings) -> ReleaseTable:
    return ReleaseTable("gold.gone", 1, f"{settings.warehouse_url}/gold/gone/metadata/1.metadata.json", 0)


def test_a_pin_that_fails_leaves_nothing_attached(settings: Settings, engine: Engine) -> None:
    publish(engine, MAIN, tables=(_missing_table(settings),))
    pool = ReaderPool(settings, engine)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"gold\.gone of rel_.* cannot be read"):
            pool.pin()
        assert _attached(pool) == set()
    publish(engine, MAIN)
    assert pool.pin().query("select 1 as n").to_pylist() == [{"n": 1}]
    pool.close()


def test_a_pin_that_is_stopped_leaves_nothing_attached(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, MAIN, tables=(_missing_table(settings),))
    pool = ReaderPool(settings, engine)
    with monkeypatch.context() as slow:
        # A storage that never answers.
        slow.setattr(reader, "engine_path", lambda _url: pool._connection.execute(ENDLESS))
        with pytest.raises(TimeoutError, match=r"stopped after 0\.3 s"):
            pool.pin(limit_s=0.3)
    assert _attached(pool) == set()
    pool.close()


def test_what_a_question_needs_is_of_its_own_time(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, MAIN)
    pool = ReaderPool(settings, engine)
    pinned, clock, left = pool.pin(), SimpleNamespace(now=1_000.0), []
    monkeypatch.setattr(reader, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def show_bronze(_release: Any, limit: reader.Limit) -> None:
        left.append(limit.left_s)
        clock.now += 20

    def stopped_after(limit: reader.Limit, _session: Any) -> nullcontext[None]:
        left.append(limit.left_s)
        return nullcontext()

    monkeypatch.setattr(pool, "show_bronze", show_bronze)
    monkeypatch.setattr(reader, "_stopped_after", stopped_after)
    pinned.query("select 'bronze' as n", limit_s=30)
    assert left == [30.0, 10.0]
    pool.close()


def test_pinning_a_release_is_of_the_time_for_a_page(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, left = SimpleNamespace(now=1_000.0), []

    class Slow:
        is_broken = False
        release, nrt = SimpleNamespace(release_id="rel_1"), None

        def __init__(self, _settings: Settings) -> None: ...

        def pin(self, _release_id: str | None, *, limit_s: float) -> Slow:
            left.append(limit_s)
            clock.now += 8
            return self

        def query(self, _sql: str, _params: Any, *, limit_s: float) -> Any:
            left.append(limit_s)
            clock.now += 15
            raise TimeoutError

    monkeypatch.setattr(reader, "ReaderPool", Slow)
    monkeypatch.setattr(lake, "time", SimpleNamespace(monotonic=lambda: clock.now))
    snapshot = LakeSource(settings).pin()
    for _ in range(3):
        with pytest.raises(Unavailable, match="no answer within 30 s"):
            snapshot.query("select 1 as n")
    assert left == [30.0, 22.0, 7.0, 0.0]
