"""`rastup.client.events`: a function an event, with a keyword argument a field, in the form that `ruff format` gives it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rastup.contracts.generation.parameters import Parameter, function_name, parameters
from rastup.contracts.registry import Contract, Registry, is_flat

PATH = "src/rastup/client/events.py"
WIDTH = 110
HEAD = '''"""Every event as a function that makes it: `events.search_save(query_hash="9f8e7d6c")`, for `Client.send`.

Generated from `contracts/` by `rastup contracts generate`; edit the contract instead.
"""

from __future__ import annotations

'''
MODULES = {
    "collections.abc": ("Mapping", "Sequence"),
    "datetime": ("datetime",),
    "typing": ("Any", "Literal"),
    "rastup.client.event": ("Event", "Scalar", "event_of"),
}
_QUOTED = re.compile(r"""(["'])(?:\\.|(?!\1).)*\1""")
TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def python_files(registry: Registry) -> dict[str, str]:
    """The module of constructors: path below the project's root, and text."""
    functions = [
        "\n".join(_function(contract, versions[-1].v))
        for versions in registry.by_event().values()
        for contract in versions
    ]
    body = "\n\n\n".join(functions)
    contracts = registry.contracts
    kinds = {_annotation(parameter) for contract in contracts for parameter in parameters(contract)}
    return {PATH: "\n\n\n".join([HEAD + _imports(kinds), body]) + "\n"}


def _imports(kinds: Iterable[str]) -> str:
    """Imports of what the annotations name, as isort orders them."""
    words = {word for kind in kinds for word in re.findall(r"\w+", _QUOTED.sub("", kind))} | {
        "Event",
        "event_of",
    }
    lines = []
    for module, names in MODULES.items():
        if used := [name for name in names if name in words]:
            lines.append(f"from {module} import {', '.join(used)}")
    *standard, own = lines
    return "\n".join([*standard, *([""] if standard else []), own])


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
    match schema.get("type"):
        case None:
            return "Any"
        case "array":
            return f"Sequence[{_type(schema.get('items', {}))}]"
        case "object":
            return f"Mapping[str, {'Scalar' if is_flat(schema) else 'Any'}]"
        case str(kind):
            return TYPES[kind]
        case kinds:
            return " | ".join(_type({**schema, "type": kind}) for kind in kinds)


def _literal(value: Any) -> str:
    is_easy = isinstance(value, str) and '"' not in value
    return json.dumps(value, ensure_ascii=False) if is_easy else repr(value)


def _plain(text: str) -> str:
    """Text as a docstring may hold it."""
    return text.replace("\\", "\\\\").replace('"""', "'''")
