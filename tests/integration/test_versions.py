"""Two versions of one event, side by side: both are admitted, each by its own contract, and meet in one Silver fact.

The second version is registered in a copy of the contracts, released and generated as a person would do it, and the real
pipeline builds from what came in. The oracle is the list of what was sent.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.deployment import Deployment

from rastup.contracts import generation, release_check
from rastup.contracts.registry import Registry, load_registry
from rastup.core.paths import data_dir

pytestmark = pytest.mark.slow

EVENT, FAMILY = "profile.view", "profile"
AT = "2026-11-18T10:00:00.000Z"

Record = dict[str, Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of contracts and transform in which the event has a second version."""
    root = tmp_path_factory.mktemp("project")
    for name in ("contracts", "transform"):
        shutil.copytree(data_dir(name), root / name, ignore=shutil.ignore_patterns("target", "logs"))
    folder = root / "contracts" / FAMILY
    (folder / f"{EVENT}.v2.json").write_text(json.dumps(second_version(folder / f"{EVENT}.v1.json")))
    generation.write(load_registry(root / "contracts"), root)
    return root


def second_version(first: Path) -> Record:
    """`verified` is called `is_verified` and required, and `role` has become a list of codes."""
    schema: Record = json.loads(first.read_text())
    payload = schema["properties"]["payload"]
    payload["required"] = ["profile_id", "is_verified"]
    payload["properties"]["is_verified"] = payload["properties"].pop("verified")
    payload["properties"]["role"] = {"type": "integer", "minimum": 0, "description": "Number of the role."}
    schema["$id"] = schema["$id"].replace(".v1.", ".v2.")
    schema["x-rastup"] |= {"v": 2, "replaces": {"is_verified": "verified"}}
    instances = [*schema["examples"], *(example["instance"] for example in schema["x-invalid"])]
    for instance in instances:
        instance["v"] = 2
        if isinstance(instance.get("payload"), dict):
            instance["payload"]["is_verified"] = instance["payload"].pop("verified", True)
            if isinstance(instance["payload"].get("role"), str):
                instance["payload"]["role"] = 7
    bad = copy.deepcopy(schema["examples"][0])
    del bad["payload"]["is_verified"]
    path = "$.payload.is_verified"
    schema["x-invalid"] = [{"code": "EVENT_SCHEMA_INVALID", "path": path, "instance": bad}]
    return schema


@pytest.fixture(scope="module")
def registry(project: Path) -> Registry:
    return load_registry(project / "contracts")


def domain(number: int, v: int, payload: Record) -> Record:
    """A message of a backend, which says its version."""
    return {
        "event_id": f"evt_01K{number:023d}",
        "event": EVENT,
        "v": v,
        "occurred_at": AT,
        "received_at": AT,
        "anon_id": f"an_{number}",
        "context": {"role": "guest"},
        "ids": {},
        "payload": {"profile_id": f"srv_{number}", **payload},
    }


def web(number: int, payload: Record) -> Record:
    """A message of an app, whose dialect has no version."""
    return {
        "event_id": f"evt_01K{number:023d}",
        "ts": AT,
        "name": EVENT,
        "user": {"anon_id": f"a_{number}"},
        "payload": {"profile_id": f"srv_{number}", **payload},
    }


SENT = [
    (domain(1, 1, {"verified": True, "role": "photographer"}), 1, True),
    (domain(2, 1, {"verified": False}), 1, False),
    (domain(3, 1, {}), 1, None),
    (domain(4, 2, {"is_verified": True, "role": 3}), 2, True),
    (domain(5, 2, {"is_verified": False}), 2, False),
    (web(6, {"verified": True}), 1, True),
    (web(7, {"is_verified": False, "role": 3}), 2, False),
]
REFUSED = [
    domain(11, 1, {"verified": "yes"}),
    domain(12, 2, {"verified": True}),
    domain(13, 2, {"is_verified": True, "role": "photographer"}),
    domain(14, 3, {"is_verified": True}),
    web(15, {"verified": "yes"}),
]


@pytest.fixture(scope="module")
def deployment(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("rastup.contracts.registry", "rastup.lake.project"):
            patch.setattr(f"{module}.data_dir", lambda name: project / name)
        load_registry.cache_clear()
        deployment = Deployment(tmp_path_factory.mktemp("lake"))
        deployment.bring([record for record, _, _ in SENT] + REFUSED)
        deployment.run()
        yield deployment
        deployment.close()
    load_registry.cache_clear()


def test_the_second_version_is_a_release_that_check_accepts(project: Path, registry: Registry) -> None:
    old = release_check.released(project / "contracts" / "released")
    problems = [*release_check.check_soundness(registry), *release_check.check_compatibility(registry, old)]
    assert [p for p in problems if p.contract.startswith(EVENT)] == []
    assert generation.drift(registry, project) == []


def test_each_message_is_judged_by_its_version_and_stored_with_it(deployment: Deployment) -> None:
    rows = deployment.rows("select event_id, event_v from silver.events order by 1")
    sent = {record["event_id"]: v for record, v, _ in SENT}
    assert {row["event_id"]: row["event_v"] for row in rows} == sent
    assert len(rows) == len(SENT)


def test_both_versions_meet_in_one_fact_under_the_name_that_it_knows(deployment: Deployment) -> None:
    rows = deployment.rows("select target_id, verified from silver.fact_views order by 1")
    sent = {record["payload"]["profile_id"]: verified for record, _, verified in SENT}
    assert {row["target_id"]: row["verified"] for row in rows} == sent


def test_staging_tells_the_versions_apart_and_keeps_the_values_of_both(
    deployment: Deployment, project: Path
) -> None:
    staged = (project / "transform/models/staging/stg_profile__view.sql").read_text()
    assert "event_v" in staged
    assert "payload_field('role', 'varchar')" in staged  # text in one version and a number in the other
    roles = deployment.rows(
        "select event_v, payload['role'] as role from silver.events where payload['role'] is not null order by 1, 2"
    )
    assert [(row["event_v"], row["role"]) for row in roles] == [(1, "photographer"), (2, "3"), (2, "3")]
