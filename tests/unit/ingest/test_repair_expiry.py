"""Retention: what lies in Bronze and in the state before and after, by days that the test chose."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from tests.unit.console.inlet import Inlet, example

from rastup.core.errors import StoreUnavailable
from rastup.ingest import lander
from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.expiry import Purged, purge
from rastup.lake.bronze import BAD, DAMAGED
from rastup.lake.ledger import files_of_kind, open_files
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
    carry_out(found.settings, of.engine, Repair(), of.records(Filters()), who="tester")
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


def go(inlet: Inlet, **more: Any) -> Purged:
    return purge(inlet.settings, Quarantine(inlet.settings).engine, clock=lambda: NOW, **more)


def test_what_is_older_than_ninety_days_goes_with_its_marks(inlet: Inlet) -> None:
    """90 days before 21 November 2026 is 23 August, of which the afternoon is younger than that."""
    assert go(inlet, dry_run=True).files == 1
    assert kept(inlet) == (DAYS, DAYS, 4)
    assert go(inlet) == Purged(1, 1, "2026-08-23T12:00:00.000Z")
    assert kept(inlet) == (DAYS[1:], DAYS[1:], 3)
    assert go(inlet).files == 0


def test_old_events_that_were_imported_today_stay(inlet: Inlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lander, "purge", partial(purge, clock=lambda: NOW))
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


def grow_old(inlet: Inlet) -> None:
    with Quarantine(inlet.settings).engine.begin() as connection:
        connection.execute(update(bronze_files).values(dt="2001-01-01", landed_at="2001-01-01T00:00:00.000Z"))


class Looks(threading.Event):
    """Stops the lander after so many looks, and keeps how long it would have waited between them."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Does not wait."""
        self.waits.append(timeout)
        if len(self.waits) >= self._looks:
            self.set()
        return self.is_set()


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    lines = {
        "no JSON": b"{\n",
        "no record of the quarantine": b'{"event": 1}\n',
        "no object": b'{"_bad": 7}\n',
    }
    path.chmod(0o600)
    path.write_bytes(
        gzip.compress(lines[how]) if how in lines else content[:40] if how == "cut" else b"PK\x03"
    )


@pytest.mark.parametrize("how", ["cut", "no gzip", "no JSON", "no record of the quarantine", "no object"])
def test_a_damaged_old_file_is_kept_aside_and_stops_neither_the_purge_nor_landing(
    inlet: Inlet, how: str
) -> None:
    grow_old(inlet)
    (broken,) = inlet.settings.home.bronze.glob(f"_bad/dt={DAYS[0]}/*/*.gz")
    damage(broken, how)
    inlet.bring(example("search.query", 7))
    looks = Looks(3)
    landed = lander.run(inlet.settings, looks)
    engine = Quarantine(inlet.settings).engine
    assert landed.records == 1 and len(open_files(engine, "events")) == 1
    assert [f.path for f in files_of_kind(engine, DAMAGED)] == [
        broken.relative_to(inlet.settings.home.bronze).as_posix()
    ]
    assert kept(inlet)[:2] == ([], [DAYS[0]])
    assert list(Quarantine(inlet.settings).records(Filters())) == []


@pytest.mark.parametrize(
    "error", [StoreUnavailable("away"), OSError("no"), KeyError("x"), OperationalError("", {}, OSError())]
)
def test_a_purge_that_fails_delays_no_landing_and_waits_for_its_hour(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    tries: list[None] = []

    def failing(*_: object, **__: object) -> Purged:
        tries.append(None)
        raise error

    monkeypatch.setattr(lander, "purge", failing)
    looks = Looks(4)
    lander.run(inlet.settings, looks)
    assert len(tries) == 1 and set(looks.waits) == {lander.LOOK_EVERY_S}


def test_a_big_purge_goes_a_few_files_a_look(inlet: Inlet, monkeypatch: pytest.MonkeyPatch) -> None:
    late = NOW.replace(year=2027)
    assert go(inlet, most_files=1) == Purged(1, 1, "2026-08-23T12:00:00.000Z", left=True)
    assert not go(inlet, most_files=1).left
    first = purge(inlet.settings, Quarantine(inlet.settings).engine, clock=lambda: late, most_files=2)
    assert (first.files, first.left, kept(inlet)[0]) == (2, True, DAYS[3:])
    grow_old(inlet)
    monkeypatch.setattr(lander, "PURGE_FILES_AT_ONCE", 1)
    lander.run(inlet.settings, Looks(3))
    assert kept(inlet) == ([], [], 0)


def test_a_file_that_goes_while_it_is_looked_for_is_passed_over_and_one_that_is_lost_is_named(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Quarantine(inlet.settings)
    records = found.records(Filters())
    first = next(records)
    go(inlet)
    assert {first.received_at[:10], *(bad.received_at[:10] for bad in records)} == set(DAYS[1:])
    assert not found.damaged
    lost = next(inlet.settings.home.bronze.glob("_bad/dt=2026-08-23/*/*.gz"))
    lost.unlink()
    assert {bad.received_at[:10] for bad in found.records(Filters())} == set(DAYS[2:])
    assert [lost.name in why for why in found.damaged] == [True]
