"""The ledger: each file once, open until a release holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from rastup.core.config import Settings
from rastup.lake.ledger import LandedFile, files_of_days, has_segment, insert_files, newest_files, open_files
from rastup.state.database import open_state


def landed(n: int, **changes: object) -> LandedFile:
    file = LandedFile(
        path=f"events/dt=2026-11-{n % 28 + 1:02d}/part-{n}.json.gz",
        kind="events",
        dt=f"2026-11-{n % 28 + 1:02d}",
        hour=n % 24,
        env="prod",
        event="leg.confirmed",
        records=n,
        bytes=n * 10,
        stream="c0-x",
        first_offset=n,
        end_offset=n + 1,
        landed_at=f"2026-11-06T00:00:{n % 60:02d}.000Z",
    )
    return replace(file, **changes)  # type: ignore[arg-type]


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = open_state(settings.state_url)
    yield made
    made.dispose()


def test_a_file_noted_twice_is_there_once_and_keeps_its_release(engine: Engine) -> None:
    assert insert_files(engine, [landed(1), landed(2)]) == 2
    with engine.begin() as connection:
        connection.execute(text("update bronze_files set release_id = 'rel_1' where records = 1"))
    assert insert_files(engine, [landed(1), landed(2), landed(3)]) == 1
    assert [file.records for file in open_files(engine, "events")] == [2, 3]
    assert [file.release_id for file in files_of_days(engine, "events", ["2026-11-02"])] == ["rel_1"]


def test_thousands_of_files_go_in_at_once(engine: Engine) -> None:
    files = [landed(n, path=f"events/{n}") for n in range(3_001)]
    assert insert_files(engine, files) == 3_001
    assert len(open_files(engine, "events")) == 3_001
    assert insert_files(engine, files) == 0


def test_inserting_nothing_is_nothing(engine: Engine) -> None:
    assert insert_files(engine, []) == 0


def test_kinds_are_kept_apart(engine: Engine) -> None:
    insert_files(
        engine, [landed(1), landed(2, kind="bad", path="_bad/2"), landed(3, kind="meter", path="_meter/3")]
    )
    assert [[f.records for f in open_files(engine, kind)] for kind in ("events", "bad", "meter")] == [
        [1],
        [2],
        [3],
    ]


def test_files_of_days_are_those_of_these_days_only(engine: Engine) -> None:
    insert_files(engine, [landed(n) for n in range(28)])
    found = files_of_days(engine, "events", {"2026-11-03", "2026-11-09", "2030-01-01"})
    assert [file.dt for file in found] == ["2026-11-03", "2026-11-09"]
    assert files_of_days(engine, "events", []) == []


def test_newest_are_those_of_the_newest_hours_not_of_the_latest_import(engine: Engine) -> None:
    history = landed(1, dt="2020-01-01", landed_at="2026-12-01T00:00:00.000Z", path="old")
    insert_files(engine, [history, landed(5), landed(6), landed(7, event="other")])
    assert [file.records for file in newest_files(engine, "events", 2)] == [7, 6]
    assert [file.records for file in newest_files(engine, "events", 9, event="leg.confirmed")] == [6, 5, 1]


def test_a_segment_is_known_by_its_stream_and_first_offset(engine: Engine) -> None:
    insert_files(engine, [landed(7)])
    assert has_segment(engine, "c0-x", 7)
    assert not has_segment(engine, "c0-x", 8) and not has_segment(engine, "c1-x", 7)
