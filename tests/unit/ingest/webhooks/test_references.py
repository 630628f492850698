"""References while the state is away: nothing ends, nothing is answered 500, and what was told is written afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.unit.ingest.webhooks import bodies
from tests.unit.ingest.webhooks.conftest import Worker

from rastup.ingest.webhooks import references
from rastup.ingest.webhooks.references import References
from rastup.state.database import open_state


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(references, "WRITE_EVERY_S", 0.01)
    monkeypatch.setattr(references, "AGAIN_AFTER_S", 0.01)
    return tmp_path / "references.db"


@contextmanager
def away(engine: Engine, file: Path) -> Iterator[None]:
    """A folder lies where the database was: it cannot be opened, by nobody. Never is there nothing, where SQLite would
    make a database.
    """
    engine.dispose()
    aside, other = file.with_suffix(".aside"), file.with_suffix(".other")
    aside.hardlink_to(file)
    other.symlink_to(file.parent)
    other.replace(file)
    yield
    aside.replace(file)


def _state(file: Path) -> Engine:
    return open_state(f"sqlite:///{file}")


def test_what_was_told_while_the_state_was_away_is_written_when_it_is_back(file: Path) -> None:
    engine = _state(file)
    told = References(engine)
    with away(engine, file):
        told.start()
        told.tell("stripe", ["pi_1"], {"lbg_id": "lbg_1"})
        time.sleep(0.1)  # several tries
    another, deadline = References(_state(file)), time.monotonic() + 20
    while not (found := another.known("stripe", ["pi_1"])) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert found == {"lbg_id": "lbg_1"}
    told.close()


def test_of_what_waits_for_the_state_the_newest_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "KEPT_IN_MEMORY", 3)
    engine = _state(file)
    told = References(engine)
    with away(engine, file):
        for number in range(5):
            told.tell("stripe", [f"pi_{number}"], {"lbg_id": f"lbg_{number}"})
            assert told._write() is False
    told.close()
    another = References(_state(file))
    known = [another.known("stripe", [f"pi_{number}"]) for number in range(5)]
    assert known == [{}, {}, {"lbg_id": "lbg_2"}, {"lbg_id": "lbg_3"}, {"lbg_id": "lbg_4"}]


def test_a_state_that_is_away_at_the_end_is_told_of_and_raises_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = _state(file)
    told = References(engine)
    with away(engine, file):
        told.start()
        told.tell("stripe", ["pi_1"], {"lbg_id": "lbg_1"})
        told.close()
    assert "webhook references are lost" in "".join(capsys.readouterr())


def test_a_webhook_that_asks_while_the_state_is_away_waits_in_the_quarantine(
    file: Path, worker: Worker
) -> None:
    engine = _state(file)
    worker.reception._references = References(engine)
    with away(engine, file):
        received = worker.stripe(bodies.stripe("charge.dispute.created", bodies.dispute()))
    assert json.loads(received.answer)["quarantined"] == 1
    assert [bad["path"] for bad in worker.quarantined] == ["$.ids.lbg_id"]
