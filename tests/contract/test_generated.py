"""What is generated from the contracts, judged by what reads it: the engine, the interpreter, the TypeScript compiler."""

import inspect
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from tests import npm

from rastup.client import Event, events
from rastup.contracts import generation
from rastup.contracts.generation.parameters import function_name, parameters
from rastup.contracts.registry import Contract, load_registry
from rastup.core.paths import data_dir

REGISTRY = load_registry()
PROJECT = data_dir("contracts").parent
BY_NAME = {f"{c.event}.v{c.v}": c for c in REGISTRY.contracts}
COMMON = (
    *("event_id", "dt", "occurred_at", "received_at", "user_id", "anon_id", "actor_key", "identity_id"),
    *("session_id", "city", "role", "env", "source", "is_bot", "amount_cents", "currency", "_run_id"),
)


@pytest.fixture(params=BY_NAME, name="contract")
def _contract(request: pytest.FixtureRequest) -> Contract:
    return BY_NAME[request.param]


@pytest.fixture(scope="module", name="engine")
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine with every example of every contract in `events`, as `silver.events` holds them."""
    columns = ", ".join(f"{name} varchar" for name in COMMON)
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        f"create table events ({columns}, event_name varchar, ids map(varchar, varchar), payload map(varchar, varchar))"
    )
    rows = [
        (f"{contract.event}/{index}", contract.event, _map(example["ids"]), _map(example["payload"]))
        for contract in REGISTRY.contracts
        for index, example in enumerate(contract.examples)
    ]
    connection.executemany(
        "insert into events by name select ? event_id, ? event_name, ? ids, ? payload", rows
    )
    yield connection
    connection.close()


def _map(values: dict[str, Any]) -> dict[str, str]:
    return {name: v if isinstance(v, str) else json.dumps(v) for name, v in values.items()}


def _sql(path: Path) -> str:
    """A staging model with its three macros written out for the engine."""
    sql = re.sub(r"\{\{ id_field\('(\w+)'\) \}\}", r"ids['\1']", path.read_text())
    sql = re.sub(r"\{\{ payload_field\('(\w+)', '(\w+)'\) \}\}", r"try_cast(payload['\1'] as \2)", sql)
    return sql.replace("{{ ref('events') }}", "events")


def test_generated_files_are_up_to_date() -> None:
    assert generation.drift(REGISTRY, PROJECT) == []


def test_a_missing_a_changed_and_an_orphaned_file_are_drift_and_writing_mends_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    generation.write(REGISTRY, tmp_path)
    assert generation.drift(REGISTRY, tmp_path) == []
    staging, reference = tmp_path / "transform/models/staging", tmp_path / "docs/reference/events"
    (staging / "stg_infra__waf_block.sql").unlink()
    (reference / "trust.md").write_text("edited by hand")
    (staging / "stg_infra__gone.sql").write_text("select 1")
    expected = [
        "docs/reference/events/trust.md",
        "transform/models/staging/stg_infra__waf_block.sql",
        "transform/models/staging/stg_infra__gone.sql",
    ]
    assert generation.drift(REGISTRY, tmp_path) == expected
    assert generation.write(REGISTRY, tmp_path) == expected
    assert generation.drift(REGISTRY, tmp_path) == []
    assert not (staging / "stg_infra__gone.sql").exists()


def test_an_installed_package_is_asked_for_its_dbt_project_alone(tmp_path: Path) -> None:
    generation.write(REGISTRY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["transform"]
    assert generation.drift(REGISTRY, tmp_path) == []


def test_staging_gives_back_the_examples_values_in_their_types(
    contract: Contract, engine: duckdb.DuckDBPyConnection
) -> None:
    name = generation.staging_name(contract.family, contract.event)
    found = engine.execute(_sql(PROJECT / f"transform/models/staging/{name}.sql") + " order by event_id")
    columns = [column[0] for column in found.description or []]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    assert len(rows) == len(contract.examples)
    for row, example in zip(rows, contract.examples, strict=True):
        for field in contract.fields:
            column = f"payload_{field.name}" if f"payload_{field.name}" in row else field.name
            assert _same(row[column], example["payload"].get(field.name)), column
        for name in contract.ids:
            assert row[name] == example["ids"].get(name)


def _same(value: Any, sent: Any) -> bool:
    if isinstance(value, datetime):
        return value == datetime.fromisoformat(sent)
    if isinstance(sent, dict | list):
        return bool(json.loads(value) == sent)
    return bool(value == sent and isinstance(value, bool) == isinstance(sent, bool))


def test_every_staging_model_and_column_is_described() -> None:
    document = yaml.safe_load((PROJECT / "transform/models/staging/_staging.yml").read_text())
    described = {model["name"]: model for model in document["models"]}
    models = {path.stem for path in (PROJECT / "transform/models/staging").glob("*.sql")}
    assert described.keys() == models
    for name, model in described.items():
        sql = (PROJECT / f"transform/models/staging/{name}.sql").read_text()
        own = re.findall(r"\}\} as (\w+)", sql)
        assert [column["name"] for column in model.get("columns", [])] == own, name
        assert all(column["description"] for column in model.get("columns", []))


def test_each_contract_has_a_constructor_that_makes_its_examples(contract: Contract) -> None:
    make = getattr(events, function_name(contract, REGISTRY.versions(contract.event)[-1]))
    for example in contract.examples:
        values = {**example["ids"], **example.get("money", {}), **example["payload"]}
        names = {p.field: p.name for p in parameters(contract)}
        made = make(**{names[field]: value for field, value in values.items()})
        expected = Event(contract.event, contract.v, example["ids"], example["payload"], example.get("money"))
        assert made == expected


def test_constructors_are_one_for_each_contract_and_require_what_it_requires() -> None:
    made = {
        name: f
        for name, f in vars(events).items()
        if inspect.isfunction(f) and f.__module__ == events.__name__
    }
    assert len(made) == len(REGISTRY.contracts)
    for contract in REGISTRY.contracts:
        signature = inspect.signature(made[function_name(contract, REGISTRY.versions(contract.event)[-1])])
        required = {n for n, p in signature.parameters.items() if p.default is inspect.Parameter.empty}
        smallest = contract.examples[-1]
        asked = {*smallest["ids"], *smallest["payload"], *smallest.get("money", {})}
        sometimes = {n for rule in contract.payload.get("allOf", []) for n in rule["then"]["required"]}
        assert {name.rstrip("_") for name in required} == asked - sometimes, contract.event


def test_the_reference_names_every_event_field_and_refusal(contract: Contract) -> None:
    index = (PROJECT / "docs/reference/events.md").read_text()
    page = (PROJECT / f"docs/reference/events/{contract.family}.md").read_text()
    assert f"[`{contract.event}`](events/{contract.family}.md#" in index
    section = page.split(f"## `{contract.event}` v{contract.v}\n")[1].split("\n## ")[0]
    assert contract.description in section
    assert all(f"| `payload.{field.name}`" in section for field in contract.fields)
    assert all(f"`{bad['code']}` at `{bad['path']}`" in section for bad in contract.invalid_examples)
    block = section.split("```json\n")[1].split("\n```")[0]
    assert json.loads(block) == contract.examples[0]


def test_a_typescript_compiler_takes_the_examples_and_refuses_damaged_ones(tmp_path: Path) -> None:
    compiler = shutil.which("tsc")
    if compiler is None and npm.install(tmp_path, "typescript@5"):
        compiler = str(tmp_path / "node_modules/.bin/tsc")
    if compiler is None:
        pytest.skip(npm.missing() or "npm could not install the TypeScript compiler")
    shutil.copy(PROJECT / "clients/typescript/rastup-events.d.ts", tmp_path)
    lines = ['import type { Events } from "./rastup-events";']
    for number, (name, contract) in enumerate(BY_NAME.items()):
        for index, example in enumerate(contract.examples):
            lines.append(f'export const e{number}_{index}: Events["{name}"] = {json.dumps(example)};')
        damaged = {**contract.examples[0], "payload": 7}
        lines += ["// @ts-expect-error", f'export const d{number}: Events["{name}"] = {json.dumps(damaged)};']
    (tmp_path / "examples.ts").write_text("\n".join(lines))
    page = (PROJECT / "docs/reference/clients.md").read_text()
    (tmp_path / "shown.ts").write_text(page.split("```typescript\n")[1].split("\n```")[0])
    command = [compiler, "--noEmit", "--strict", "--target", "es2022", "examples.ts", "shown.ts"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0
