"""`rastup quarantine repair` as a person or a script runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import update
from tests.unit.console.inlet import Inlet, example

from rastup.cli.quarantine import quarantine
from rastup.core.errors import RastupError, UsageError
from rastup.ingest.quarantine import Quarantine
from rastup.state.schema import bronze_files

DOCUMENT = """
repair: a slip of app 4.2
where: {event: search.qwery}
steps:
  - event: {from: search.qwery, to: search.query}
  - cast: {path: payload.results, to: integer}
"""


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    """Two events whose name and one field are wrong, and one that nothing mends."""
    found = Inlet(tmp_path)
    for number in range(3):
        record = {**example("search.query", number), "event": "search.qwery"}
        record["payload"] = {**record["payload"], "results": "7" if number else "many"}
        found.bring(record)
    return found


def run(inlet: Inlet, *arguments: str, given: str = "") -> tuple[int, Any, str]:
    """Exit code, the result as JSON, and what was said beside it."""
    home = str(inlet.settings.home.root)
    done = CliRunner().invoke(quarantine, [*arguments, "--home", home, "--output", "json"], input=given)
    error = done.exception if isinstance(done.exception, RastupError) else None
    assert done.exception is None or error is not None
    code = error.exit_code if error else done.exit_code
    return code, json.loads(done.stdout) if done.stdout else None, f"{done.stderr}{error or ''}"


def run_process(inlet: Inlet, *arguments: str) -> tuple[int, Any, str]:
    """The same as a process of its own, which logs as it would."""
    home = str(inlet.settings.home.root)
    command = [sys.executable, "-m", "rastup", "quarantine", *arguments, "--home", home, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout), done.stderr


def test_a_document_is_tried_carried_out_reported_and_undone(inlet: Inlet) -> None:
    code, tried, said = run(inlet, "repair", "-", given=DOCUMENT)
    assert (code, tried["passed"], tried["refused"]) == (1, 2, 1)
    assert {c["path"] for s in tried["samples"] for c in s["changes"]} == {"$.event", "$.payload.results"}
    assert "1 of 3 records would still be refused" in said
    assert run(inlet, "list", "--state", "open")[1] == run(inlet, "list")[1]

    code, done, _ = run(inlet, "repair", "-", "--yes", given=DOCUMENT)
    assert (code, done["passed"], done["refused"], done["reason"]) == (1, 2, 1, "a slip of app 4.2")
    assert done["chosen"] == {"event": "search.qwery"}
    assert [r["state"] for r in run(inlet, "list")[1]].count("replayed") == 2

    name = done["repair_id"]
    assert run(inlet, "repairs", name)[1] == done
    assert [row["repair_id"] for row in run(inlet, "repairs")[1]] == [name]
    code, foreseen, said = run(inlet, "undo", name, "--dry-run")
    assert code == 0 and "would take back 2 events" in said
    code, undone, _ = run_process(inlet, "undo", name)
    assert (code, undone["events"], undone["reopened"]) == (0, 2, 3)
    assert foreseen == undone
    assert "was undone at" in run(inlet, "undo", name, "--dry-run")[2]
    assert {row["state"] for row in run(inlet, "list")[1]} == {"open"}


def test_flags_do_the_same_as_a_document(inlet: Inlet) -> None:
    steps = ("--event-name", "search.qwery=search.query", "--set", "payload.results=7")
    code, done, _ = run(inlet, "repair", "--event", "search.qwery", *steps, "--yes", "--limit", "2")
    assert (code, done["passed"]) == (0, 2)
    assert done["steps"][1] == {"set": {"path": "$.payload.results", "value": 7}}
    assert run(inlet, "repair", "--event", "search.qwery", *steps, "--yes")[1]["passed"] == 1


def test_groups_are_listed_with_first_last_and_examples(inlet: Inlet) -> None:
    (group,) = run(inlet, "list", "--group")[1]
    assert (group["records"], group["open"], group["source"]) == (3, 3, "web")
    assert len(group["examples"]) == 3 and group["first"] <= group["last"]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("repair", "--drop", "payload.x"), "", "say which records"),
        (("repair", "--event", "x"), "", "say what to change"),
        (("repair", "-"), "steps: [{explode: 1}]", "there is no step 'explode'"),
        (("repair", "-"), "\x00", "not YAML or JSON"),
        (
            ("repair", "-"),
            "{where: {state: nonsense}, steps: [{drop: x}]}",
            "give one of open, replayed, refused",
        ),
        (("repair", "-"), "{where: {since: 9999999999999d}, steps: [{drop: x}]}", "is not a time"),
        (("list", "--since", "9" * 40 + "m"), "", "is not a time"),
        (("repair", "--id", "bad_1", "--drop", "x"), "", "there is no quarantined record"),
        (("repair", "--event", "x", "--cast", "a=float"), "", "give one of integer"),
        (("repairs", "rep_1"), "", "there is no repair"),
        (("undo", "rep_1"), "", "there is no repair"),
        (("undo", "rep_1", "--dry-run"), "", "there is no repair"),
    ],
)
def test_what_cannot_be_done_says_what_is_allowed(
    inlet: Inlet, arguments: tuple[str, ...], given: str, said: str
) -> None:
    home = str(inlet.settings.home.root)
    result = CliRunner().invoke(quarantine, [*arguments, "--home", home], input=given)
    assert isinstance(result.exception, UsageError) and said in str(result.exception)


def test_purge_says_what_would_go_and_what_went(inlet: Inlet) -> None:
    record = {
        **example("search.query", 9),
        "event": "search.qwery",
        "received_at": "2020-01-01T00:00:00.000Z",
    }
    inlet.bring(record)
    inlet.land()
    assert run(inlet, "purge")[1]["files"] == 0, "what landed today stays"
    with Quarantine(inlet.settings).engine.begin() as connection:
        connection.execute(update(bronze_files).values(landed_at="2020-01-01T00:00:00.000Z"))
    before = run(inlet, "list")[1]
    code, would, _ = run(inlet, "purge", "--dry-run")
    assert (code, would["files"], would["records"]) == (0, 1, 1) and run(inlet, "list")[1] == before
    code, gone, _ = run(inlet, "purge")
    assert (code, gone["files"], gone["records"]) == (0, 1, 1)
    left = run(inlet, "list")[1]
    assert [row for row in before if row not in left] == [
        row for row in before if row["received_at"] < "2021"
    ]
    assert len(left) == len(before) - 1


def test_a_replay_says_which_records_were_chosen(inlet: Inlet) -> None:
    one = run(inlet, "list")[1][0]["id"]
    assert run(inlet, "replay", "--event", "search.qwery")[0] == 1
    assert run(inlet, "replay", one, "--dry-run")[0] == 1
    assert run(inlet, "replay", one)[0] == 1
    chosen = [run(inlet, "repairs", row["repair_id"])[1]["chosen"] for row in run(inlet, "repairs")[1]]
    assert chosen == [{"ids": [one]}, {"event": "search.qwery"}]
