"""Validation: a record in the domain dialect against its envelope and its contract.

The fast path is one call of a compiled validator that covers both; only what it refuses is looked at again to say why.
Rules between fields, forbidden keys and unknown fields come after it, and cost something only where a contract has rules
or a record has keys that its contract does not name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from rastup.contracts.explanation import SCHEMA_INVALID, Finding, explain, json_path
from rastup.contracts.registry import Contract, Registry, forbidden_keys, normal_key

UNKNOWN = "EVENT_UNKNOWN"
PII_FORBIDDEN = "EVENT_PII_FORBIDDEN"

HARMLESS_KEYS_KEPT = 4096
_PLAIN_NAME = re.compile(r"(?!(?:.*\d){7})[\w.-]{1,64}")
"""Neither an address nor, with fewer than seven digits, a number of anybody."""
CLOCK_TIME = r"^[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]{1,3})?Z$"
_WORDS = {"$schema", "$id", "title", "description", "x-pii"}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the fast path needs of one contract.

    Attributes:
        is_valid: envelope and contract in one.
        is_plain: the same, and every name in ids and payload is one that they declare, and the time is written as clocks
            do. None where a good record has to be looked at more closely anyway: the contract has rules, or fields that may
            hold anything at any depth.
        known: payload fields that the contract names.
        ids: names of ids that the envelope or the contract gives a form.
        free_text: payload fields to redact.
        open_fields: payload fields that may hold keys of the sender's choice, at any depth.
        flat_fields: those of them that are objects of scalars.
        rules: each gives a finding when the record breaks it.
    """

    contract: Contract
    is_valid: Callable[[Any], bool]
    is_plain: Callable[[Any], bool] | None
    known: frozenset[str]
    ids: frozenset[str]
    free_text: tuple[str, ...]
    open_fields: tuple[str, ...]
    flat_fields: tuple[str, ...]
    rules: tuple[Callable[[Record], Finding | None], ...]


class Validator:
    """Checks records against the contracts of a registry. Contracts are compiled when their first record comes.

    Attributes:
        compiled: what is compiled so far, by event and version.
        harmless: keys that were seen, are not forbidden, and are too plain to be personal data themselves.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._envelope = _compile(registry.envelopes["domain"])
        self._forbidden = forbidden_keys(registry.root)
        self.harmless: set[str] = set()
        self._explaining: dict[tuple[str, int], Any] = {}
        self.compiled: dict[tuple[str, int], Compiled] = {}

    def check(self, record: Any) -> Finding | None:
        """None when the record is good, else the first thing that is wrong with it. Never raises."""
        try:
            compiled = self.compiled[record["event"], record["v"]]
        except (KeyError, TypeError):
            return self._check_first(record)
        if not compiled.is_valid(record):
            return self._why(compiled, record)
        return self.check_rest(compiled, record)

    def check_rest(self, compiled: Compiled, record: Record) -> Finding | None:
        """What `compiled.is_valid` does not cover: rules between fields, forbidden keys."""
        for rule in compiled.rules:
            if (finding := rule(record)) is not None:
                return finding
        return self._forbidden_key(compiled, record)

    def unknown_fields(self, record: Record) -> list[str]:
        """Payload fields of a good record that its contract does not name, as `payload.x`, at most 32."""
        compiled = self.compiled[record["event"], record["v"]]
        return [f"payload.{name[:64]}" for name in sorted(record["payload"].keys() - compiled.known)[:32]]

    def compile_all(self) -> None:
        """Compiles every contract now, so that the first records of a server are as fast as the rest."""
        for contract in self._registry.contracts:
            self._compile(contract)

    def _check_first(self, record: Any) -> Finding | None:
        """The check of a record whose contract is not compiled: its first one ever, or of no known event."""
        event, v = (record.get("event"), record.get("v")) if isinstance(record, dict) else (None, None)
        if isinstance(event, str) and isinstance(v, int) and (contract := self._registry.get(event, v)):
            self._compile(contract)
            return self.check(record)
        finding = explain(self._envelope, record)
        return finding or self._unknown(str(event), int(v or 0))

    def _unknown(self, event: str, v: int) -> Finding:
        if versions := self._registry.versions(event):
            return Finding(
                UNKNOWN, "$.v", f"no version {v} of this event; known: {', '.join(map(str, versions))}"
            )
        near = self._registry.nearest(event)
        hint = f"; did you mean {near}?" if near else "; `rastup contracts list` shows every event"
        return Finding(UNKNOWN, "$.event", f"no contract knows this event{hint}")

    def _compile(self, contract: Contract) -> None:
        merged = merge(self._registry.envelopes["domain"], contract.schema)
        validator = _compile(merged)
        self._explaining[contract.event, contract.v] = validator
        rules = tuple(_rule(r) for r in contract.rules)
        open_fields = tuple(f.name for f in contract.fields if f.is_open)
        flat_fields = tuple(f.name for f in contract.fields if f.is_flat)
        is_closed = not rules and set(open_fields) <= set(flat_fields)
        self.compiled[contract.event, contract.v] = Compiled(
            contract=contract,
            is_valid=validator.is_valid,
            is_plain=_compile(plain(merged)).is_valid if is_closed else None,
            known=frozenset(f.name for f in contract.fields),
            ids=frozenset(merged["properties"]["ids"]["properties"]),
            free_text=contract.free_text_fields,
            open_fields=open_fields,
            flat_fields=flat_fields,
            rules=rules,
        )

    def _why(self, compiled: Compiled, record: Any) -> Finding:
        validator = self._explaining[compiled.contract.event, compiled.contract.v]
        # The second one cannot be: is_valid of the same schema refused it.
        return explain(validator, record) or Finding(SCHEMA_INVALID, "$", "does not match its contract")

    def _forbidden_key(self, compiled: Compiled, record: Record) -> Finding | None:
        for part in ("context", "ids"):
            if (path := self._search(record[part])) is not None:
                return _forbidden([part, *path])
        payload = record["payload"]
        for name in payload.keys() - compiled.known:
            if self._is_forbidden(name):
                return _forbidden(["payload", name])
            if (path := self._search(payload[name])) is not None:
                return _forbidden(["payload", name, *path])
        for name in compiled.open_fields:
            if (path := self._search(payload.get(name))) is not None:
                return _forbidden(["payload", name, *path])
        return None

    def _search(self, value: Any) -> list[str | int] | None:
        """The path below `value` to a forbidden key, or None."""
        if isinstance(value, dict):
            for key, below in value.items():
                if key not in self.harmless and self._is_forbidden(key):
                    return [key]
                if isinstance(below, dict | list) and (path := self._search(below)) is not None:
                    return [key, *path]
        elif isinstance(value, list):
            for index, below in enumerate(value):
                if (path := self._search(below)) is not None:
                    return [index, *path]
        return None

    def _is_forbidden(self, key: str) -> bool:
        if normal_key(key) in self._forbidden:
            return True
        # Senders use few keys: remembering the harmless ones saves normalising them for every record.
        if len(self.harmless) < HARMLESS_KEYS_KEPT and _PLAIN_NAME.fullmatch(key):
            self.harmless.add(key)
        return False


def merge(envelope: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, Any]:
    """One schema that asks for both: a record is good exactly when it matches the envelope and the contract.

    Merged rather than joined by `allOf`, which walks the record twice.
    """
    merged = dict(envelope)
    merged["required"] = [
        *envelope["required"],
        *(r for r in contract["required"] if r not in envelope["required"]),
    ]
    properties = merged["properties"] = dict(envelope["properties"])
    for part in ("ids", "money"):
        if part in contract["properties"]:
            extra = contract["properties"][part]
            properties[part] = {
                **properties[part],
                "properties": {**properties[part]["properties"], **extra.get("properties", {})},
                "required": extra.get("required", []),
            }
    properties["payload"] = contract["properties"]["payload"]
    return merged


def plain(merged: Mapping[str, Any]) -> dict[str, Any]:
    """What most good records match: a merged schema without room for ids and fields that nobody has declared.

    Its times are of years that every reader can show, in UTC, without the leap second that no calendar of ours has.
    What found this schema by the record's event has compared that already.
    """
    properties = merged["properties"]
    closed = {part: {**properties[part], "additionalProperties": False} for part in ("ids", "payload")}
    occurred_at = {"type": "string", "format": "date-time", "pattern": CLOCK_TIME}
    return {**merged, "properties": {**properties, **closed, "event": True, "occurred_at": occurred_at}}


def _compile(schema: Mapping[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator(_without_words(schema), validate_formats=True)


def _without_words(schema: Any) -> Any:
    """A schema without what only people read: the compiler copies it, and that is a third of its time."""
    if isinstance(schema, list):
        return [_without_words(below) for below in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: below if key in ("const", "enum") else _without_words(below)
        for key, below in schema.items()
        if not (key in _WORDS and isinstance(below, str))
    }


def _forbidden(path: list[str | int]) -> Finding:
    return Finding(PII_FORBIDDEN, json_path(path), "a key of this name holds personal data; leave it out")


def _rule(rule: Mapping[str, Any]) -> Callable[[Record], Finding | None]:
    if "sum" in rule:
        total, parts = rule["total"], rule["sum"]

        def sums(record: Record) -> Finding | None:
            expected = sum(_at(record, p) or 0 for p in parts)
            if _at(record, total) == expected:
                return None
            names = " + ".join(p.rpartition(".")[2] for p in parts)
            return Finding(SCHEMA_INVALID, total, f"expected {names} = {expected}")

        return sums
    left, right = rule["equal"]

    def equals(record: Record) -> Finding | None:
        one, other = _at(record, left), _at(record, right)
        if one is None or other is None or one == other:
            return None
        return Finding(SCHEMA_INVALID, right, f"expected the same as {left} ({one})")

    return equals


def _at(record: Record, path: str) -> Any:
    _, part, name = path.split(".")
    return record.get(part, {}).get(name)
