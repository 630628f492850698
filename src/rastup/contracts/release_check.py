"""Is every contract sound, and compatible with the last released set? The answer as findings that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from rastup.contracts.compatibility import BREAKING, Change, compare
from rastup.contracts.registry import NOT_FAMILIES, Contract, Registry, load_contract
from rastup.contracts.validation import Validator
from rastup.core.errors import ConfigError


@dataclass(frozen=True)
class Problem:
    """One thing that `contracts check` refuses."""

    contract: str
    path: str
    reason: str
    advice: str


def check_soundness(registry: Registry) -> Iterator[Problem]:
    """Each schema is a schema, each valid example passes, each invalid one fails with its code and at its path."""
    validator = Validator(registry)
    canonical = jsonschema_rs.Draft202012Validator(registry.envelopes["canonical"], validate_formats=True)
    for contract in registry.contracts:
        name = f"{contract.event} v{contract.v}"
        try:
            jsonschema_rs.meta.validate(dict(contract.schema))
        except (jsonschema_rs.ValidationError, ValueError) as error:
            yield Problem(name, "", f"not a JSON Schema: {error}", "mend the schema")
            continue
        yield from _check_examples(name, contract, validator, canonical)


def _check_examples(name: str, contract: Contract, validator: Validator, canonical: Any) -> Iterator[Problem]:
    if not contract.schema.get("examples") or not contract.schema.get("x-invalid"):
        yield Problem(
            name, "/examples", "needs a valid and an invalid example", "add `examples` and `x-invalid`"
        )
        return
    for index, example in enumerate(contract.examples):
        if finding := validator.check(example):
            yield Problem(
                name,
                f"/examples/{index}",
                f"refused at {finding.path}: {finding.message}",
                "mend the example",
            )
        stored = {**example, "received_at": example["occurred_at"]}
        stored["context"] = {**example["context"], "env": "prod", "source": "web"}
        if not canonical.is_valid(stored):
            yield Problem(
                name, f"/examples/{index}", "cannot be a canonical record", "mend envelope/canonical.v1.json"
            )
    for index, example in enumerate(contract.invalid_examples):
        finding = validator.check(example["instance"])
        found = (finding.code, finding.path) if finding else ("accepted", "")
        if found != (example["code"], example["path"]):
            expected = f"{example['code']} at {example['path']}"
            yield Problem(
                name,
                f"/x-invalid/{index}",
                f"expected {expected}, got {' at '.join(found)}",
                "mend one of them",
            )
    for field in contract.fields:
        if not field.description:
            yield Problem(
                name, f"/properties/payload/properties/{field.name}", "no description", "say what it means"
            )


def released(root: Path) -> dict[tuple[str, int], Contract]:
    """The released set below `root` (`contracts/released`, or another folder of the same shape)."""
    if not root.is_dir():
        raise ConfigError(f"{root}: no released set here; give a folder with `<family>/<event>.v<N>.json`.")
    paths = [p for p in sorted(root.glob("*/*.json")) if p.parent.name not in NOT_FAMILIES]
    return {(c.event, c.v): c for c in map(load_contract, paths)}


def check_compatibility(registry: Registry, old: dict[tuple[str, int], Contract]) -> Iterator[Problem]:
    """No released contract is gone or broken, and no new version is needless."""
    for (event, v), before in old.items():
        now = registry.get(event, v)
        name = f"{event} v{v}"
        if now is None:
            yield Problem(name, "", "was released and is gone", "put it back: senders still use it")
            continue
        for change in compare(before.schema, now.schema):
            if change.kind == BREAKING:
                advice = f"leave v{v} as it was and write {event}.v{v + 1}.json"
                yield Problem(name, change.path, change.reason, advice)
    for contract in registry.contracts:
        previous = registry.get(contract.event, contract.v - 1)
        if (contract.event, contract.v) in old or previous is None:
            continue
        if not any(change.kind == BREAKING for change in compare(previous.schema, contract.schema)):
            reason = f"breaks nothing that v{contract.v - 1} takes"
            yield Problem(
                f"{contract.event} v{contract.v}", "", reason, f"add it to v{contract.v - 1} instead"
            )


def changes_since(registry: Registry, old: dict[tuple[str, int], Contract]) -> dict[str, list[Change]]:
    """What differs from the released set, by contract; a contract that is new has one change that says so."""
    found: dict[str, list[Change]] = {}
    for contract in registry.contracts:
        before = old.get((contract.event, contract.v))
        changes = (
            compare(before.schema, contract.schema) if before else [Change("", "additive", "new contract")]
        )
        if changes:
            found[f"{contract.event} v{contract.v}"] = changes
    for event, v in old.keys() - {(c.event, c.v) for c in registry.contracts}:
        found[f"{event} v{v}"] = [Change("", BREAKING, "removed")]
    return found
