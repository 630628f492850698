"""Retention: what lies in Bronze and in the state before and after, by days that the test chose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.unit.console.inlet import Inlet, example

from rastup.core.errors import StoreUnavailable
from rastup.ingest import lander
from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.repair.expiry import Purged, purge
from rastup.ingest.replay import replay
from rastup.lake.bronze import BAD
from rastup.lake.ledger import files_of_kind
from rastup.lake.storage import NoSuchObject
from rastup.lake.storage.local import LocalStore
from rastup.state.schema import bronze_files, quarantine

DAYS = ["2026-08-01", "2026-08-23", "2026-08-24", "2026-11-20"]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    """Refused events of four days, landed on the day they came in, and marked as refused again."""
    found = Inlet(tmp_path)
    for number, day in enumerate(DAYS):
        at = f"{day}T13:00:00.000Z"
        found.bring({**example("search.query", number), "payload": {}, "received_at": at})
    found.land()
    of = Quarantine(found.settings)
    replay(found.settings, of.engine, of.records(Filters()), who="tester")
    with of.engine.begin() as connection:
        for day in DAYS:
            landed = update(bronze_files).where(bronze_files.c.dt == day)
            connection.execute(landed.values(landed_at=f"{day}T13:01:00.000Z"))
    return found


def kept(inlet: Inlet) -> tuple[list[str], list[str], int]:
    """Days by the ledger, days by the files, and marks."""
    engine = Quarantine(inlet.settings).engine
    with engine.connect() as connection:
        marks = len(connection.execute(select(quarantine.c.bad_id)).all())
    files = sorted(p.parts[-3].removeprefix("dt=") for p in inlet.settings.home.bronze.glob("_bad/*/*/*.gz"))
    return sorted(f.dt for f in files_of_kind(engine, BAD)), files, marks


def go(inlet: Inlet, **more: bool) -> Purged:
    return purge(inlet.settings, Quarantine(inlet.settings).engine, clock=lambda: NOW, **more)


def test_what_is_older_than_ninety_days_goes_with_its_marks(inlet: Inlet) -> None:
    """90 days before 21 November 2026 is 23 August, of which the afternoon is younger than that."""
    assert go(inlet, dry_run=True).files == 1
    assert kept(inlet) == (DAYS, DAYS, 4)
    assert go(inlet) == Purged(1, 1, "2026-08-23T12:00:00.000Z")
    assert kept(inlet) == (DAYS[1:], DAYS[1:], 3)
    assert go(inlet).files == 0


def test_old_events_that_were_imported_today_stay(inlet: Inlet) -> None:
    inlet.bring({**example("search.query", 9), "payload": {}, "received_at": "2020-01-01T00:00:00.000Z"})
    inlet.land()
    go(inlet)
    assert kept(inlet)[0] == ["2020-01-01", *DAYS[1:]]


@pytest.mark.parametrize("after", ["forgotten", "removed"])
def test_a_purge_that_was_killed_is_ended_by_the_next(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    real: Callable[[LocalStore, str], None] = LocalStore.delete

    def killed(store: LocalStore, key: str) -> None:
        if after == "removed":
            real(store, key)
        raise StoreUnavailable("the store is away")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "delete", killed)
        with pytest.raises(StoreUnavailable):
            go(inlet)
    purge(inlet.settings, Quarantine(inlet.settings).engine, clock=lambda: NOW.replace(year=2027))
    assert kept(inlet)[0] == [] and kept(inlet)[2] == 0
    assert (len(kept(inlet)[1]) == 0) or after == "forgotten"  # a file stored today is not old yet


def test_the_lander_does_it_by_itself(inlet: Inlet) -> None:
    engine = Quarantine(inlet.settings).engine
    with engine.begin() as connection:
        connection.execute(update(bronze_files).values(dt="2001-01-01", landed_at="2001-01-01T00:00:00.000Z"))
    stop = threading.Event()
    stop.set()
    lander.run(inlet.settings, stop)
    assert kept(inlet) == ([], [], 0)


def test_a_file_that_goes_while_it_is_looked_for_is_passed_over_and_one_that_is_lost_is_not(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Quarantine(inlet.settings)
    records = found.records(Filters())
    first = next(records)
    go(inlet)
    assert {first.received_at[:10], *(bad.received_at[:10] for bad in records)} == set(DAYS[1:])
    next(inlet.settings.home.bronze.glob("_bad/dt=2026-08-23/*/*.gz")).unlink()
    with pytest.raises(NoSuchObject):
        list(Quarantine(inlet.settings).records(Filters()))
