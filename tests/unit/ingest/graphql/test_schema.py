"""The GraphQL schema says what the envelope says."""

from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLNonNull, build_schema

from rastup.contracts.registry import load_registry

REGISTRY = load_registry()
SCHEMA = build_schema((REGISTRY.root / "graphql" / "schema.graphql").read_text())
ENVELOPE = REGISTRY.envelopes["domain"]


def of_input(name: str) -> GraphQLInputObjectType:
    found = SCHEMA.get_type(name)
    assert isinstance(found, GraphQLInputObjectType)
    return found


def test_an_event_has_the_fields_of_the_envelope() -> None:
    fields = of_input("EventInput").fields
    assert set(fields) == set(ENVELOPE["properties"]) - {"received_at"}
    required = {name for name, field in fields.items() if isinstance(field.type, GraphQLNonNull)}
    assert required == set(ENVELOPE["required"]) - {"ids"}  # empty when absent


def test_its_closed_parts_have_the_envelopes_too() -> None:
    for part in ("device", "money", "app", "geo", "page", "campaign"):
        assert set(of_input(f"{part.capitalize()}Input").fields) == set(
            ENVELOPE["properties"][part]["properties"]
        )
