"""The engine works where it is put: in an empty home, with less memory than a query needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import duckdb
import pytest

from rastup.core.config import Settings
from rastup.lake.engine import connect
from rastup.lake.session import Session


def test_a_query_larger_than_memory_spills_into_the_home(settings: Settings) -> None:
    with connect(settings, memory_mb=60) as connection:
        connection.execute("set threads = 1")
        rows = connection.execute(
            "select sum(length(text)) from "
            "(select repeat('x', 100) as text, range from range(1000000) order by hash(range), text)"
        ).fetchone()
    assert rows == (100_000_000,)


def test_what_the_collector_needs_is_not_spilled_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills after the engine was opened: the next run fails rather than to take what is left."""
    session = Session(settings, 60)
    session.connection.execute("set threads = 1")
    free = 2 * settings.spool.min_free_disk_bytes
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    session.begin()
    with pytest.raises(duckdb.OutOfMemoryException, match="max_temp_directory_size"):
        session.connection.execute(
            "create table t as select repeat('x', 100) as text, range from range(2000000) order by hash(range)"
        )
    session.close()


def test_two_databases_of_one_process_spill_side_by_side(settings: Settings) -> None:
    rows = 1_500_000

    def sorted_sum(seed: int) -> tuple[int, bool]:
        with connect(settings, memory_mb=60) as connection:
            connection.execute("set threads = 1")
            connection.execute(
                f"create table t as select hash(i * {seed}) as h, md5((i * {seed})::varchar) as m, i "
                f"from range({rows}) as r(i)"
            )
            [found] = connection.execute(
                f"select sum(i)::bigint, bool_and(m = md5((i * {seed})::varchar)) from (select * from t order by h)"
            ).fetchall()
        return found[0], found[1]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(sorted_sum, (3, 7))) == [(rows * (rows - 1) // 2, True)] * 2
    assert list((settings.home.run / "duckdb").iterdir()) == []


def test_what_a_killed_process_has_spilled_is_removed(settings: Settings) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = settings.home.run / "duckdb" / f"{ended.pid}-1"
    left.mkdir(parents=True)
    (left / "duckdb_temp_storage-0.tmp").write_bytes(b"x")
    connect(settings).close()
    assert not left.exists()


def test_what_no_engine_has_named_is_left_alone(settings: Settings) -> None:
    folder = settings.home.run / "duckdb"
    folder.mkdir(parents=True)
    strays = {folder / name for name in (".DS_Store", "notes", "12-", "-1", "99999999999999999999-1", "²-1")}
    for stray in strays:
        stray.touch()
    connect(settings).close()
    assert set(folder.iterdir()) == strays
