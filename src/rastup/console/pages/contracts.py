"""Contracts: every event with its versions, found by text or family, and one event with all it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rastup.console import failures, formatting, rendering, services
from rastup.console.cards.definition import Card
from rastup.console.charts.sparkline import sparkline
from rastup.console.chips import Filtering
from rastup.console.data import contract_use
from rastup.console.data.admitting import DIALECTS
from rastup.console.data.contract_use import Downstream
from rastup.console.pages import contract_trial
from rastup.console.services import Services
from rastup.console.snippets import snippets
from rastup.contracts.compatibility import Change, compare, verdict
from rastup.contracts.registry import Contract, Registry, load_registry
from rastup.contracts.release_check import released
from rastup.core.errors import ConfigError
from rastup.lake.ledger import Volume

PATH = "/data/contracts"
FILTERS = ("q", "family")
NEW, GONE = "new", "gone"
MOST_MATCHES = 6


@dataclass(frozen=True)
class Entry:
    """An event of the list: its newest version, and how it stands to the released set.

    `seen` is the hour of the newest record, where it is one of today.
    """

    contract: Contract
    versions: tuple[int, ...]
    standing: str
    matches: tuple[str, ...]
    volume: Volume | None
    seen: str | None


@dataclass(frozen=True)
class Row:
    """One line of the fields table."""

    name: str
    type: str
    is_required: bool
    description: str
    allowed: str
    pii: str | None
    users: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The events that the filters mean, by family; `families` counts all."""

    groups: Mapping[str, list[Entry]]
    families: Mapping[str, int]
    events: int


async def index(request: Request) -> Response:
    """The list."""
    filters = Filtering.read(PATH, request.query_params, FILTERS)
    of = services.of(request)
    found = await of.run(services.in_thread(of, _listing, filters))
    return rendering.page(request, "contracts.html", title="Contracts", filters=filters, found=found)


async def event(request: Request) -> Response:
    """One event in one version, by default the newest."""
    name = request.path_params["event"]
    wanted = request.query_params.get("v")
    of = services.of(request)
    values = await of.run(services.in_thread(of, _event, name, wanted))
    if values is None:
        raise HTTPException(404)
    return rendering.page(request, "contract.html", title=name, **values)


async def traffic(request: Request) -> Response:
    """How much of an event came in, from whom, and what was refused: a part of its page that asks the lake."""
    of = services.of(request)
    name = request.path_params["event"]
    if load_registry().newest(name) is None:
        raise HTTPException(404)
    try:
        found = await of.run(services.in_thread(of, contract_use.traffic, name))
        refused = await of.run(services.in_thread(of, contract_use.refusals, name))
    except Exception as error:
        failure = failures.note(error, request)
        return rendering.fragment(
            request, "contract_traffic_error.html", status=failure.status, failure=failure, event=name
        )
    days = [float(records) for _, records in found.days]
    label = f"{name}: records a day in the last 30 days"
    line = sparkline(days, label, width=240, height=40, open_from=len(days) - 1)
    return rendering.fragment(
        request, "contract_traffic.html", event=name, traffic=found, refused=refused, line=line
    )


def _listing(of: Services, filters: Filtering) -> Listing:
    registry, volumes = load_registry(), contract_use.listed_volumes(of)
    words = (filters.get("q") or "").casefold().split()
    newest = [c for c in registry.contracts if c.v == registry.versions(c.event)[-1]]
    groups: dict[str, list[Entry]] = {}
    for contract in newest:
        if _is_meant(contract, filters):
            versions = tuple(registry.versions(contract.event))
            standing = _standing(registry, contract)[0]
            volume = volumes.get(contract.event)
            seen = formatting.recent_hour(volume.last_hour, of.clock()) if volume else None
            entry = Entry(contract, versions, standing, _matches(contract, words), volume, seen)
            groups.setdefault(contract.family, []).append(entry)
    families = dict(sorted(Counter(c.family for c in newest).items()))
    return Listing(dict(sorted(groups.items())), families, len(newest))


def _is_meant(contract: Contract, filters: Filtering) -> bool:
    if filters.get("family") not in (None, contract.family):
        return False
    words = (filters.get("q") or "").casefold().split()
    parts = (contract.event, contract.description, contract.owner, *_searched(contract).values())
    text = " ".join(parts).casefold()
    return all(word in text for word in words)


def _searched(contract: Contract) -> dict[str, str]:
    """Each field's path, and what a search finds it by: its name, and its description's words."""
    ids = {f"ids.{name}": f"{name} {text}" for name, text in contract.id_descriptions.items()}
    return ids | {f"payload.{f.name}": f"{f.name} {f.description}" for f in contract.fields}


def _matches(contract: Contract, words: list[str]) -> tuple[str, ...]:
    """The fields that a search has found the event by, those first whose name has the word."""
    found = {
        path: any(word in path.casefold() for word in words)
        for path, text in _searched(contract).items()
        if any(word in text.casefold() for word in words)
    }
    return tuple(sorted(found, key=lambda path: not found[path])[:MOST_MATCHES])


def _event(of: Services, name: str, wanted: str | None) -> dict[str, Any] | None:
    registry = load_registry()
    is_number = wanted is not None and wanted.isascii() and wanted.isdigit() and len(wanted) < 6
    contract = (
        registry.get(name, int(wanted or 0)) if is_number else None if wanted else registry.newest(name)
    )
    if contract is None:
        return None
    standing, changes = _standing(registry, contract)
    versions = registry.versions(name)
    use = contract_use.downstream(of, name)
    before = max((v for v in versions if v < contract.v), default=None)
    older = registry.get(name, before) if before else None
    return {
        "contract": contract,
        "versions": versions,
        "rows": _rows(contract, use),
        "use": use,
        "standing": standing,
        "changes": changes,
        "before": before,
        "since_before": compare(older.schema, contract.schema) if older else [],
        "snippets": snippets(contract, versions[-1], of.settings.ingest),
        "dialects": DIALECTS,
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


def _rows(contract: Contract, use: Downstream | None) -> list[Row]:
    parts = contract.schema["properties"]
    rows = []
    for part in ("ids", "money"):
        below = parts.get(part, {})
        required = set(below.get("required", []))
        for name, schema in below.get("properties", {}).items():
            rows.append(_row(f"{part}.{name}", schema, name in required, _kind(schema)))
    rows += [_row(f"payload.{f.name}", f.schema, f.is_required, f.type) for f in contract.fields]
    if use is None:
        return rows
    users, cards = use.usage.by_field, use.field_cards
    return [replace(row, users=users.get(row.name, ()), cards=cards.get(row.name, ())) for row in rows]


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


ROUTES = [
    Route(PATH, index),
    *contract_trial.ROUTES,
    Route(f"{PATH}/{{event}}", event),
    Route(f"{PATH}/{{event}}/traffic", traffic),
]
