"""Contracts: every event with its versions, found by text or family, and one event with all it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rastup.console import rendering, services
from rastup.console.chips import Filtering
from rastup.contracts.compatibility import Change, compare, verdict
from rastup.contracts.registry import Contract, Registry, load_registry
from rastup.contracts.release_check import released
from rastup.core.errors import ConfigError

PATH = "/data/contracts"
FILTERS = ("q", "family")
NEW, GONE = "new", "gone"


@dataclass(frozen=True)
class Entry:
    """An event of the list: its newest version, and how it stands to the released set."""

    contract: Contract
    versions: tuple[int, ...]
    standing: str


@dataclass(frozen=True)
class Row:
    """One line of the fields table."""

    name: str
    type: str
    is_required: bool
    description: str
    allowed: str
    pii: str | None


@dataclass(frozen=True)
class Listing:
    """The events that the filters mean, by family; `families` counts all."""

    groups: Mapping[str, list[Entry]]
    families: Mapping[str, int]
    events: int


async def index(request: Request) -> Response:
    """The list."""
    filters = Filtering.read(PATH, request.query_params, FILTERS)
    found = await services.of(request).run(lambda: _listing(filters))
    return rendering.page(request, "contracts.html", title="Contracts", filters=filters, found=found)


async def event(request: Request) -> Response:
    """One event in one version, by default the newest."""
    name = request.path_params["event"]
    wanted = request.query_params.get("v")
    values = await services.of(request).run(lambda: _event(name, wanted))
    if values is None:
        raise HTTPException(404)
    return rendering.page(request, "contract.html", title=name, **values)


def _listing(filters: Filtering) -> Listing:
    registry = load_registry()
    newest = [c for c in registry.contracts if c.v == registry.versions(c.event)[-1]]
    groups: dict[str, list[Entry]] = {}
    for contract in newest:
        if _is_meant(contract, filters):
            versions = tuple(registry.versions(contract.event))
            entry = Entry(contract, versions, _standing(registry, contract)[0])
            groups.setdefault(contract.family, []).append(entry)
    families = dict(sorted(Counter(c.family for c in newest).items()))
    return Listing(dict(sorted(groups.items())), families, len(newest))


def _is_meant(contract: Contract, filters: Filtering) -> bool:
    if filters.get("family") not in (None, contract.family):
        return False
    text = " ".join(
        [contract.event, contract.description, contract.owner, *(f.name for f in contract.fields)]
    )
    return all(word in text.casefold() for word in (filters.get("q") or "").casefold().split())


def _event(name: str, wanted: str | None) -> dict[str, Any] | None:
    registry = load_registry()
    is_number = wanted is not None and wanted.isascii() and wanted.isdigit() and len(wanted) < 6
    contract = (
        registry.get(name, int(wanted or 0)) if is_number else None if wanted else registry.newest(name)
    )
    if contract is None:
        return None
    standing, changes = _standing(registry, contract)
    return {
        "contract": contract,
        "versions": registry.versions(name),
        "rows": _rows(contract),
        "standing": standing,
        "changes": changes,
    }


def _standing(registry: Registry, contract: Contract) -> tuple[str, list[Change]]:
    """`none`, `additive` or `breaking` against the released contract, `new` without one; and the differences."""
    before = _released(registry.root / "released").get((contract.event, contract.v))
    if before is None:
        return NEW, []
    changes = compare(before.schema, contract.schema)
    return verdict(changes), changes


@lru_cache(maxsize=4)
def _released(root: Path) -> dict[tuple[str, int], Contract]:
    try:
        return released(root)
    except ConfigError:  # nothing has been released: every contract is new
        return {}


def _rows(contract: Contract) -> list[Row]:
    parts = contract.schema["properties"]
    rows = []
    for part in ("ids", "money"):
        below = parts.get(part, {})
        required = set(below.get("required", []))
        for name, schema in below.get("properties", {}).items():
            rows.append(_row(f"{part}.{name}", schema, name in required, _kind(schema)))
    return rows + [_row(f"payload.{f.name}", f.schema, f.is_required, f.type) for f in contract.fields]


def _row(name: str, schema: Mapping[str, Any], is_required: bool, kind: str) -> Row:
    return Row(name, kind, is_required, schema.get("description", ""), _allowed(schema), schema.get("x-pii"))


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
    "pattern": "matches {}",
    "format": "{}",
}


def _allowed(schema: Mapping[str, Any]) -> str:
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    said = [", ".join("null" if value is None else str(value) for value in values)] if values else []
    said += [text.format(schema[key]) for key, text in _LIMITS.items() if key in schema]
    return "; ".join(said)


ROUTES = [Route(PATH, index), Route(f"{PATH}/{{event}}", event)]
