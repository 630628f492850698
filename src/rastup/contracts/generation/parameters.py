"""What a sender gives to make an event: the ids, the money and the payload fields of a contract as one list of names.

An id or an amount that the contract wants in two places (`ids.leg_id` and `payload.leg_id`) is given once.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rastup.contracts.registry import Contract

WIDEST = 2**53 - 1
"""The bound of integers that mean no bound: what a double holds exactly."""
MONEY: dict[str, dict[str, Any]] = {
    "amount_cents": {"type": "integer", "minimum": 0},
    "currency": {"type": "string", "description": "Currency of the amount, three letters of ISO 4217."},
}


@dataclass(frozen=True)
class Parameter:
    """One value that a sender gives.

    Attributes:
        name: a Python identifier; a field whose name is a keyword gets an underscore.
        field: its name in the event.
        places: `ids`, `money` and `payload`: where it goes.
    """

    name: str
    field: str
    schema: Mapping[str, Any]
    is_required: bool
    description: str
    places: tuple[str, ...]


def parameters(contract: Contract) -> list[Parameter]:
    """The parameters of a contract, required ones first, else in the contract's order."""
    found: dict[str, Parameter] = {}
    schemas = contract.schema["properties"]
    for name, is_required in contract.ids.items():
        _add(found, name, schemas["ids"]["properties"][name], is_required, "ids")
    if "money" in contract.schema["required"]:
        for name, schema in MONEY.items():
            words = schema.get("description") or schemas["money"]["description"]
            _add(found, name, {**schema, "description": words}, True, "money")
    for field in contract.fields:
        _add(found, field.name, field.schema, field.is_required, "payload")
    return sorted(found.values(), key=lambda p: not p.is_required)


def _add(
    found: dict[str, Parameter], field: str, schema: Mapping[str, Any], is_required: bool, place: str
) -> None:
    before = found.get(field)
    found[field] = Parameter(
        name=f"{field}_" if keyword.iskeyword(field) else field,
        field=field,
        schema=schema,
        is_required=is_required or (before is not None and before.is_required),
        description=str(schema.get("description", "")),
        places=(*(before.places if before else ()), place),
    )


def function_name(contract: Contract, newest: int) -> str:
    """`search_query`; of an older version `search_query_v1`."""
    name = contract.event.replace(".", "_")
    return name if contract.v == newest else f"{name}_v{contract.v}"
