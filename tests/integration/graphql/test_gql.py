"""The public client `gql` against a running collector."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.dsl import DSLMutation, DSLSchema, dsl_gql
from gql.transport.exceptions import TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXAsyncTransport, HTTPXTransport
from graphql import build_schema, lexicographic_sort_schema, print_schema
from tests.integration.graphql.conftest import App, token

SDL = (Path(__file__).parents[3] / "contracts" / "graphql" / "schema.graphql").read_text()
ONE = "mutation One($input: EventInput!) { publishEvent(input: $input) { event_id status } }"
MANY = """mutation Many($inputs: [EventInput!]!) {
      publishEvents(inputs: $inputs) {
        accepted duplicates quarantined results { index event_id status code path message }
      }
    }"""
numbers = itertools.count(1)


def event(**changed: Any) -> dict[str, Any]:
    """An event of nobody else's, as the app sends it: JSON as text."""
    return {
        "event": "search.query",
        "v": 1,
        "occurred_at": "2026-11-06T15:24:18.123Z",
        "anon_id": f"an_g{next(numbers)}",
        "context": json.dumps({"role": "guest"}),
        "payload": json.dumps({"query_hash": "0a1b2c3d", "results": 3}),
        **changed,
    }


def published(given: dict[str, Any]) -> GraphQLRequest:
    return GraphQLRequest(ONE, variable_values={"input": given})


def one(app: App, given: dict[str, Any]) -> dict[str, Any]:
    with app.client() as session:
        answer: dict[str, Any] = session.execute(published(given))["publishEvent"]
        return answer


def test_an_event_is_on_disk_before_the_answer(app: App) -> None:
    more = {"device": {"os": "iOS", "app_ver": "7.1"}, "campaign": {"utm_source": "mail", "utm_medium": None}}
    given = event(user_id="usr_1", session_id="ses_1", city="houston", **more)
    answer = one(app, given)
    (record,) = app.stored(given["anon_id"])
    assert answer == {"event_id": record["event_id"], "status": "accepted"}
    assert record["payload"] == {"query_hash": "0a1b2c3d", "results": 3} and record["ids"] == {}
    assert record["context"] == {"role": "guest", "env": "prod", "source": "ios"}
    assert record["device"] == {"os": "iOS", "app_ver": "7.1"}
    assert record["campaign"] == {"utm_source": "mail"}


def test_the_same_event_again_is_a_duplicate(app: App) -> None:
    given = event()
    first, second = one(app, given), one(app, given)
    assert first == {**second, "status": "accepted"} and second["status"] == "duplicate"
    assert len(app.stored(given["anon_id"])) == 1


def test_a_refused_event_is_an_error_that_says_where(app: App) -> None:
    given = event(payload=json.dumps({"query_hash": "0a1b2c3d", "results": -1}))
    with pytest.raises(TransportQueryError) as refusal:
        one(app, given)
    (error,) = refusal.value.errors or ()
    assert error["errorType"] == "EVENT_SCHEMA_INVALID" and error["path"] == ["publishEvent"]
    assert error["errorInfo"]["path"] == "$.payload.results" and error["errorInfo"]["status"] == "quarantined"
    assert error["locations"] == [{"line": 2, "column": 3, "sourceName": None}] and error["data"] is None
    assert refusal.value.data == {"publishEvent": None}
    assert app.stored(given["anon_id"]) == []
    assert any(
        given["anon_id"] in record["_bad"]["raw"] for record in app.collector.spooled() if "_bad" in record
    )


def test_each_of_several_has_a_result_of_its_own(app: App) -> None:
    good, again = event(), event()
    bad = event(event="search.qery")
    with app.client() as session:
        session.execute(published(again))
        answer = session.execute(GraphQLRequest(MANY, variable_values={"inputs": [good, bad, again]}))[
            "publishEvents"
        ]
    assert [answer[name] for name in ("accepted", "duplicates", "quarantined")] == [1, 1, 1]
    assert [result["status"] for result in answer["results"]] == ["accepted", "quarantined", "duplicate"]
    assert (
        answer["results"][1]["code"] == "EVENT_UNKNOWN" and "search.query" in answer["results"][1]["message"]
    )
    assert len(app.stored(good["anon_id"])) == 1


def test_json_may_be_text_an_object_or_a_literal(app: App) -> None:
    as_object = event(context={"role": "guest"}, payload={"query_hash": "0a1b2c3d", "filters": {"city": "x"}})
    assert one(app, as_object)["status"] == "accepted"
    literal = gql(
        """mutation { publishEvent(input: {event: "search.query", v: 1, occurred_at: "2026-11-06T15:24:18Z",
        anon_id: "an_literal", context: {role: "guest"}, ids: null,
        payload: {query_hash: "0a1b2c3d", results: 4}}) { status } }"""
    )
    with app.client() as session:
        assert session.execute(literal) == {"publishEvent": {"status": "accepted"}}
    assert app.stored("an_literal")[0]["payload"] == {"query_hash": "0a1b2c3d", "results": 4}


def test_the_clients_own_schema_check_accepts_the_contract(app: App) -> None:
    with app.client(schema=SDL) as session:
        session.execute(published(event()))


def test_introspection_tells_the_schema_that_is_in_the_contracts(app: App) -> None:
    with app.client(fetch_schema_from_transport=True) as session:
        told = session.client.schema
    assert told is not None
    expected = lexicographic_sort_schema(build_schema(SDL))
    assert print_schema(lexicographic_sort_schema(told)) == print_schema(expected)


def test_documents_made_by_the_client_work(app: App) -> None:
    with app.client(fetch_schema_from_transport=True) as session:
        assert session.client.schema is not None
        schema = DSLSchema(session.client.schema)
        field = schema.Mutation.publishEvent(input=event()).select(schema.PublishedEvent.status)
        assert session.execute(dsl_gql(DSLMutation(field))) == {"publishEvent": {"status": "accepted"}}


def test_several_at_once_over_one_connection(app: App) -> None:
    given = [event() for _ in range(40)]

    async def send() -> list[Any]:
        headers = {"Authorization": token()}  # without `Bearer`, as AppSync's own clients send it
        transport = HTTPXAsyncTransport(url=app.url, headers=headers)
        async with Client(transport=transport, execute_timeout=20) as session:
            return await asyncio.gather(*(session.execute(published(one)) for one in given))

    assert [answer["publishEvent"]["status"] for answer in asyncio.run(send())] == ["accepted"] * 40
    stored = {record.get("anon_id") for record in app.collector.spooled()}
    assert stored.issuperset(one["anon_id"] for one in given)


def test_a_stranger_is_told_so_as_appsync_does(app: App) -> None:
    transport = HTTPXTransport(url=app.url, headers={"Authorization": f"Bearer {token(aud='other')}"})
    with (
        pytest.raises((TransportServerError, TransportQueryError)) as refusal,
        Client(transport=transport) as session,
    ):
        session.execute(published(event()))
    assert "UnauthorizedException" in str(getattr(refusal.value, "errors", "")) or "401" in str(refusal.value)
