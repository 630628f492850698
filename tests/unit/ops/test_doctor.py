"""The doctor calls bad what somebody has lost: of the spool what was kept aside, of the state what cannot be read."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from importlib.metadata import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from rastup.cli.doctor import doctor
from rastup.ingest.keys import create_key
from rastup.ingest.spool.damage import DAMAGE, REPORT, TORN, keep_aside
from rastup.ingest.spool.frames import Damage
from rastup.ingest.spool.segments import DAMAGED, Segment
from rastup.ops import doctor as examining
from rastup.state.database import open_state


def _keep(spool: Path, start: int, kind: str) -> None:
    damage = Damage(start, start + 5, "no frame header", at_end=kind == TORN)
    segment = Segment("c0-x", 0, spool / "c0-x" / "0.ndjson", sealed=True)
    keep_aside(spool, segment, damage, b"bytes", kind)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "spool"
    folder.mkdir(parents=True)
    return folder


def _told(tmp_path: Path) -> tuple[int, dict[str, str]]:
    """The exit code, and the line about damage."""
    code, lines = _lines(tmp_path)
    return code, lines["damage"]


def _lines(tmp_path: Path) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code, and the line of each check."""
    # Neither this machine's disk nor what listens on its ports matters here.
    env = {"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0", "RASTUP_INGEST__PORT": "1", "RASTUP_CONSOLE__PORT": "1"}
    command = ["--home", str(tmp_path / "home"), "--output", "json"]
    ended = CliRunner().invoke(doctor, command, env=env)
    return ended.exit_code, {line["check"]: line for line in json.loads(ended.stdout)}


def test_what_is_not_installed_is_told_with_all_extras_that_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "LIBRARIES", ("not-there",))
    code, lines = _lines(tmp_path)
    assert (code, lines["libraries"]["found"]) == (1, "not-there is not installed")
    told, _, extras = lines["libraries"]["advice"].rpartition(": ")
    assert told.startswith("install rastup again")
    assert {*extras.split(", "), "dev"} == set(metadata("rastup").get_all("Provides-Extra") or ())


def test_torn_ends_of_killed_writers_are_no_damage(tmp_path: Path, spool: Path) -> None:
    for start in (10, 20):
        _keep(spool, start, TORN)
    code, line = _told(tmp_path)
    assert (code, line["state"], line["found"]) == (0, "warn", "2 torn ends in spool/_damaged")
    assert "nothing is lost" in line["advice"]


def test_one_damaged_piece_is_one_and_is_bad(tmp_path: Path, spool: Path) -> None:
    _keep(spool, 10, DAMAGE)
    code, line = _told(tmp_path)
    assert (code, line["state"], line["found"]) == (1, "bad", "1 damaged piece in spool/_damaged")


def test_half_a_report_hides_no_damage(tmp_path: Path, spool: Path) -> None:
    _keep(spool, 10, DAMAGE)
    _keep(spool, 30, TORN)
    with (spool / DAMAGED / REPORT).open("a") as report:
        report.write('{"at": "2026-11-06T15:0')  # the power went while this was written
    _keep(spool, 50, TORN)
    code, line = _told(tmp_path)
    # The report of the third piece went on in the line of the half one: what nothing is known of counts as damage.
    assert (code, line["state"]) == (1, "bad")
    assert line["found"] == "2 damaged pieces, 1 torn end in spool/_damaged"


def test_what_was_looked_at_and_removed_is_gone(tmp_path: Path, spool: Path) -> None:
    _keep(spool, 10, DAMAGE)
    (piece,) = (spool / DAMAGED).glob("*.bin")
    piece.unlink()
    assert _told(tmp_path)[0] == 0


def test_damage_that_no_command_has_met_yet_is_bad(tmp_path: Path) -> None:
    path = tmp_path / "home" / "state" / "rastup.db"
    engine = open_state(f"sqlite:///{path}")
    for n in range(200):
        create_key(engine, source=f"source-{n}", env="prod")
    engine.dispose()
    assert _lines(tmp_path)[1]["state"]["state"] == "ok"
    with contextlib.closing(sqlite3.connect(path)) as other:
        (page_bytes,) = other.execute("pragma page_size").fetchone()
        (root,) = other.execute("select rootpage from sqlite_master where name = 'write_keys'").fetchone()
    with path.open("r+b") as file:
        # The page's table of its cells: every cell lies where there is none.
        file.seek((root - 1) * page_bytes + 12)
        file.write(b"\xff" * 8)
    code, lines = _lines(tmp_path)
    found = lines["state"]["found"]
    assert (code, lines["state"]["state"]) == (1, "bad")
    assert f"state database sqlite:///{path} is damaged: " in found and "put back a copy" in found
    assert "\n" not in found
