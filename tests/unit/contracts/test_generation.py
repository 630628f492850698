"""Generation from contracts as nobody has written them yet: several versions, words of SQL and Python, odd kinds."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from rastup.contracts.generation import generated_files
from rastup.contracts.registry import Registry, load_registry
from rastup.core.errors import ConfigError
from rastup.core.paths import data_dir

CONTRACTS = data_dir("contracts")
FIELDS: dict[str, Any] = {
    "query_hash": {"type": "string", "maxLength": 64, "description": "Hash of the search."},
    "class": {"type": "integer", "description": 'A "quoted" \\ word of Python.'},
    "order": {"type": "string", "description": 'A word of SQL; ends with three quotes: """'},
    "city": {"type": "string", "description": "As a common column is called."},
    "mood": {"type": "string", "enum": ['it\'s "fine"', "b\\n", "ünï"], "description": "Odd values."},
    "any": {"description": "No type at all."},
    "maybe": {"type": ["string", "null"], "description": "Text or null."},
    "nested": {"type": "object", "properties": {"a": {"type": "array"}}, "description": "Not flat."},
    "lists": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}},
        "description": "Lists of lists.",
    },
    "free": {
        "type": "array",
        "description": "Anything in a row, " + "and a long explanation of it " * 9 + "*/.",
    },
}


def registry_of(root: Path, fields: dict[str, Any]) -> Registry:
    """`search.save` as it is, and a v2 of it with those fields."""
    for folder in ("envelope", "mapping"):
        shutil.copytree(CONTRACTS / folder, root / folder)
    shutil.copy(CONTRACTS / "pii_keys.yaml", root)
    (root / "search").mkdir()
    shutil.copy(CONTRACTS / "search/search.save.v1.json", root / "search")
    document = json.loads((CONTRACTS / "search/search.save.v1.json").read_text())
    document["x-rastup"]["v"] = 2
    document["properties"]["payload"] = {"type": "object", "required": ["class"], "properties": fields}
    (root / "search/search.save.v2.json").write_text(json.dumps(document))
    return load_registry(root)


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> dict[str, str]:
    return generated_files(registry_of(tmp_path / "contracts", FIELDS))


def module_of(text: str) -> types.ModuleType:
    module = types.ModuleType("generated_events")
    sys.modules[module.__name__] = module
    exec(compile(text, "events.py", "exec"), module.__dict__)
    return module


def test_the_newest_version_has_the_plain_name_and_older_ones_their_number(files: dict[str, str]) -> None:
    module = module_of(files["src/rastup/client/events.py"])
    assert module.search_save(class_=1).v == 2
    assert module.search_save_v1(query_hash="9f8e7d6c").v == 1


def test_any_contract_becomes_python_that_says_what_it_says(files: dict[str, str]) -> None:
    make = module_of(files["src/rastup/client/events.py"]).search_save
    event = make(class_=3, order="x", any=[1], nested={"a": []}, lists=[[1.5]], mood="ünï")
    assert event.payload == {
        "class": 3,
        "order": "x",
        "any": [1],
        "nested": {"a": []},
        "lists": [[1.5]],
        "mood": "ünï",
    }
    hints = get_type_hints(make)
    literal = next(kind for kind in get_args(hints["mood"]) if get_origin(kind) is Literal)
    assert list(get_args(literal)) == FIELDS["mood"]["enum"]
    assert [name for name, p in inspect.signature(make).parameters.items() if p.default is p.empty] == [
        "class_"
    ]
    assert 'A "quoted" \\ word of Python.' in (make.__doc__ or "")


def test_generated_python_is_as_the_formatter_and_the_type_checker_want_it(
    files: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "events.py"
    path.write_text(files["src/rastup/client/events.py"])
    for command in (
        ["ruff", "format", "--check", "--no-cache", "--line-length", "110", str(path)],
        ["ruff", "check", "--no-cache", "--isolated", "--select", "F,E4,E7,E9,I,UP", str(path)],
        ["mypy", "--strict", "--no-incremental", "--cache-dir", str(tmp_path / "cache"), str(path)],
    ):
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_versions_meet_in_one_staging_model_and_words_of_sql_name_no_column(files: dict[str, str]) -> None:
    sql = files["transform/models/staging/stg_search__save.sql"]
    assert "stg_search__save_v2" not in " ".join(files)
    for field, column in {"order": "payload_order", "city": "payload_city", "class": "class"}.items():
        assert f"{{{{ payload_field('{field}', " in sql
        assert f" as {column}" in sql
    assert sql.count("payload_field('query_hash'") == 1


def test_the_reference_and_the_typescript_types_have_both_versions(files: dict[str, str]) -> None:
    page = files["docs/reference/events/search.md"]
    assert "## `search.save` v1" in page
    assert "## `search.save` v2" in page
    declared = files["clients/typescript/rastup-events.d.ts"]
    assert "interface SearchSaveV1 " in declared
    assert "interface SearchSaveV2 " in declared
    assert json.dumps(FIELDS["mood"]["enum"][0]) in declared
    assert "explanation of it * /." in declared


@pytest.mark.parametrize(
    "name", ["Upper", "with-dash", "with space", "1st", "x'); drop table y; --", "é", "_x", ""]
)
def test_a_field_that_could_name_no_column_is_refused_with_its_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"search\.save\.v2\.json.* is no name for a field"):
        registry_of(tmp_path / "contracts", {name: {"type": "string"}})
