"""How to send an event, to copy: with curl, the Python client and TypeScript, from an example of its contract."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rastup.contracts.generation.parameters import function_name, parameters
from rastup.contracts.registry import Contract
from rastup.core.config import IngestConfig

_WIDTH = 96
_NOW = "@now@"
_ABOUT = ("user_id", "anon_id", "session_id", "city")


@dataclass(frozen=True)
class Snippet:
    """A title, an id for the page, and the text."""

    title: str
    id: str
    text: str
    note: str


def snippets(contract: Contract, newest: int, ingest: IngestConfig) -> tuple[Snippet, ...]:
    """curl, Python, TypeScript. `newest` is the event's newest version."""
    if not contract.examples:
        return ()
    example = {
        key: value for key, value in contract.examples[0].items() if key not in ("event_id", "received_at")
    }
    url = ingest.url
    return (
        Snippet("curl", "curl", _curl(example, url), "KEY is a write key: rastup keys create."),
        Snippet("Python", "python", _python(contract, newest, example, url), "The client comes with rastup."),
        Snippet(
            "TypeScript",
            "typescript",
            _typescript(example, url),
            "The types are clients/typescript/rastup-events.d.ts.",
        ),
    )


def _curl(example: Mapping[str, Any], url: str) -> str:
    # The shell puts the present moment between two quoted pieces.
    before, _, after = shlex.quote(_json(example)).partition(_NOW)
    body = f"{before}'\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"'{after}"
    headers = ("Authorization: Bearer $KEY", "Content-Type: application/json")
    said = "".join(f'  -H "{header}" \\\n' for header in headers)
    return f"curl -sS {url}/collect \\\n{said}  -d {body}\n"


def _python(contract: Contract, newest: int, example: Mapping[str, Any], url: str) -> str:
    given = [
        f"{p.name}={value!r}"
        for p in parameters(contract)
        if (value := _value(example, p.field, p.places)) is not None
    ]
    about = [f"{name}={example[name]!r}" for name in _ABOUT if name in example]
    about.append(f"role={example['context']['role']!r}")
    made = _call(f"events.{function_name(contract, newest)}", given, 8)
    sent = _call("client.send", [made, *about], 4)
    return (
        "import os\n\nfrom rastup.client import Client, events\n\n"
        f'with Client({json.dumps(url)}, key=os.environ["KEY"]) as client:\n    {sent}\n'
    )


def _json(example: Mapping[str, Any]) -> str:
    """The example as JSON, happening now."""
    return json.dumps({**example, "occurred_at": _NOW}, indent=2, ensure_ascii=False)


def _value(example: Mapping[str, Any], field: str, places: tuple[str, ...]) -> Any:
    return next((example[place][field] for place in places if field in example.get(place, {})), None)


def _call(name: str, arguments: list[str], indent: int) -> str:
    flat = f"{name}({', '.join(arguments)})"
    if len(flat) + indent <= _WIDTH and "\n" not in flat:
        return flat
    inner = "".join(f"{' ' * (indent + 4)}{argument},\n" for argument in arguments)
    return f"{name}(\n{inner}{' ' * indent})"


def _typescript(example: Mapping[str, Any], url: str) -> str:
    body = _json(example).replace(f'"{_NOW}"', "new Date().toISOString()", 1)
    return (
        'import type { RastupEvent } from "./rastup-events";\n\n'
        f"const event: RastupEvent = {body};\n\n"
        f'await fetch("{url}/collect", {{\n  method: "POST",\n'
        '  headers: { Authorization: `Bearer ${process.env.KEY}`, "Content-Type": "application/json" },\n'
        "  body: JSON.stringify(event),\n});\n"
    )
