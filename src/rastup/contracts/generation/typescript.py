"""`clients/typescript/rastup-events.d.ts`: the domain envelope, and each event's ids and payload, as TypeScript types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rastup.contracts.registry import Contract, Registry, is_flat

PATH = "clients/typescript/rastup-events.d.ts"
TYPES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
HEAD = """// Types of every event in the domain dialect, as `POST /collect` takes them.
// Generated from `contracts/` by `rastup contracts generate`; edit the contract instead.

export type Scalar = string | number | boolean | null;

/** The one amount that an event is about. */
export interface Money {
  /** In cents of the currency, an integer of at least 0. */
  amount_cents: number;
  /** Three letters of ISO 4217. */
  currency: string;
}

/** What every event carries around its ids and payload. */
export interface Envelope<Name extends string, Version extends number> {
  /** `evt_` and a ULID; give one, so that a retry is the same event. */
  event_id?: `evt_${string}`;
  event: Name;
  /** Version of the event's contract. */
  v: Version;
  /** When it happened, RFC 3339. */
  occurred_at: string;
  user_id?: `usr_${string}`;
  anon_id?: `an_${string}`;
  session_id?: `ses_${string}`;
  /** Code of the city, for example `houston`. */
  city?: string;
  device?: { ua_hash?: string; os?: string; app_ver?: string };
  context: { role: "buyer" | "seller" | "studio_owner" | "admin" | "guest"; [name: string]: unknown };
}
"""


def typescript_files(registry: Registry) -> dict[str, str]:
    """The declarations: path below the project's root, and text."""
    parts = [HEAD.rstrip()]
    parts += ["\n".join(_interface(contract)) for contract in registry.contracts]
    parts += ["\n".join(_map(registry)), _UNIONS]
    return {PATH: "\n\n".join(parts) + "\n"}


_UNIONS = """/** Any event in any of its versions. */
export type RastupEvent = { [Name in keyof Events]: Events[Name] }[keyof Events];

/** The names of all events. */
export type EventName = RastupEvent["event"];"""


def _map(registry: Registry) -> Iterator[str]:
    yield "/** Every event by name and version. */"
    yield "export interface Events {"
    for contract in registry.contracts:
        yield f'  "{contract.event}.v{contract.v}": {type_name(contract)};'
    yield "}"


def type_name(contract: Contract) -> str:
    """`SearchCardClickV1`."""
    words = contract.event.replace("_", ".").split(".")
    return "".join(word.capitalize() for word in words) + f"V{contract.v}"


def _interface(contract: Contract) -> Iterator[str]:
    schemas = contract.schema["properties"]
    yield f"/** {_comment(contract.description)} Emitted by {contract.emitted_by}. */"
    yield f'export interface {type_name(contract)} extends Envelope<"{contract.event}", {contract.v}> {{'
    yield from _members("ids", schemas.get("ids", {}), "string")
    is_money = "money" in contract.schema["required"]
    if is_money:
        yield f"  /** {_comment(schemas['money']['description'])} */"
    yield f"  money{'' if is_money else '?'}: Money;"
    yield from _members("payload", schemas["payload"], "unknown")
    yield "}"


def _members(name: str, schema: Mapping[str, Any], others: str) -> Iterator[str]:
    """An object that is open: names that the contract does not know are taken, with values of type `others`."""
    required = set(schema.get("required", []))
    fields = schema.get("properties", {})
    yield f"  {name}: {{"
    for field, below in fields.items():
        yield f"    /** {_comment(below['description'])} */"
        yield f"    {field}{'' if field in required else '?'}: {_type(below)};"
    # With an index signature, an optional member may be undefined.
    is_loose = others == "string" and set(fields) - required
    yield f"    [name: string]: {others}{' | undefined' if is_loose else ''};"
    yield "  };"


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    pattern = str(schema.get("pattern", ""))
    if pattern.startswith("^") and pattern.endswith("_[A-Za-z0-9]+$"):
        return f"`{pattern[1:].removesuffix('[A-Za-z0-9]+$')}${{string}}`"
    match schema.get("type"):
        case None:
            return "unknown"
        case "array":
            return f"Array<{_type(schema.get('items', {}))}>"
        case "object":
            return f"Record<string, {'Scalar' if is_flat(schema) else 'unknown'}>"
        case str(kind):
            return TYPES[kind]
        case kinds:
            return " | ".join(_type({**schema, "type": kind}) for kind in kinds)


def _comment(text: str) -> str:
    return text.replace("*/", "* /")
