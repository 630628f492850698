"""The server by itself: what a literal with variables comes to, and how much is said of a document full of faults."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import orjson
import pytest

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.ingest.admission import Admission, Stamp
from rastup.ingest.collector.intake import Taken
from rastup.ingest.graphql import server as served
from rastup.ingest.graphql.server import GraphqlServer

SERVER = GraphqlServer(load_registry())
INLINE = (
    'publishEvent(input: {event: "search.query", v: 1, occurred_at: "2026-11-06T15:24:18Z", '
    'context: {role: "guest"}, payload: PAYLOAD}) { status }'
)


def answer(text: str, variables: Any = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is answered, and the records that were published."""
    published: list[dict[str, Any]] = []

    async def publish(records: list[dict[str, Any]]) -> Taken:
        published.extend(records)
        results = [{"index": 0, "event_id": None, "status": "accepted"}]
        return Taken(accepted=len(records), results=results)

    body = orjson.dumps({"query": text, "variables": variables})
    return orjson.loads(asyncio.run(SERVER.execute(body, publish))), published


@pytest.mark.parametrize(
    ("declared", "payload", "variables", "expected"),
    [
        ("$p: String", "{query_hash: $p, results: 1}", {"p": "0a"}, {"query_hash": "0a", "results": 1}),
        ("$p: String", "{query_hash: $p, results: 1}", {}, {"results": 1}),
        ("$p: String", "{query_hash: $p, results: 1}", {"p": None}, {"query_hash": None, "results": 1}),
        ('$p: String = "d"', "{a: {b: $p}}", None, {"a": {"b": "d"}}),
        ("$p: Int", "{a: [1, $p]}", {"p": 2}, {"a": [1, 2]}),
        ("$p: Int", "{a: [1, $p]}", None, {"a": [1, None]}),
        ("$p: AWSJSON", "{a: $p}", {"p": '{"b": [1.5]}'}, {"a": {"b": [1.5]}}),
        ("$p: AWSJSON", "{a: $p}", {"p": {"b": True}}, {"a": {"b": True}}),
        ("$p: MoneyInput", "{a: $p}", {"p": {"amount_cents": 1, "currency": "USD"}},
         {"a": {"amount_cents": 1, "currency": "USD"}}),
        ("$p: AWSJSON!", "$p", {"p": '{"b": 1}'}, {"b": 1}),
    ],
)  # fmt: skip
def test_variables_within_literals_have_their_values(
    declared: str, payload: str, variables: Any, expected: Any
) -> None:
    text = f"mutation ({declared}) {{ {INLINE.replace('PAYLOAD', payload)} }}"
    told, (record,) = answer(text, variables)
    assert told == {"data": {"publishEvent": {"status": "accepted"}}}
    assert record["payload"] == expected


def test_what_is_deeper_than_json_goes_is_said() -> None:
    text = f"mutation ($p: AWSJSON) {{ {INLINE.replace('PAYLOAD', '{a: {b: {c: $p}}}')} }}"
    told, published = answer(text, {"p": '{"a":' * 1_000 + "1" + "}" * 1_000})
    assert not published
    assert [error["errorType"] for error in told["errors"]] == ["ValidationError"]


def test_a_variable_that_is_not_declared_is_named() -> None:
    told, published = answer("mutation { " + INLINE.replace("PAYLOAD", "{a: $p}") + " }")
    assert not published
    assert [error["errorType"] for error in told["errors"]] == ["ValidationError"]
    assert "$p" in told["errors"][0]["message"]


ADMISSION = Admission(Validator(load_registry()))
EVENT = {
    "event": "search.query",
    "v": 1,
    "occurred_at": "2026-11-06T15:24:18Z",
    "context": {"role": "guest", "page_kind": "call 212 555 0134"},
    "ids": {"note_id": "212-555-0134"},
    "payload": {"query_hash": "0a1b2c3d", "results": 1, "extra": "jane@example.com"},
}


def admitted(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What becomes of them, one after the other."""
    stamp = Stamp("2026-11-06T15:24:19.000Z", "prod", "app")
    return [orjson.loads(ADMISSION.admit(record, stamp)) for record in records]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declared", "inputs", "variables"),
    [
        ("$e: EventInput!", "[$e, $e]", {"e": EVENT}),
        (
            "$c: AWSJSON!, $i: AWSJSON, $p: AWSJSON!",
            "[{0}, {0}]".format(
                '{event: "search.query", v: 1, occurred_at: "2026-11-06T15:24:18Z", context: $c, ids: $i, payload: $p}'
            ),
            {"c": EVENT["context"], "i": EVENT["ids"], "p": EVENT["payload"]},
        ),
    ],
)
def test_a_variable_that_stands_for_two_inputs_makes_each_what_it_is_alone(
    declared: str, inputs: str, variables: dict[str, Any]
) -> None:
    text = f"mutation ({declared}) {{ publishEvents(inputs: {inputs}) {{ accepted }} }}"
    _, records = answer(text, variables)
    (alone,) = admitted([orjson.loads(orjson.dumps(EVENT))])
    assert admitted(records) == [alone, alone]


FAULTY = [
    "{ publishEvent(input: {" + " ".join(f"occurred_a{n}: 1" for n in range(1300)) + "}) { event_id } }",
    "{ publishEvent(" + " ".join(f"inpu{n}: 1" for n in range(1300)) + ") { event_id } }",
    "{ publishEvent { " + " ".join(f"event_i{n}" for n in range(190)) + " } }",
]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names for which others were sought that resemble them: each search costs milliseconds."""
    found: list[str] = []
    distance = sys.modules["graphql.pyutils.suggestion_list"].LexicalDistance
    begin = distance.__init__

    def told(self: Any, name: str) -> None:
        found.append(name)
        begin(self, name)

    monkeypatch.setattr(distance, "__init__", told)
    return found


@pytest.mark.parametrize("text", FAULTY)
def test_a_document_full_of_faults_is_told_of_the_first_ones(text: str, compared: list[str]) -> None:
    told, published = answer("mutation " + text)
    assert not published and told["data"] is None
    assert len(told["errors"]) == served.MOST_ERRORS + 1
    assert "limit reached" in told["errors"][-1]["message"]
    assert compared == []


def test_variables_full_of_faults_are_told_of_the_first_ones(compared: list[str]) -> None:
    inputs = [{f"occurred_a{n}": 1 for n in range(100)} for _ in range(100)]
    text = "mutation ($i: [EventInput!]!) { publishEvents(inputs: $i) { accepted } }"
    told, published = answer(text, {"i": inputs})
    assert not published and told["data"] is None
    assert 0 < len(told["errors"]) <= 51 and len(compared) <= 51
