"""Mapping of the web dialect to the domain dialect and back. What maps to what is data in `contracts/mapping/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from rastup.contracts.explanation import ENVELOPE_INVALID, Finding, explain
from rastup.contracts.registry import Contract, Registry
from rastup.contracts.versions import Versions

Message = dict[str, Any]
_NOT_CODE = re.compile(r"[^a-z0-9]+")


class MappingError(Exception):
    """A message cannot be read in its dialect; `finding` has the path in the message as it was sent.

    `event` is the name that its sender gave, where that is not plain to see.
    """

    def __init__(self, finding: Finding, event: str | None = None) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.event = event


@dataclass(frozen=True)
class Tables:
    """The mapping data of one `contracts/` folder."""

    web: Mapping[str, Any]
    segment: Mapping[str, Any]
    cities: Mapping[str, str]
    payload_ids: Mapping[str, tuple[str, ...]]
    posthog: Mapping[str, Any]
    snowplow: Mapping[str, Any]

    @classmethod
    def load(cls, root: Path) -> Tables:
        """Reads `mapping/*.yaml` below `root`."""

        def read(name: str) -> dict[str, Any]:
            document: dict[str, Any] = yaml.safe_load((root / "mapping" / f"{name}.yaml").read_text())
            return document

        payload_ids = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in read("payload_ids").items()}
        return cls(
            read("web"), read("segment"), read("cities"), payload_ids, read("posthog"), read("snowplow")
        )


class WebMapping:
    """The web dialect of `/e`, both ways."""

    def __init__(self, registry: Registry, tables: Tables) -> None:
        self._registry = registry
        self._versions = Versions(registry)
        self._tables = tables
        self._envelope = jsonschema_rs.Draft202012Validator(registry.envelopes["web"], validate_formats=True)
        self._to_role: Mapping[str, str] = tables.web["roles"]
        self._from_role = {domain: web for web, domain in self._to_role.items()}
        self._spelled: Mapping[str, Mapping[str, str]] = tables.web["payload"]
        self._prefixes: Mapping[str, Mapping[str, str]] = tables.web["prefixes"]
        self._fields = tuple(tables.web["fields"].items())
        self._renames = {*self._prefixes, "app.build"}

    def from_web(self, message: Any) -> Message:
        """The domain record of a web message.

        Raises:
            MappingError: the message does not match the web envelope.
        """
        if not self._envelope.is_valid(message):
            finding = explain(self._envelope, message) or Finding(ENVELOPE_INVALID, "$", "not a web message")
            raise MappingError(Finding(ENVELOPE_INVALID, finding.path, finding.message))
        record: Message = {"context": {}, "ids": {}, "payload": {}}
        for source, target in self._fields:
            if (value := get(message, source)) is not None:
                put(record, target, self._renamed(source, value) if source in self._renames else value)
        record["payload"] = dict(record["payload"])  # ids move out of it; the message stays as it was sent
        if record["event"] in self._spelled:
            self._respell(record, self._read_as)
        for source, target in self._tables.web["hashed"].items():
            if value := get(message, source):
                put(record, target, hashed(value))
        record["context"]["role"] = self._to_role.get(record["context"].get("role", ""), "guest")
        if city := get(record, "geo.city"):
            put_city(record, city, self._tables.cities)
        if "v" not in record:
            return self._versions.read(record, self._move_ids)
        self._move_ids(record, self._registry.get(record["event"], record["v"]))
        return record

    def _move_ids(self, record: Message, contract: Contract | None) -> None:
        move_ids(record, contract, self._tables.payload_ids)

    def to_web(self, record: Message) -> Message:
        """The web message that would map to this record; what the web dialect cannot say is left out."""
        message: Message = {}
        for target, source in self._fields:
            if (value := get(record, source)) is not None:
                put(message, target, self._renamed_back(target, value))
        role = self._from_role.get(record["context"]["role"])
        put(message, "user.role", role)
        if "city" in record and get(message, "geo.city") is None:
            put(message, "geo.city", record["city"])
        respelled = {"event": record["event"], "payload": dict(record["payload"])}
        self._respell(respelled, self._written_as)
        message["payload"] = {**record["ids"], **respelled["payload"]}
        return message

    def _respell(self, record: Message, spell: Callable[[str, str], str]) -> None:
        """Payload fields that say what the envelope says too, spelled as that dialect's envelope does."""
        payload = record["payload"]
        for field, path in self._spelled.get(record["event"], {}).items():
            if isinstance(payload.get(field), str):
                payload[field] = spell(path, payload[field])

    def _read_as(self, path: str, value: str) -> str:
        if path == "user.role":
            return self._to_role.get(value, value)
        if path == "geo.city":
            return city_code(value, self._tables.cities)
        return str(self._renamed(path, value))

    def _written_as(self, path: str, value: str) -> str:
        if path == "user.role":
            return str(self._from_role.get(value, value))
        return str(self._renamed_back(path, value))

    def _renamed(self, path: str, value: Any) -> Any:
        for web, domain in self._prefixes.get(path, {}).items():
            return domain + value.removeprefix(web) if value.startswith(web) else value
        return str(value) if path == "app.build" else value

    def _renamed_back(self, path: str, value: Any) -> Any:
        for web, domain in self._prefixes.get(path, {}).items():
            return web + value.removeprefix(domain) if value.startswith(domain) else value
        return value


def move_ids(record: Message, contract: Contract | None, sources: Mapping[str, tuple[str, ...]]) -> None:
    """Fills `ids` with what the contract asks for, from the payload fields that carry them in other dialects."""
    if contract is None:
        return
    payload = record["payload"]
    known = {field.name for field in contract.fields}
    for name in contract.ids:
        for source in sources.get(name, (name,)):
            if isinstance(payload.get(source), str):
                record["ids"].setdefault(name, payload[source])
                if source not in known:
                    del payload[source]
                break


def city_code(name: str, cities: Mapping[str, str]) -> str:
    """The code of a city as senders name it: by the table, else lower case with words joined by `_`."""
    plain = name.strip().casefold()
    return cities.get(plain) or _NOT_CODE.sub("_", plain).strip("_") or plain


def put_city(record: Message, name: str, cities: Mapping[str, str]) -> None:
    """Notes the code of a city; a name of spaces alone is none."""
    if code := city_code(name, cities):
        record["city"] = code[:64]


def hashed(text: str) -> str:
    """A user agent's hash: 32 hex digits of its SHA-256."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def get(document: Any, path: str) -> Any:
    """The value at a dotted path, or None."""
    for part in path.split("."):
        if not isinstance(document, dict):
            return None
        document = document.get(part)
    return document


def put(document: Message, path: str, value: Any) -> None:
    """Sets the value at a dotted path, making objects on the way."""
    *parents, last = path.split(".")
    for part in parents:
        document = document.setdefault(part, {})
    document[last] = value
