"""The event reference in Markdown: an index, and one page a family."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rastup.contracts.generation.parameters import WIDEST
from rastup.contracts.registry import Contract, Field, Registry

INDEX = "docs/reference/events.md"
NOTE = "Generated from `contracts/` by `rastup contracts generate`."
PII = {
    "none": "none",
    "pseudonym": "pseudonym",
    "free_text": "free text, redacted",
}


def reference_files(registry: Registry) -> dict[str, str]:
    """The index and the pages: path below the project's root, and text."""
    families: dict[str, list[Contract]] = {}
    for contract in sorted(registry.contracts, key=lambda c: (c.family, c.event, c.v)):
        families.setdefault(contract.family, []).append(contract)
    pages = {f"docs/reference/events/{family}.md": _page(family, found) for family, found in families.items()}
    return {INDEX: _index(families), **pages}


def _index(families: dict[str, list[Contract]]) -> str:
    events = sum(len({c.event for c in found}) for found in families.values())
    lines = [
        "# Events",
        "",
        f"{NOTE} {events} events in {len(families)} families; each links to its fields and examples.",
        "",
        "What every event carries around its payload is in the envelopes, `contracts/envelope/`. "
        "Classes of personal data: *none*; *pseudonym*, an id that stands for one person; *free text*, which people "
        "write and which is redacted at ingest.",
    ]
    for family, found in families.items():
        lines += ["", f"## {family}", "", "| event | emitted by | owner | meaning |", "|---|---|---|---|"]
        for c in found:
            link = f"[`{c.event}`](events/{family}.md#{_anchor(c)})"
            lines.append(f"| {link} v{c.v} | {c.emitted_by} | {c.owner} | {c.description} |")
    return "\n".join(lines) + "\n"


def _page(family: str, contracts: list[Contract]) -> str:
    lines = [f"# Events: {family}", "", f"{NOTE} `*` marks required fields. [All events](../events.md)"]
    for contract in contracts:
        lines += ["", *_event(contract)]
    return "\n".join(lines) + "\n"


def _anchor(contract: Contract) -> str:
    """The anchor that a Markdown renderer gives the event's heading."""
    return f"{contract.event.replace('.', '')}-v{contract.v}"


def _event(contract: Contract) -> Iterator[str]:
    yield f"## `{contract.event}` v{contract.v}"
    yield ""
    yield contract.description
    yield ""
    yield f"Emitted by {contract.emitted_by}, owned by {contract.owner}, since {contract.since}."
    yield ""
    rows = [*_ids(contract), *_money(contract), *map(_row, contract.fields)]
    if rows:
        yield "| field | type | personal data | meaning |"
        yield "|---|---|---|---|"
        yield from rows
    else:
        yield "No fields of its own."
    for rule in contract.rules:
        yield ""
        yield _rule(rule)
    yield ""
    yield "```json"
    yield json.dumps(contract.examples[0], ensure_ascii=False)
    yield "```"
    yield ""
    yield "Refused, for example: " + "; ".join(_refusals(contract)) + "."


def _ids(contract: Contract) -> Iterator[str]:
    for name, is_required in contract.ids.items():
        schema = contract.schema["properties"]["ids"]["properties"][name]
        yield f"| `ids.{name}`{'*' if is_required else ''} | {_text(schema)} | none | {schema['description']} |"


def _money(contract: Contract) -> Iterator[str]:
    if "money" in contract.schema["required"]:
        meaning = contract.schema["properties"]["money"]["description"]
        yield f"| `money`* | `amount_cents` integer ≥ 0, `currency` three letters | none | {meaning} |"


def _row(field: Field) -> str:
    star = "*" if field.is_required else ""
    return f"| `payload.{field.name}`{star} | {_kind(field.schema, field.type)} | {PII[field.pii]} | {field.description} |"


def _kind(schema: Any, kind: str) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if kind == "array":
        most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"array of {schema.get('items', {}).get('type', 'anything')}{most}"
    if kind == "object":
        return "object, name to scalar" if isinstance(schema.get("additionalProperties"), dict) else "object"
    return _text(schema) if kind == "string" else " ".join([kind, *_bounds(schema)])


def _text(schema: Any) -> str:
    if "pattern" in schema:
        return f"text like `{schema['pattern']}`"
    if "maxLength" not in schema:
        return "text"
    return f"text, {schema.get('minLength', 0)}–{schema['maxLength']} characters"


def _bounds(schema: Any) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and abs(low) < WIDEST:
        yield f"≥ {low}"
    if high is not None and abs(high) < WIDEST:
        yield f"≤ {high}"


def _rule(rule: dict[str, Any]) -> str:
    if "sum" in rule:
        return f"`{rule['total']}` must be the sum of {', '.join(f'`{part}`' for part in rule['sum'])}."
    left, right = rule["equal"]
    return f"`{left}` and `{right}` must be equal where both are there."


def _refusals(contract: Contract) -> list[str]:
    return list(dict.fromkeys(f"`{bad['code']}` at `{bad['path']}`" for bad in contract.invalid_examples))
