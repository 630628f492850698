"""`rastup.client.events`: a function an event, with a keyword argument a field, in the form that `ruff format` gives it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from rastup.contracts.generation.parameters import Parameter, function_name, parameters
from rastup.contracts.registry import Contract, Registry

PATH = "src/rastup/client/events.py"
WIDTH = 110
HEAD = '''"""Every event as a function that makes it: `events.search_save(query_hash="9f8e7d6c")`, for `Client.send`.

Generated from `contracts/` by `rastup contracts generate`; edit the contract instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from rastup.client.event import Event, Scalar, event_of
'''
TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def python_files(registry: Registry) -> dict[str, str]:
    """The module of constructors: path below the project's root, and text."""
    functions = [
        "\n".join(_function(contract, versions[-1].v))
        for versions in registry.by_event().values()
        for contract in versions
    ]
    return {PATH: "\n\n\n".join([HEAD.rstrip(), *functions]) + "\n"}


def _function(contract: Contract, newest: int) -> Iterator[str]:
    given = parameters(contract)
    name = function_name(contract, newest)
    if given:
        yield f"def {name}("
        yield "    *,"
        yield from (f"    {p.name}: {_annotation(p)}," for p in given)
        yield ") -> Event:"
    else:
        yield f"def {name}() -> Event:"
    yield from _docstring(contract, given)
    yield from _call(contract, given)


def _docstring(contract: Contract, given: list[Parameter]) -> Iterator[str]:
    about = f"`{contract.event}` v{contract.v}: {contract.description}"
    first, *rest = textwrap.wrap(_plain(about), WIDTH - 7)
    yield f'    """{first}' + ("" if rest or given else '"""')
    yield from (f"    {line}" for line in rest)
    if given:
        yield ""
        yield "    Args:"
        for p in given:
            yield from textwrap.wrap(
                f"{p.name}: {_plain(p.description)}",
                WIDTH,
                initial_indent=" " * 8,
                subsequent_indent=" " * 12,
            )
    if rest or given:
        yield '    """'


def _call(contract: Contract, given: list[Parameter]) -> Iterator[str]:
    yield "    return event_of("
    yield f'        "{contract.event}",'
    yield f"        {contract.v},"
    for place in ("ids", "money", "payload"):
        there = [p for p in given if place in p.places]
        if there:
            yield f"        {place}={{"
            yield from (f'            "{p.field}": {p.name},' for p in there)
            yield "        },"
    yield "    )"


def _annotation(parameter: Parameter) -> str:
    kind = _type(parameter.schema)
    return kind if parameter.is_required else f"{kind} | None = None"


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"Literal[{', '.join(_literal(value) for value in schema['enum'])}]"
    if schema.get("format") == "date-time":
        return "datetime | str"
    match schema.get("type", "string"):
        case "array":
            return f"Sequence[{_type(schema['items'])}]"
        case "object":
            return "Mapping[str, Scalar]"
        case str(kind):
            return TYPES[kind]
        case kinds:
            return " | ".join("None" if kind == "null" else TYPES[kind] for kind in kinds)


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _plain(text: str) -> str:
    """Text as a docstring may hold it."""
    return text.replace("\\", "\\\\").replace('"""', "'''")
