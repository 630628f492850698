"""`rastup contracts compat`, `check --against` and `release`, as a person runs them, over a copy of the contracts."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import shared_fixture

from rastup.cli import contracts as commands
from rastup.cli.main import main
from rastup.contracts.registry import load_registry
from rastup.core.paths import data_dir

Schema = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]
EVENT = "booking/leg.failed"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `rastup contracts …`; its exit code, output and words on standard error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rastup", "contracts", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return int(end.value.code or 0), said.out, said.err

    return call


class Project:
    """A copy of the contracts in which one may write, with a released set that is what was copied."""

    def __init__(self, root: Path) -> None:
        self.contracts = root / "contracts"
        shutil.copytree(data_dir("contracts"), self.contracts, ignore=shutil.ignore_patterns("released"))
        self.released = root / "released"
        load_registry.cache_clear()

    def edit(self, change: Callable[[Schema], None], v: int = 1) -> None:
        """Changes the payload's schema of the event; as version 2, it becomes a new contract."""
        schema = json.loads((self.contracts / f"{EVENT}.v1.json").read_text())
        change(schema["properties"]["payload"])
        if v > 1:
            schema["x-rastup"]["v"] = v
            for instance in [*schema["examples"], *(bad["instance"] for bad in schema["x-invalid"])]:
                instance["v"] = v
        (self.contracts / f"{EVENT}.v{v}.json").write_text(json.dumps(schema))
        load_registry.cache_clear()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    monkeypatch.setattr(commands, "load_registry", lambda: load_registry(project.contracts))
    # Generated files are of the real project, not of this copy.
    monkeypatch.setattr(commands, "_drift", lambda _registry: [])
    return project


def add_tip(payload: Schema) -> None:
    payload["properties"]["tip"] = {"type": "integer", "description": "A tip, in cents."}


def require_tip(payload: Schema) -> None:
    add_tip(payload)
    payload["required"] = [*payload.get("required", []), "tip"]


def rename_first(payload: Schema) -> None:
    name = next(iter(payload["properties"]))
    payload["required"] = [one for one in payload.get("required", []) if one != name]
    payload["properties"] = {
        (f"{name}_renamed" if key == name else key): field for key, field in payload["properties"].items()
    }


def problems(output: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(output)
    return found


def test_a_first_release_writes_every_contract_and_a_second_one_nothing(project: Project, run: Run) -> None:
    code, out, _ = run("release", "--to", project.released, "--output", "json")
    assert code == 0
    assert {row["kind"] for row in json.loads(out)} == {"additive"}
    names = {str(p.relative_to(project.contracts)) for p in project.contracts.glob("*/*.v*.json")}
    written = {str(p.relative_to(project.released)) for p in project.released.rglob("*") if p.is_file()}
    assert written == names
    for name in written:
        assert (project.released / name).read_bytes() == (project.contracts / name).read_bytes()
    code, out, err = run("release", "--to", project.released, "--output", "json")
    assert (code, json.loads(out)) == (0, [])
    assert "0 files written" in err


def test_contracts_that_differ_in_nothing_are_said_to_be_as_released(project: Project, run: Run) -> None:
    run("release", "--to", project.released)
    for event, named in (([], "contracts: as released"), (["leg.failed"], "leg.failed: as released")):
        code, out, err = run("diff", *event, "--against", project.released)
        assert (code, out) == (0, "") and named in err
    assert json.loads(run("diff", "--against", project.released, "--output", "json")[1]) == []
    project.edit(add_tip)
    code, out, err = run("diff", "--against", project.released)
    assert code == 0 and "leg.failed v1" in out and "as released" not in err


def test_an_added_optional_field_is_released_under_the_same_version(project: Project, run: Run) -> None:
    run("release", "--to", project.released)
    project.edit(add_tip)
    assert run("check", "--against", project.released)[0] == 0
    code, out, _ = run("release", "--to", project.released, "--dry-run", "--output", "json")
    assert (code, json.loads(out)) == (0, [{"contract": "leg.failed v1", "kind": "additive", "changes": 1}])
    assert "tip" not in (project.released / f"{EVENT}.v1.json").read_text()
    assert run("release", "--to", project.released)[0] == 0
    assert "tip" in (project.released / f"{EVENT}.v1.json").read_text()


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        (require_tip, "/properties/payload/required", "tip is required now"),
        (rename_first, "/properties/payload/properties/", "was renamed to"),
        (
            lambda p: p.update(additionalProperties=False),
            "/properties/payload/additionalProperties",
            "closed",
        ),
        (lambda p: p.update(minProperties=9), "/properties/payload/minProperties", "minProperties"),
    ],
)
def test_a_breaking_change_is_refused_with_path_reason_and_what_to_do(
    project: Project, run: Run, change: Callable[[Schema], None], path: str, reason: str
) -> None:
    run("release", "--to", project.released)
    before = (project.released / f"{EVENT}.v1.json").read_bytes()
    project.edit(change)
    code, out, _ = run("check", "--against", project.released, "--output", "json")
    (found,) = [p for p in problems(out) if reason in p["reason"]]
    assert code == 1
    assert found["contract"] == "leg.failed v1"
    assert found["path"].startswith(path)
    assert found["advice"].endswith("or leave v1 as it was and write leg.failed.v2.json")
    assert run("release", "--to", project.released)[0] == 1
    assert (project.released / f"{EVENT}.v1.json").read_bytes() == before


def test_a_new_version_that_breaks_something_is_accepted_and_one_that_breaks_nothing_refused(
    project: Project, run: Run
) -> None:
    run("release", "--to", project.released)
    project.edit(add_tip, v=2)
    code, out, _ = run("check", "--against", project.released, "--output", "json")
    assert code == 1
    assert [(p["contract"], p["reason"]) for p in problems(out)] == [
        ("leg.failed v2", "breaks nothing that v1 takes")
    ]
    project.edit(rename_first, v=2)
    _, out, _ = run("check", "--against", project.released, "--output", "json")
    assert "breaks nothing" not in out


def test_an_envelope_that_refuses_more_than_the_released_one_is_refused(project: Project, run: Run) -> None:
    run("release", "--to", project.released)
    file = project.contracts / "envelope" / "web.v1.json"
    envelope = json.loads(file.read_text())
    envelope["required"] = [*envelope["required"], "session_id"]
    file.write_text(json.dumps(envelope))
    load_registry.cache_clear()
    code, out, _ = run("check", "--against", project.released, "--output", "json")
    (found,) = [p for p in problems(out) if p["contract"] == "envelope web.v1"]
    assert (code, found["path"], found["reason"]) == (1, "/required", "session_id is required now")


def test_versions_count_up_by_one(project: Project, run: Run) -> None:
    project.edit(require_tip, v=3)
    project.released.mkdir()
    _, out, _ = run("check", "--against", project.released, "--output", "json")
    (found,) = [
        p for p in problems(out) if p["contract"] == "leg.failed v3" and p["reason"] == "there is no v2"
    ]
    assert found["advice"] == "call it leg.failed.v2.json"


def test_a_released_contract_that_is_gone_is_missed(project: Project, run: Run) -> None:
    run("release", "--to", project.released)
    (project.contracts / f"{EVENT}.v1.json").unlink()
    load_registry.cache_clear()
    code, out, _ = run("check", "--against", project.released, "--output", "json")
    assert (code, [p["reason"] for p in problems(out)]) == (1, ["was released and is gone"])


def test_a_keyword_that_nobody_knows_is_refused(project: Project, run: Run) -> None:
    project.released.mkdir()
    project.edit(lambda payload: payload.update(requird=["tip"]))
    code, out, _ = run("check", "--against", project.released, "--output", "json")
    assert (code, [p["path"] for p in problems(out)]) == (1, ["/properties/payload/requird"])


def test_a_folder_without_a_released_set_is_named(project: Project, run: Run) -> None:
    code, _, err = run("check", "--against", project.released)
    assert code == 2
    assert str(project.released) in err


def write(folder: Path, name: str, schema: Any) -> Path:
    path = folder / name
    path.write_text(schema if isinstance(schema, str) else json.dumps(schema))
    return path


def test_compat_answers_by_exit_code_and_says_why(tmp_path: Path, run: Run) -> None:
    old = write(tmp_path, "old.json", {"properties": {"a": {"type": ["string", "null"]}}})
    new = write(tmp_path, "new.json", {"properties": {"a": {"type": "string"}}})
    code, out, _ = run("compat", old, new, "--output", "json")
    answer = json.loads(out)
    assert (code, answer["mode"], answer["verdict"], answer["compatible"]) == (
        1,
        "backward",
        "breaking",
        False,
    )
    (reason,) = answer["reasons"]
    assert (reason["path"], reason["reason"]) == ("/properties/a/type", "no longer takes null")
    assert reason["advice"] == "keep taking null"
    assert run("compat", old, old)[0] == 0
    assert run("compat", old, new, "--mode", "forward")[0] == 0
    assert run("compat", new, old, "--mode", "forward")[0] == 1
    assert run("compat", old, new, "--mode", "full")[0] == 1
    assert run("compat", old, new, new, "--mode", "backward")[0] == 0
    assert run("compat", old, new, new, "--mode", "backward-transitive")[0] == 1
    _, out, _ = run("compat", old, new, "--output", "csv")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(out))] == ["breaking"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an array"),
        ('{"type": "strin"}', "`/type`"),
        ('{"$ref": "#/x"}', "leads nowhere"),
        ('{"items":' * 5000 + "{}" + "}" * 5000, "not JSON: depth limit"),
        ('{"minimum": 1e999}', "not JSON"),
        ("", "not JSON"),
        (None, "cannot be read"),
    ],
)
def test_compat_of_what_is_no_schema_ends_with_two_and_a_word(
    tmp_path: Path, run: Run, content: str | None, words: str
) -> None:
    good = write(tmp_path, "good.json", {"type": "object"})
    bad = tmp_path / "bad.json" if content is None else write(tmp_path, "bad.json", content)
    for pair in ((bad, good), (good, bad)):
        code, _, err = run("compat", *pair)
        assert code == 2
        assert words in err
        assert "bad.json" in err


def test_compat_agrees_with_every_public_pair(tmp_path: Path, run: Run) -> None:
    pairs = json.loads(shared_fixture("jsonschema", "pairs.json").read_text())["pairs"]
    wrong = []
    for pair in pairs:
        old, new = write(tmp_path, "old.json", pair["old"]), write(tmp_path, "new.json", pair["new"])
        code, out, _ = run("compat", old, new, "--output", "json")
        answer = json.loads(out)
        paths = [c["path"] for c in answer["changes"] if c["kind"] == pair["expected"]]
        is_there = pair["path"] is None or any(path.startswith(pair["path"]) for path in paths)
        if (code, answer["verdict"], is_there) != (
            int(pair["expected"] == "breaking"),
            pair["expected"],
            True,
        ):
            wrong.append((pair["name"], answer))
    assert wrong == []
    assert len(pairs) >= 34
