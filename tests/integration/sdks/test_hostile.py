"""What no body can do on any route of an SDK: break it."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.conftest import shared_fixture
from tests.integration.collector.conftest import Collector
from tests.integration.sdks.messages import SEARCH, TP2, V0, V1, posthog_event, snowplow_event

ROUTES = ["/v1/batch", "/v1/track", "/batch/", V0, V1, TP2]
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{'a': 1}",
    "a number": b"7",
    "cut off": b'{"batch": [{"event": "x"',
    "bad UTF-8": b'{"event": "caf\xe9"}',
    "lone surrogate": b'{"event": "\\ud800"}',
    "NaN": b'{"batch": [{"event": NaN}]}',
    "deep": b'{"batch":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "lines": b'{"a":1}\n{"a":2}',
    "a form": b"data=" + b"%ff" * 1000,
    "a form of many": b"data=1" + b"&a=1" * 100_000,
    "not gzip": b"\x1f\x8b" + b"x" * 100,
}
ZEROS = bytes(50_000_000)
BOMBS = {"gzip": gzip.compress(ZEROS, 9), "deflate": zlib.compress(ZEROS, 9)}


@pytest.fixture
def keyed(collector: Collector, client: httpx.Client) -> httpx.Client:
    """A client whose requests carry a key."""
    client.headers["authorization"] = f"Bearer {collector.key}"
    return client


@pytest.fixture(autouse=True)
def _keyless_again(client: httpx.Client) -> Any:
    yield
    client.headers.pop("authorization", None)


@pytest.mark.parametrize("query", ["", "?compression=gzip-js", "?compression=base64"])
@pytest.mark.parametrize("path", ROUTES)
def test_a_body_that_is_none_is_refused_with_a_reason(keyed: httpx.Client, path: str, query: str) -> None:
    for name, body in BODIES.items():
        answer = keyed.post(path + query, content=body)
        assert answer.status_code in (200, 400, 422), (name, answer.text)
        assert answer.status_code == 200 or answer.json()["code"].startswith("EVENT_")


@pytest.mark.parametrize("path", ROUTES)
def test_what_grows_without_end_is_cut_off(keyed: httpx.Client, path: str) -> None:
    for encoding, bomb in BOMBS.items():
        assert keyed.post(path, content=bomb, headers={"content-encoding": encoding}).status_code in (
            413,
            422,
        )
    hidden = keyed.post(f"{path}?compression=gzip-js", content=BOMBS["gzip"])
    assert hidden.status_code in (400, 413)


ODD: list[Any] = [
    None,
    True,
    7,
    1e300,
    -1,
    "x",
    "",
    "\u0000",
    [],
    [[]],
    {},
    {"a": {"b": []}},
    "9" * 5000,
    "a\u202eb",
]
GOOD: dict[str, dict[str, Any]] = {
    "/v1/batch": {"type": "track", "event": "search_query", "userId": "u-1", "properties": SEARCH},
    V0: posthog_event("odd"),
    V1: posthog_event("odd"),
    TP2: snowplow_event("odd"),
}
SEGMENTS = "type event userId anonymousId previousId messageId timestamp originalTimestamp sentAt properties context traits"
POSTHOGS = "event distinct_id uuid timestamp properties options session_id sent_at"
SNOWPLOWS = "e ue_px ue_pr cx co eid dtm ttm stm uid duid sid url refr aid ua se_ca se_ac"
MEMBERS = {"/v1/batch": SEGMENTS, V0: POSTHOGS, V1: POSTHOGS, TP2: SNOWPLOWS}
PROPERTIES = [
    "$device_id",
    "$os",
    "$current_url",
    "$session_id",
    "city",
    "role",
    "token",
    "distinct_id",
    "alias",
]
CONTEXTS = ["traits", "app", "page", "location", "userAgent"]
AROUND = ["writeKey", "api_key", "token", "sent_at", "sentAt", "context", "batch", "data", "schema"]


def _odd_messages(path: str) -> list[Any]:
    good = GOOD[path]
    return [
        *ODD,
        *({**good, member: odd} for member in MEMBERS[path].split() for odd in ODD),
        *({**good, "properties": {**SEARCH, name: odd}} for name in PROPERTIES for odd in ODD),
        *({**good, "context": {name: odd}} for name in CONTEXTS for odd in ODD),
        *({**good, "type": "identify", "traits": {"role": odd}} for odd in ODD),
    ]


@pytest.mark.parametrize("path", GOOD)
def test_no_value_of_any_member_breaks_anything(keyed: httpx.Client, path: str) -> None:
    batch = "data" if path == TP2 else "batch"
    messages = _odd_messages(path)
    for start in range(0, len(messages), 500):
        answer = keyed.post(path, json={batch: messages[start : start + 500]})
        assert answer.status_code == 200, answer.text
    for name in AROUND:
        for odd in ODD:
            answer = keyed.post(path, json={batch: [GOOD[path]], name: odd})
            assert answer.status_code in (200, 400), (name, odd, answer.text)


@pytest.mark.parametrize("path", ROUTES)
def test_nsts_parsing_cases_break_no_route(keyed: httpx.Client, path: str) -> None:
    lines = shared_fixture("attacks", "json_torture.jsonl").read_text().splitlines()
    bodies = [base64.b64decode(json.loads(line)["b64"]) for line in lines]
    assert {keyed.post(path, content=body).status_code for body in bodies} <= {200, 400, 413, 422}


@pytest.mark.parametrize("path", [V0, "/v1/batch", TP2])
def test_naughty_strings_are_names_that_no_contract_knows(keyed: httpx.Client, path: str) -> None:
    naughty = [t for t in json.loads(shared_fixture("attacks", "blns.json").read_text()) if t.strip()]
    structured = {"e": "se", "se_ca": "x"} if path == TP2 else {}
    messages = [{**GOOD[path], **structured, "se_ac" if path == TP2 else "event": text} for text in naughty]
    for start in range(0, len(messages), 200):
        told = keyed.post(
            path, json={"data" if path == TP2 else "batch": messages[start : start + 200]}
        ).json()
        assert told["accepted"] == 0
        assert {result["code"] for result in told["results"]} <= {"EVENT_UNKNOWN", "EVENT_ENVELOPE_INVALID"}


@pytest.mark.parametrize(
    "query",
    ["", "e=pv", "&&&", "=&=", "e=%ff&ue_px=%00", "e=ue&ue_px=" + "A" * 3000, "a=1&" * 300],
    ids=range(7),
)
def test_no_query_string_breaks_the_pixel(collector: Collector, client: httpx.Client, query: str) -> None:
    assert client.get(f"/i?{query}").status_code in (400, 401)
    key = collector.new_key(kind="publishable")
    assert client.get(f"/i?{query}&aid={quote(key)}").status_code in (200, 400)
