"""The doctor counts what was kept aside of the spool, and calls bad only what somebody has lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rastup.cli.doctor import doctor
from rastup.ingest.spool.damage import DAMAGE, REPORT, TORN, keep_aside
from rastup.ingest.spool.frames import Damage
from rastup.ingest.spool.segments import DAMAGED, Segment


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
    # Neither this machine's disk nor what listens on its ports matters here.
    env = {"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0", "RASTUP_INGEST__PORT": "1", "RASTUP_CONSOLE__PORT": "1"}
    command = ["--home", str(tmp_path / "home"), "--output", "json"]
    ended = CliRunner().invoke(doctor, command, env=env)
    (line,) = [one for one in json.loads(ended.stdout) if one["check"] == "damage"]
    return ended.exit_code, line


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
