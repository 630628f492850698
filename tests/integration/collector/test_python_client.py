"""The Python client against the real collector: every event of the catalogue, made by its constructor, stored once."""

from __future__ import annotations

from tests.integration.collector.conftest import Collector

from rastup.client import Client, Rejection, events
from rastup.contracts.generation.parameters import function_name, parameters
from rastup.contracts.registry import load_registry

REGISTRY = load_registry()


def test_every_event_of_the_catalogue_arrives_once(collector: Collector) -> None:
    rejected: list[Rejection] = []
    sent: dict[str, str] = {}
    with Client(collector.url, collector.key, city="houston", on_rejected=rejected.append) as client:
        for contract in REGISTRY.contracts:
            example = contract.examples[0]
            make = getattr(events, function_name(contract, REGISTRY.versions(contract.event)[-1]))
            values = {**example["ids"], **example.get("money", {}), **example["payload"]}
            names = {p.field: p.name for p in parameters(contract)}
            event = make(**{names[field]: value for field, value in values.items()})
            sent[client.send(event, anon_id="an_1", role="admin")] = contract.event
    assert rejected == []
    stored = [(r["event_id"], r["event"]) for r in collector.spooled() if r.get("event_id") in sent]
    assert sorted(stored) == sorted(sent.items())
    assert all(r.get("schema_flags") is None for r in collector.spooled() if r.get("event_id") in sent)


def test_what_the_collector_rejects_is_told_to_the_sender(collector: Collector) -> None:
    rejected: list[Rejection] = []
    with Client(collector.url, collector.key, on_rejected=rejected.append) as client:
        bad = client.send(
            events.review_create(
                leg_id="leg_1", review_id="rev_1", rating=6, target_type="buyer", target_id="usr_1"
            )
        )
    [why] = rejected
    assert (why.event_id, why.code, why.path) == (bad, "EVENT_SCHEMA_INVALID", "$.payload.rating")
