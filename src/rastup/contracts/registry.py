"""The registry: every event contract below `contracts/`, loaded once, looked up by event name and version."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from rastup.core.errors import ConfigError
from rastup.core.paths import data_dir

NOT_FAMILIES = ("envelope", "mapping", "released")
FREE_TEXT, PSEUDONYM, NO_PII = "free_text", "pseudonym", "none"


_NAME = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
_SCALARS = {"string", "integer", "number", "boolean", "null"}


def _is_scalar(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type")
    return kinds is not None and set([kinds] if isinstance(kinds, str) else kinds) <= _SCALARS


def is_flat(schema: Mapping[str, Any]) -> bool:
    """Whether an object holds scalars only, whatever their names."""
    extra = schema.get("additionalProperties")
    return isinstance(extra, Mapping) and all(
        _is_scalar(below) for below in (extra, *schema.get("properties", {}).values())
    )


def _is_open(schema: Mapping[str, Any]) -> bool:
    if _is_scalar(schema) or "enum" in schema or "const" in schema:
        return False
    if schema.get("type") == "array" and isinstance(schema.get("items"), Mapping):
        return _is_open(schema["items"])
    if schema.get("type") == "object" and schema.get("additionalProperties") is False:
        return any(_is_open(below) for below in schema.get("properties", {}).values())
    return True


@dataclass(frozen=True)
class Field:
    """One payload field. `type` is its JSON type, or `timestamp` for date-time strings."""

    name: str
    type: str
    is_required: bool
    description: str
    schema: Mapping[str, Any]

    @property
    def pii(self) -> str:
        """`free_text` (people write it), `pseudonym` (it stands for one person) or `none`."""
        return str(self.schema.get("x-pii", NO_PII))

    @property
    def is_free_text(self) -> bool:
        """Whether people write it, so that it is redacted at ingest."""
        return self.pii == FREE_TEXT

    @property
    def is_open(self) -> bool:
        """Whether it may hold keys that the contract does not name, at any depth."""
        return _is_open(self.schema)

    @property
    def is_flat(self) -> bool:
        """Whether it is an object of scalars only, whatever their names."""
        return self.type == "object" and is_flat(self.schema)


@dataclass(frozen=True)
class Contract:
    """One event in one version. `schema` covers `ids`, `money` and `payload` of a record and is open around them."""

    event: str
    v: int
    family: str
    owner: str
    since: str
    emitted_by: str
    description: str
    schema: Mapping[str, Any]
    fields: tuple[Field, ...]

    @property
    def payload(self) -> Mapping[str, Any]:
        """The schema of the payload."""
        payload: Mapping[str, Any] = self.schema["properties"]["payload"]
        return payload

    @property
    def examples(self) -> list[dict[str, Any]]:
        """Valid records."""
        return list(self.schema["examples"])

    @property
    def invalid_examples(self) -> list[dict[str, Any]]:
        """`{"code", "path", "instance"}`: records that are refused, and how."""
        return list(self.schema["x-invalid"])

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Rules between fields that JSON Schema cannot say."""
        return list(self.schema["x-rastup"].get("rules", []))

    @property
    def ids(self) -> dict[str, bool]:
        """Entity ids that the contract names, and whether each is required."""
        schema = self.schema["properties"].get("ids", {})
        required = set(schema.get("required", []))
        return {name: name in required for name in schema.get("properties", {})}

    @property
    def id_descriptions(self) -> dict[str, str]:
        """What each of the entity ids means."""
        ids = self.schema["properties"].get("ids", {}).get("properties", {})
        return {name: schema.get("description", "") for name, schema in ids.items()}

    @property
    def free_text_fields(self) -> tuple[str, ...]:
        """Payload fields that people write."""
        return tuple(f.name for f in self.fields if f.is_free_text)


class Registry:
    """All contracts of one `contracts/` folder."""

    def __init__(
        self, root: Path, contracts: tuple[Contract, ...], envelopes: Mapping[str, dict[str, Any]]
    ) -> None:
        self.root = root
        self.contracts = contracts
        self.envelopes = envelopes
        self._by_key = {(c.event, c.v): c for c in contracts}
        self._versions: dict[str, list[int]] = {}
        for contract in contracts:
            self._versions.setdefault(contract.event, []).append(contract.v)

    def get(self, event: str, v: int) -> Contract | None:
        """The contract of that event and version."""
        return self._by_key.get((event, v))

    def versions(self, event: str) -> list[int]:
        """Known versions of an event, oldest first; empty for an unknown event."""
        return self._versions.get(event, [])

    def newest(self, event: str) -> Contract | None:
        """The newest version of an event."""
        versions = self.versions(event)
        return self._by_key[event, versions[-1]] if versions else None

    def by_event(self) -> dict[str, list[Contract]]:
        """Every event with its versions, oldest first."""
        return {event: [self._by_key[event, v] for v in found] for event, found in self._versions.items()}

    def nearest(self, name: str) -> str | None:
        """The known event whose name is most like `name`."""
        found = difflib.get_close_matches(name[:128], list(self._versions), n=1, cutoff=0.6)
        return found[0] if found else None


@functools.lru_cache(maxsize=4)
def load_registry(root: Path | None = None) -> Registry:
    """Loads every contract below `root` (by default the project's `contracts/`).

    Raises:
        ConfigError: a file is not JSON, lacks what a contract needs, or says another name than its own.
    """
    root = root or data_dir("contracts")
    envelopes = {p.name.partition(".")[0]: _read(p) for p in sorted((root / "envelope").glob("*.json"))}
    if "domain" not in envelopes:
        raise ConfigError(f"{root}: no contracts here (envelope/domain.v1.json is missing).")
    paths = [p for p in sorted(root.glob("*/*.json")) if p.parent.name not in NOT_FAMILIES]
    contracts = sorted((load_contract(p) for p in paths), key=lambda c: (c.event, c.v))
    return Registry(root, tuple(contracts), envelopes)


def load_contract(path: Path) -> Contract:
    """Reads one contract file `<family>/<event>.v<N>.json`.

    Raises:
        ConfigError: names the file and what is wrong with it.
    """
    schema = _read(path)
    event, _, version = path.name.removesuffix(".json").rpartition(".v")
    about = schema.get("x-rastup", {})
    if (
        schema.get("title") != event
        or str(about.get("v")) != version
        or about.get("family") != path.parent.name
    ):
        raise ConfigError(
            f"{path}: title, x-rastup.v and x-rastup.family must say {event!r}, {version} and {path.parent.name!r}, "
            "as the file's name and folder do."
        )
    if "payload" not in schema.get("properties", {}):
        raise ConfigError(f"{path}: a contract describes `payload` below `properties`.")
    odd = [name for name in schema["properties"]["payload"].get("properties", {}) if not _NAME.match(name)]
    if odd:
        raise ConfigError(
            f"{path}: {odd[0]!r} is no name for a field; columns and parameters are named after it, so write it in "
            "lower case letters, digits and `_`, a letter first."
        )
    missing = {"owner", "since", "emitted_by"} - set(about)
    if missing or not schema.get("description"):
        raise ConfigError(f"{path}: add {', '.join(sorted(missing)) or 'description'}.")
    return Contract(
        event=event,
        v=int(version),
        family=about["family"],
        owner=about["owner"],
        since=about["since"],
        emitted_by=about["emitted_by"],
        description=schema["description"],
        schema=schema,
        fields=_fields(schema["properties"]["payload"]),
    )


def _fields(payload: Mapping[str, Any]) -> tuple[Field, ...]:
    required = set(payload.get("required", []))
    return tuple(
        Field(name, _type(s), name in required, s.get("description", ""), s)
        for name, s in payload.get("properties", {}).items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "timestamp"
    kind = schema.get("type", "string")
    return next(k for k in kind if k != "null") if isinstance(kind, list) else str(kind)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: a schema is a JSON object.")
    return document


def replaced_fields(contract: Contract) -> dict[str, str]:
    """Payload fields that stand for one of an earlier version under another name: new name to old name."""
    found: dict[str, str] = contract.schema["x-rastup"].get("replaces", {})
    return found


def forbidden_keys(root: Path) -> frozenset[str]:
    """Keys that no payload may carry, normalised as `normal_key` does."""
    document = yaml.safe_load((root / "pii_keys.yaml").read_text())
    return frozenset(normal_key(key) for key in document["forbidden"])


def normal_key(key: str) -> str:
    """A key without case, `-`, `_` and spaces, so that `firstName`, `first-name` and `first_name` are one."""
    return key.casefold().replace("_", "").replace("-", "").replace(" ", "")
