"""`rastup quarantine list` as a person reads it: what is to be copied stands in one piece."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.console.inlet import Inlet, example

from rastup.cli import render
from rastup.cli.quarantine import quarantine

LONG = "search." + "a_name_that_nobody_would_give_" * 4


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    """Wrong values, a wrong name, and a name that is longer than a line leaves room for."""
    found = Inlet(tmp_path)
    for number in range(12):
        record = example("search.query", number)
        found.bring({**record, "payload": {**record["payload"], "results": -1}})
    found.bring({**example("search.query", 20), "event": "search.qwery"})
    found.bring({**example("search.query", 21), "event": LONG})
    return found


def listed(inlet: Inlet, *arguments: str) -> str:
    home = str(inlet.settings.home.root)
    return CliRunner().invoke(quarantine, ["list", *arguments, "--home", home], catch_exceptions=False).stdout


@pytest.mark.parametrize("width", [160, 60])
def test_a_group_is_one_line_with_its_newest_record(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(render, "WIDTH", width)
    groups = json.loads(listed(inlet, "--group", "--output", "json"))
    lines = [line for line in listed(inlet, "--group").splitlines() if line.strip()][2:]
    assert len(lines) == len(groups) == 3
    for group, line in zip(groups, lines, strict=True):
        words = line.split()
        assert group["code"] in words and group["last"][:19] + "Z" in words
        assert words[-1] == group["examples"][0] and len(line.rstrip()) <= 160
    assert len(groups[0]["examples"]) == 3 and {"first", "open", "refused", "replayed"} <= set(groups[0])


def test_ids_codes_and_times_of_records_are_in_one_piece(inlet: Inlet) -> None:
    table, records = listed(inlet), json.loads(listed(inlet, "--output", "json"))
    words = table.split()
    for record in records:
        assert record["id"] in words and record["code"] in words and record["received_at"][:19] + "Z" in words
    assert max(map(len, table.splitlines())) <= 160
