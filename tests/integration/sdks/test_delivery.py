"""Public SDKs as they are published, over a network with every fault: each message is one event, and means what was said."""

from __future__ import annotations

import json

import pytest
from tests import npm
from tests.integration.sdks import node
from tests.integration.sdks.conftest import Delivery
from tests.integration.sdks.proxy import EVERY_FAULT
from tests.integration.sdks.senders import EVENTS, MISSPELT, SENDERS, USER, VISITOR

from rastup.contracts.people import prefixed

NAMES = [*SENDERS, *(pytest.param(name, marks=pytest.mark.slow) for name in node.PACKAGES)]
PACKED = {"segment", "rudder", "posthog v0", "posthog v1", "rudder node"}
USER_ID, ANON_ID = prefixed(USER, "usr_"), prefixed(VISITOR, "an_")


@pytest.fixture(params=NAMES)
def named(request: pytest.FixtureRequest) -> tuple[str, Delivery]:
    fixture = "node_deliveries" if request.param in node.PACKAGES else "deliveries"
    found = request.getfixturevalue(fixture)
    if request.param not in found:
        pytest.skip(npm.missing() or "npm could not install the library")
    return request.param, found[request.param]


@pytest.fixture
def delivery(named: tuple[str, Delivery]) -> Delivery:
    return named[1]


def test_every_message_is_stored_once_whatever_the_network_did(delivery: Delivery) -> None:
    assert [error for error in delivery.failures if not getattr(error, "drops", None)] == []
    assert delivery.proxy.faults_left == 0
    assert len(delivery.proxy.requests) > len(EVERY_FAULT)
    assert sorted(r["payload"]["results"] for r in delivery.of("search.query")) == [*range(EVENTS + 1)]
    ids = [record["event_id"] for record in delivery.records]
    assert len(ids) == len(set(ids)) == EVENTS + 3


def test_known_and_unknown_people_are_told_apart(delivery: Delivery) -> None:
    searches = {r["payload"]["results"]: r for r in delivery.of("search.query")}
    unknown = searches.pop(EVENTS)
    assert {r.get("user_id") for r in searches.values()} == {USER_ID}
    assert ("user_id" in unknown, unknown["anon_id"]) == (False, ANON_ID)


def test_identify_and_alias_become_links_without_the_profile(named: tuple[str, Delivery]) -> None:
    name, delivery = named
    links = {(r["payload"]["user_id"], r["payload"]["anon_id"]) for r in delivery.of("identity.link")}
    if name.startswith("snowplow"):  # it has no such calls; the events are sent as they are
        assert links == {("usr_1", "an_1"), ("usr_1", "an_2")}
    else:
        assert links == {(USER_ID, ANON_ID), (USER_ID, prefixed("earlier-visitor", "an_"))}
    assert "jane@example.com" not in json.dumps([delivery.records, delivery.bad])


def test_a_name_that_no_contract_knows_is_kept_aside_once_with_the_nearest(delivery: Delivery) -> None:
    (bad,) = delivery.bad
    assert (bad["code"], bad["event"]) == ("EVENT_UNKNOWN", MISSPELT)
    assert "did you mean search.query" in bad["message"]
    assert bad["path"] in ("$.event", "$.se_ac")


def test_posthogs_newer_wire_tells_its_client_of_each_event_that_was_kept_aside(
    deliveries: dict[str, Delivery],
) -> None:
    (error,) = deliveries["posthog v1"].failures
    ((uuid, details),) = error.drops
    (bad,) = deliveries["posthog v1"].bad
    assert uuid == json.loads(bad["raw"])["uuid"]
    assert details.startswith(
        "EVENT_UNKNOWN $.event: no contract knows this event; did you mean search.query?"
    )


def test_bodies_came_packed_where_the_library_packs(named: tuple[str, Delivery]) -> None:
    name, delivery = named
    encodings = {request.header("content-encoding") for request in delivery.proxy.requests}
    assert encodings == ({"gzip"} if name in PACKED else {None})


def test_no_key_is_stored(delivery: Delivery) -> None:
    assert "rk_sec" not in json.dumps([delivery.records, delivery.bad])
