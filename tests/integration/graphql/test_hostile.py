"""What strangers and fools send to `/graphql`: each has an answer, nothing of it is stored, and nothing takes long."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.conftest import shared_fixture
from tests.integration.graphql.conftest import KEY, App, token

STATUS = "{ publishEvent(input: $input) { status } }"
EVENT = {
    "event": "search.query",
    "v": 1,
    "occurred_at": "2026-11-06T15:24:18.123Z",
    "context": {"role": "guest"},
    "payload": {"query_hash": "0a1b2c3d", "results": 3},
}


def unsigned(header: dict[str, Any]) -> str:
    claims = {"exp": time.time() + 600, "aud": "app", "iss": "pool"}
    parts = [jwt.utils.base64url_encode(json.dumps(part).encode()).decode() for part in (header, claims)]
    return ".".join([*parts, ""])


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic eDp5",
        "x",
        "Bearer " + "A" * 7000 + ".b.c",
        "Bearer " + unsigned({"alg": "none", "kid": "one"}),
        "Bearer " + unsigned({"alg": "nOnE", "kid": "one"}),
        "Bearer " + token(exp=time.time() - 5),
        "Bearer " + token(aud="other"),
        "Bearer " + token(iss="other"),
        "Bearer " + token(aud=None),
        "Bearer " + token(kid="two"),
        "Bearer " + token(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        "Bearer " + token(ec.generate_private_key(ec.SECP256R1()), "ES256"),
        "Bearer " + token("k" * 32, "HS256"),
        "Bearer " + token() + "x",
    ],
)
def test_who_holds_no_token_of_the_pool_is_refused(app: App, authorization: str) -> None:
    answer = app.post({"query": "{ __typename }"}, authorization=authorization)
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["errorType"] == "UnauthorizedException" and "secret" not in error["message"]


def test_a_write_key_is_no_token(app: App) -> None:
    assert (
        app.post({"query": "{ __typename }"}, authorization=f"Bearer {app.collector.key}").status_code == 401
    )


def test_a_token_without_an_expiry_is_refused(app: App) -> None:
    endless = jwt.encode({"aud": "app", "iss": "pool"}, KEY, "RS256", headers={"kid": "one"})
    assert app.post({"query": "{ __typename }"}, authorization=endless).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'[{"query": "{ __typename }"}]',
        b"{}",
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": ""}',
        b'{"query": "   # only a comment"}',
        b'{"query": "{"}',
        b'{"query": "{ }"}',
        b'{"query": "query { __typename "}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "operationName": 7}',
        json.dumps({"query": "{ __typename } " + "#" * 10 + "\n{ a }" * 30}).encode(),
        json.dumps({"query": "{ a" * 900 + "}" * 900}).encode(),
        json.dumps({"query": "{ a(b: " + "[" * 1900 + "]" * 1900 + ") }"}).encode(),
        json.dumps({"query": "{ " + "__typename " * 5000 + "}"}).encode(),
        json.dumps({"query": "{ " + "__typename " * 300 + "}"}).encode(),
        json.dumps({"query": "{ " + " ".join(f"a{n}: __typename" for n in range(30)) + "}"}).encode(),
        json.dumps({"query": "{ " + "__typename " * 11 + "}"}).encode(),
        json.dumps({"query": "{ ...F } fragment F on Query { ...F }"}).encode(),
        json.dumps({"query": "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }"}).encode(),
        json.dumps(
            {
                "query": "{ ...F0 }"
                + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(15))
                + " fragment F15 on Query { __typename }"
            }
        ).encode(),
        json.dumps({"query": "{ a { b { c { d { e { f { g } } } } } } }"}).encode(),
    ],
)
def test_what_is_no_request_or_too_much_of_one_is_malformed(app: App, body: bytes) -> None:
    answer = app.post(body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["errorType"] == "MalformedHttpRequestException"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("{ nothing }", None),
        ("mutation { publishEvent { status } }", None),
        ("mutation { publishEvent(input: {}) { status } }", None),
        ("query ($input: EventInput!) " + STATUS, {"input": EVENT}),
        ("mutation ($input: EventInput!) " + STATUS, None),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "unknown": 1}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "v": "1"}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "v": 2**31}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "payload": "{"}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "payload": "[" * 2000}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "occurred_at": 7}}),
        ("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "payload": None}}),
        ("mutation ($input: String!) " + STATUS, {"input": "x"}),
        ("subscription { publishEvent }", None),
        ("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", None),
        ("{ __typename @defer }", None),
        ("query A { __typename } query B { __typename }", None),
        ("fragment F on Query { __typename }", None),
    ],
)
def test_what_the_schema_does_not_allow_is_an_error_and_stores_nothing(
    app: App, text: str, variables: Any
) -> None:
    before = len(app.collector.spooled())
    answer = app.query(text, variables)
    assert answer["data"] is None and answer["errors"]
    for error in answer["errors"]:
        assert error["errorType"] == "ValidationError" and error["message"] and error["errorInfo"] is None
        assert set(error) == {"path", "data", "errorType", "errorInfo", "locations", "message"}
    assert len(app.collector.spooled()) == before


@pytest.mark.parametrize(
    "payload",
    [
        "7",
        '"x"',
        "[]",
        "null",
        '{"a": ' * 200 + "1" + "}" * 200,
        '{"query_hash": "' + "a" * 40_000 + '"}',
        '{"query_hash": "\\u0000"}',
        '{"query_hash": "0a1b2c3d", "email": "x"}',
    ],
)
def test_json_that_is_no_payload_is_kept_aside(app: App, payload: str) -> None:
    (error,) = app.query(
        "mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "payload": payload}}
    )["errors"]
    assert error["errorType"].startswith("EVENT_")


@pytest.mark.parametrize("number", ["1" * 400, "-1e999", "1e999", "123456789012345678901234567890"])
def test_numbers_that_nobody_can_hold_are_answered(app: App, number: str) -> None:
    text = (
        'mutation { publishEvent(input: {event: "search.query", v: 1, occurred_at: "2026-11-06T15:24:18Z", '
        f'context: {{role: "guest"}}, payload: {{query_hash: "0a1b2c3d", results: {number}}}}}) {{ status }} }}'
    )
    (error,) = app.query(text)["errors"]
    assert error["errorType"] in ("ValidationError", "EVENT_SCHEMA_INVALID")


def test_personal_data_is_redacted_as_everywhere(app: App) -> None:
    payload = {"query_hash": "0a1b2c3d", "q": "photographer, call 212-555-0134 or jane@example.com"}
    given = {**EVENT, "anon_id": "an_personal", "payload": payload}
    app.query("mutation ($input: EventInput!) " + STATUS, {"input": given})
    (record,) = app.stored("an_personal")
    assert record["schema_flags"]["redacted"] == {"phone": 1, "email": 1}


def test_the_torture_of_json_has_an_answer(app: App) -> None:
    lines = shared_fixture("attacks", "json_torture.jsonl").read_bytes().splitlines()
    for line in lines[:200]:
        assert app.post(line).status_code in (200, 400)
        answer = app.post(
            {
                "query": "mutation ($input: EventInput!) " + STATUS,
                "variables": {"input": {**EVENT, "payload": line.decode("utf-8", "replace")}},
            }
        )
        assert answer.status_code == 200
        assert "InternalFailure" not in answer.text


def test_the_naughty_strings_have_an_answer(app: App) -> None:
    for text in json.loads(shared_fixture("attacks", "blns.json").read_text())[::4]:
        answer = app.post(
            {
                "query": "mutation ($input: EventInput!) " + STATUS,
                "variables": {"input": {**EVENT, "event": text, "city": text}},
            }
        )
        assert answer.status_code == 200 and "InternalFailure" not in answer.text


def test_too_many_events_are_refused_as_a_whole(app: App) -> None:
    text = "mutation ($inputs: [EventInput!]!) { publishEvents(inputs: $inputs) { accepted } }"
    few = app.query(text, {"inputs": [{**EVENT, "anon_id": f"an_few{n}"} for n in range(1000)]})
    assert few == {"data": {"publishEvents": {"accepted": 1000}}}
    (error,) = app.query(text, {"inputs": [EVENT] * 1001})["errors"]
    assert error["errorType"] == "EVENT_TOO_LARGE"


def test_aliases_count_together(app: App) -> None:
    fields = " ".join(f"f{n}: publishEvents(inputs: $inputs) {{ accepted }}" for n in range(2))
    inputs = [{**EVENT, "anon_id": f"an_alias{n}"} for n in range(600)]
    answer = app.query("mutation ($inputs: [EventInput!]!) { " + fields + " }", {"inputs": inputs})
    assert answer["data"] == {"f0": {"accepted": 600}, "f1": None}
    (error,) = answer["errors"]
    assert error["errorType"] == "EVENT_TOO_LARGE" and "1200 events" in error["message"]


def test_deep_inputs_are_each_kept_by_themselves(app: App) -> None:
    deep: Any = 1
    for _ in range(300):
        deep = {"a": deep}
    inputs = [{**EVENT, "anon_id": f"an_deep{n}", "payload": deep} for n in range(12)]
    fields = " ".join(f"f{n}: publishEvents(inputs: $inputs) {{ quarantined }}" for n in range(5))
    answer = app.query("mutation ($inputs: [EventInput!]!) { " + fields + " }", {"inputs": inputs})
    assert answer["data"] == {f"f{n}": {"quarantined": 12} for n in range(5)}
    raws = [
        bad["raw"]
        for one in app.collector.spooled()
        if "an_deep" in (bad := one.get("_bad", {})).get("raw", "")
    ]
    assert len(raws) == 12
    assert all(raw.count("an_deep") == 1 for raw in raws)


def test_bodies_are_bounded_and_may_be_packed(app: App) -> None:
    assert app.post(b" " * 1_000_001).status_code == 413
    packed = gzip.compress(json.dumps({"query": "{ __typename }"}).encode())
    answer = app.post(packed, **{"content-encoding": "gzip"})
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert app.post(gzip.compress(b" " * 5_000_000), **{"content-encoding": "gzip"}).status_code == 413
    assert app.post(b"x", **{"content-encoding": "br"}).status_code == 415


def test_several_mutations_in_one_document_are_each_answered(app: App) -> None:
    given = {"a": {**EVENT, "anon_id": "an_several"}, "b": {**EVENT, "event": "nothing.known"}}
    text = (
        "mutation ($a: EventInput!, $b: EventInput!) "
        "{ a: publishEvent(input: $a) { status } b: publishEvent(input: $b) { status } }"
    )
    answer = app.query(text, given)
    assert answer["data"] == {"a": {"status": "accepted"}, "b": None}
    assert [error["path"] for error in answer["errors"]] == [["b"]]
    assert len(app.stored("an_several")) == 1


def test_pages_of_the_app_may_send(app: App) -> None:
    origin = {"Origin": "https://app.rastup.com", "Access-Control-Request-Method": "POST"}
    allowed = httpx.options(app.url, headers=origin)
    assert allowed.status_code == 204 and "authorization" in allowed.headers["access-control-allow-headers"]
    answer = app.post({"query": "{ __typename }"}, Origin="https://app.rastup.com")
    assert answer.headers["access-control-allow-origin"] == "https://app.rastup.com"
    refused = app.post({"query": "{ __typename }"}, authorization="x", Origin="https://app.rastup.com")
    assert refused.headers["access-control-allow-origin"] == "https://app.rastup.com"
    stranger = httpx.options(app.url, headers={**origin, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
    assert httpx.get(app.url).status_code == 405


def test_without_a_user_pool_nobody_comes_in(start: Callable[..., App]) -> None:
    app = start(RASTUP_INGEST__JWKS="")
    answer = app.post({"query": "{ __typename }"})
    assert answer.status_code == 401 and "ingest.jwks" in answer.json()["errors"][0]["message"]


def test_a_rate_is_told_in_appsyncs_shape(start: Callable[..., App]) -> None:
    app = start(RASTUP_INGEST__RATE_LIMIT_EVENTS_PER_S="2")
    text = "mutation ($inputs: [EventInput!]!) { publishEvents(inputs: $inputs) { accepted } }"
    many = app.query(text, {"inputs": [{**EVENT, "anon_id": f"an_rate{n}"} for n in range(1000)]})
    assert many == {
        "data": {"publishEvents": {"accepted": 1000}}
    }  # a batch beyond the bucket passes while it is full
    answer = app.query("mutation ($input: EventInput!) " + STATUS, {"input": {**EVENT, "anon_id": "an_over"}})
    (error,) = answer["errors"]
    assert error["errorType"] == "EVENT_REJECTED_RATE_LIMIT" and error["errorInfo"]["retry_after_s"] >= 1
    assert answer["data"] == {"publishEvent": None} and app.stored("an_over") == []


def test_a_full_spool_is_told_in_appsyncs_shape(start: Callable[..., App]) -> None:
    app = start(RASTUP_SPOOL__MAX_BYTES="1")
    document = {"query": "mutation ($input: EventInput!) " + STATUS, "variables": {"input": EVENT}}
    deadline = time.monotonic() + 10
    while (told := app.post(document)).status_code != 503:
        assert time.monotonic() < deadline
    assert told.json()["errors"][0]["errorType"] == "EVENT_PUT_FAILED"
    assert told.headers["retry-after"]
