"""Is every contract sound, and compatible with the last released set? The answer as findings that say what to do.

When it is, `release` makes the contracts the new released set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from rastup.contracts.compatibility import ADDITIVE, BREAKING, Change, Document, compare
from rastup.contracts.registry import NOT_FAMILIES, Contract, Registry, load_contract, replaced_fields
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
            document = Document(dict(contract.schema), name)
        except ConfigError as error:
            yield Problem(name, "", str(error), "mend the schema")
            continue
        for pointer in document.unknown:
            reason = "no keyword of JSON Schema 2020-12, so nothing checks it"
            yield Problem(name, pointer, reason, "mend the keyword, or begin its name with `x-`")
        yield from _check_examples(name, contract, validator, canonical)
        yield from _check_replaced(registry, name, contract)


def _check_replaced(registry: Registry, name: str, contract: Contract) -> Iterator[Problem]:
    """A field replaces one that an earlier version names."""
    earlier = [registry.get(contract.event, v) for v in registry.versions(contract.event) if v < contract.v]
    before = {field.name for each in earlier if each for field in each.fields}
    now = {field.name for field in contract.fields}
    for new, old in replaced_fields(contract).items():
        if new not in now or old not in before:
            reason = f"{new} replaces {old}, which is not a field of this version and one of an earlier one"
            yield Problem(name, "/x-rastup/replaces", reason, "name the new field and the old one")


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
    """No released contract is gone or broken, no version is left out, and no new version is needless."""
    for (event, v), before in old.items():
        now = registry.get(event, v)
        name = f"{event} v{v}"
        if now is None:
            yield Problem(name, "", "was released and is gone", "put it back: senders still use it")
            continue
        for change in _compared(before, now):
            if change.kind == BREAKING:
                newest = max(registry.versions(event))
                advice = f"leave v{v} as it was and write {event}.v{newest + 1}.json"
                if change.advice:
                    advice = f"{change.advice}; or {advice}"
                yield Problem(name, change.path, change.reason, advice)
    for contract in registry.contracts:
        if (contract.event, contract.v) not in old:
            yield from _check_version(registry, contract)


def check_envelopes(registry: Registry, root: Path) -> Iterator[Problem]:
    """No envelope refuses what the released one below `root` took; every event of every sender comes in it."""
    for path in sorted((root / "envelope").glob("*.json")):
        name, now = f"envelope {path.stem}", registry.root / "envelope" / path.name
        if not now.is_file():
            yield Problem(name, "", "was released and is gone", "put it back: senders still use it")
            continue
        try:
            old, new = (Document(orjson.loads(p.read_bytes()), str(p)) for p in (path, now))
            changes = compare(old, new)
        except (ConfigError, orjson.JSONDecodeError) as error:
            yield Problem(name, "", str(error), "mend the schema")
            continue
        for change in changes:
            if change.kind == BREAKING:
                yield Problem(name, change.path, change.reason, change.advice)


def _check_version(registry: Registry, contract: Contract) -> Iterator[Problem]:
    """A version follows the one before it, and breaks something that it takes."""
    name, before = f"{contract.event} v{contract.v}", contract.v - 1
    if before < 1:
        return
    previous = registry.get(contract.event, before)
    if previous is None:
        yield Problem(
            name, "", f"there is no v{before}", f"call it {contract.event}.v{_next(registry, contract)}.json"
        )
    elif not any(change.kind == BREAKING for change in _compared(previous, contract)):
        yield Problem(name, "", f"breaks nothing that v{before} takes", f"add it to v{before} instead")


def _next(registry: Registry, contract: Contract) -> int:
    return max((v for v in registry.versions(contract.event) if v < contract.v), default=0) + 1


def _compared(before: Contract, now: Contract) -> list[Change]:
    """The differences; a schema that cannot be compared breaks whoever relies on it."""
    try:
        return compare(dict(before.schema), dict(now.schema))
    except ConfigError as error:
        return [Change("", BREAKING, str(error), "mend the schema")]


def release(registry: Registry, target: Path) -> list[str]:
    """Makes contracts and envelopes the released set below `target`; returns what was written, as `family/file`."""
    written = []
    envelopes = [f"envelope/{path.name}" for path in sorted((registry.root / "envelope").glob("*.json"))]
    for name in [*(f"{c.family}/{c.event}.v{c.v}.json" for c in registry.contracts), *envelopes]:
        content, file = (registry.root / name).read_bytes(), target / name
        if file.is_file() and file.read_bytes() == content:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.unfinished")
        unfinished.write_bytes(content)
        unfinished.replace(file)
        written.append(name)
    return written


def changes_since(registry: Registry, old: dict[tuple[str, int], Contract]) -> dict[str, list[Change]]:
    """What differs from the released set, by contract; a contract that is new has one change that says so."""
    found: dict[str, list[Change]] = {}
    for contract in registry.contracts:
        before = old.get((contract.event, contract.v))
        changes = _compared(before, contract) if before else [Change("", ADDITIVE, "new contract")]
        if changes:
            found[f"{contract.event} v{contract.v}"] = changes
    for event, v in old.keys() - {(c.event, c.v) for c in registry.contracts}:
        found[f"{event} v{v}"] = [Change("", BREAKING, "removed")]
    return found
