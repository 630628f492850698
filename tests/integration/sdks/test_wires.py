"""The SDKs' routes by hand: how a key travels, and what is answered."""

from __future__ import annotations

import base64
import gzip
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from tests.integration.collector.conftest import Collector
from tests.integration.sdks.messages import SEARCH, TP2, V0, V1, body_for, posthog_event, snowplow_event, tp2

from rastup.contracts.registry import load_registry
from rastup.core.config import IngestConfig
from rastup.ingest.admission import Stamp
from rastup.ingest.readmission import Readmission

FINAL_FOR_SNOWPLOW = {400, 401, 403, 410, 422}


def test_every_way_in_which_an_sdk_names_its_key_is_understood(
    collector: Collector, client: httpx.Client
) -> None:
    key, public = collector.new_key(), collector.new_key(kind="publishable")
    basic = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    pixel = urlencode(snowplow_event("k-8", aid=public))
    ways: list[tuple[str, Any, dict[str, str]]] = [
        (
            "/v1/track",
            {"type": "track", "event": "search_query", "properties": SEARCH, "writeKey": key, "userId": "u"},
            {},
        ),
        ("/v1/batch", {"batch": [], "writeKey": key}, {}),
        ("/v1/batch", {"batch": []}, {"authorization": basic}),
        (f"/v1/batch?writeKey={public}", {"batch": []}, {}),
        ("/batch/", {"batch": [posthog_event("k-1")], "api_key": key}, {}),
        (V0, {**posthog_event("k-2"), "api_key": key}, {}),
        (V0, [posthog_event("k-3", properties={**SEARCH, "token": key})], {}),
        (V1, {"batch": [posthog_event("k-4")]}, {"authorization": f"Bearer {key}"}),
        (TP2, tp2(snowplow_event("k-5")), {"authorization": basic}),
        (TP2, tp2(snowplow_event("k-6", aid=key)), {}),
    ]
    for path, body, headers in ways:
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, (path, answer.text)
        wrong = json.loads(json.dumps(body).replace(key, "rk_sec_wrong"))
        headers = dict.fromkeys(headers, "Bearer rk_sec_wrong")
        refused = client.post(path.replace(public, "rk_sec_wrong"), json=wrong, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "AUTH_INVALID"), path
    assert client.get(f"/i?{pixel}").status_code == 200
    assert client.get(f"/i?{pixel.replace(public, 'rk_sec_wrong')}").status_code == 401
    refused = {"type": "track", "event": "Nope", "userId": "u", "writeKey": key}
    answer = client.post("/v1/batch", json={"batch": [refused], "writeKey": key})
    assert answer.json()["quarantined"] == 1
    assert not [used for used in (key, public) if used in json.dumps(collector.spooled())]


def test_an_address_may_hold_a_publishable_key_and_no_secret_one(
    collector: Collector, client: httpx.Client
) -> None:
    track = {"type": "track", "event": "search_query", "properties": SEARCH, "userId": "u"}
    ways: list[tuple[str, Any]] = [
        ("/v1/track?key=", track),
        ("/v1/track?writeKey=", track),
        ("/v1/batch?writeKey=", {"batch": [track]}),
        ("/batch/?api_key=", {"batch": [posthog_event("a-1")]}),
        (f"{V0}?token=", posthog_event("a-2")),
        (f"{V1}?api_key=", {"batch": [posthog_event("a-3")]}),
        (f"{TP2}?key=", tp2(snowplow_event("a-4"))),
        (f"/i?{urlencode(snowplow_event('a-5'))}&aid=", None),
    ]
    public, stored = collector.new_key(kind="publishable"), len(collector.spooled())
    for way, body in ways:
        refused = client.request("POST" if body else "GET", way + collector.key, json=body)
        assert (refused.status_code, refused.json()["code"]) == (401, "AUTH_INVALID"), way
        assert "never in an address" in refused.json()["message"]
        beside = {"authorization": f"Bearer {public}"}
        refused = client.request("POST" if body else "GET", way + collector.key, json=body, headers=beside)
        assert (refused.status_code, refused.json()["code"]) == (401, "AUTH_INVALID"), way
    assert len(collector.spooled()) == stored
    for way, body in ways:
        taken = client.request("POST" if body else "GET", way + public, json=body)
        assert taken.status_code == 200, (way, taken.text)


def test_a_property_that_is_called_like_a_key_is_none(collector: Collector, client: httpx.Client) -> None:
    own = posthog_event("p-1", properties={**SEARCH, "token": "promo-7", "api_key": 7})
    for path, body, headers in (
        ("/batch/", {"batch": [posthog_event("p-0"), own], "api_key": collector.key}, {}),
        (V0, own, {"authorization": f"Bearer {collector.key}"}),
        (V0, [own, posthog_event("p-2", properties={**SEARCH, "token": collector.key})], {}),
    ):
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, (path, answer.text)


def test_a_request_that_names_two_keys_is_refused(collector: Collector, client: httpx.Client) -> None:
    body = tp2(snowplow_event("two-1", aid=collector.key), snowplow_event("two-2", aid=collector.new_key()))
    assert client.post(TP2, json=body).status_code == 400


def test_a_browser_may_use_a_publishable_key_from_its_own_origin_alone(
    collector: Collector, client: httpx.Client
) -> None:
    key = collector.new_key(kind="publishable", origins=("https://rastup.example",))
    for path, body in (
        (V0, {**posthog_event("o-1"), "api_key": key}),
        (TP2, tp2(snowplow_event("o-2", aid=key))),
    ):
        asked = client.options(path, headers={"origin": "https://rastup.example"})
        assert asked.headers["access-control-allow-origin"] == "https://rastup.example"
        ours = client.post(path, json=body, headers={"origin": "https://rastup.example"})
        assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (
            200,
            "https://rastup.example",
        )
        theirs = client.post(path, json=body, headers={"origin": "https://evil.example"})
        assert theirs.status_code == 403


def test_posthogs_newer_wire_answers_for_each_event(collector: Collector, client: httpx.Client) -> None:
    events = [
        posthog_event("v-ok"),
        posthog_event("v-ok-2"),
        posthog_event("v-bad", properties={"query_hash": "0a1b2c3d", "results": "many"}),
        posthog_event("v-unknown", event="Serch Query"),
        posthog_event("v-set", event="$set", properties={"$set": {"email": "jane@example.com"}}),
    ]
    for _ in range(2):  # a resend is answered as the first time
        results = collector.post(V1, {"created_at": "2026-11-20T10:00:00Z", "batch": events}).json()[
            "results"
        ]
        assert {uuid: told["result"] for uuid, told in results.items()} == {
            "v-ok": "ok",
            "v-ok-2": "ok",
            "v-bad": "drop",
            "v-unknown": "drop",
            "v-set": "warning",
        }
        assert "$.payload.results" in results["v-bad"]["details"]
        assert "did you mean search.query" in results["v-unknown"]["details"]
    assert "jane@example.com" not in json.dumps(collector.spooled())


def _ignored(client: httpx.Client, source: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    mine = [line for line in lines if 'outcome="ignored"' in line and f'source="{source}"' in line]
    return sum(float(line.rsplit(" ", 1)[1]) for line in mine)


def test_what_is_ignored_is_said_and_counted(collector: Collector, client: httpx.Client) -> None:
    key = collector.new_key(source="profiles")
    body = {"userId": "u-1", "traits": {"email": "jane@example.com"}, "writeKey": key}
    told = client.post("/v1/identify", json=body).json()
    assert (told["success"], told["accepted"], told["quarantined"], told["ignored"]) == (True, 0, 0, 1)
    assert told["results"][0]["status"] == "ignored"
    group = {"userId": "u-1", "groupId": "g-1", "traits": {"name": "Acme"}, "writeKey": key}
    assert client.post("/v1/group", json=group).json()["ignored"] == 1
    deadline = time.monotonic() + 10
    while _ignored(client, "profiles") != 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_browsers_pack_bodies_in_ways_of_their_own(collector: Collector, client: httpx.Client) -> None:
    event = {**posthog_event("b-1"), "api_key": collector.key}
    js = client.post(
        f"{V0}?compression=gzip-js&ver=1.2",
        content=gzip.compress(json.dumps(event).encode()),
        headers={"content-type": "text/plain"},
    )
    form = {"data": base64.b64encode(json.dumps({**event, "uuid": "b-2"}).encode()).decode()}
    packed = client.post(f"{V0}?compression=base64", data=form)
    assert [(a.status_code, a.json()["accepted"], a.json()["status"]) for a in (js, packed)] == [
        (200, 1, 1)
    ] * 2


def test_a_pixel_is_answered_with_a_pixel(collector: Collector, client: httpx.Client) -> None:
    key = collector.new_key(kind="publishable")
    answer = client.get(f"/i?{urlencode(snowplow_event('p-1', aid=key))}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert answer.content[:6] == b"GIF89a"


def test_what_a_batch_is_refused_for_is_final_to_snowplows_trackers(
    collector: Collector, client: httpx.Client
) -> None:
    """They send again for ever what is refused in any other way."""
    many = tp2(*[snowplow_event(f"m-{n}") for n in range(1001)])
    too_large = tp2(snowplow_event("l-1", co="x" * 7_000_000))
    for body in (many, too_large, {}, [], 7, tp2() | {"data": {}}):
        assert collector.post(TP2, body).status_code in FINAL_FOR_SNOWPLOW
    assert collector.post(TP2, b"{}", content_encoding="br").status_code == 422
    assert client.get(TP2).status_code == 422
    assert client.post("/i", content=b"").status_code == 422


def test_batches_as_large_as_sdks_fill_them_are_taken(collector: Collector, client: httpx.Client) -> None:
    events = [posthog_event(f"large-{n}", properties={**SEARCH, "note": "x" * 30_000}) for n in range(100)]
    told = collector.post("/batch/", {"batch": events}).json()
    assert (told["accepted"], told["quarantined"]) == (100, 0)


def test_a_refused_message_passes_when_it_is_replayed_under_a_contract_that_takes_it(
    collector: Collector,
    client: httpx.Client,
) -> None:
    source = collector.new_key(source="replayed")
    messages = {V0: posthog_event("r-1", event="Serch Query"), TP2: snowplow_event("r-2", e="nonsense")}
    for path, message in messages.items():
        assert collector.post(path, body_for(path, message), key=source).json()["quarantined"] == 1
    kept = [r["_bad"] for r in collector.spooled() if r.get("_bad", {}).get("source") == "replayed"]
    assert [bad["dialect"] for bad in kept] == ["posthog", "snowplow"]
    readmission = Readmission(IngestConfig(), load_registry())
    stamp, moment = Stamp("2026-11-20T10:00:00.000Z", "prod", "replayed"), datetime(2026, 11, 20, tzinfo=UTC)
    for bad in kept:
        raw = bad["raw"].replace("Serch Query", "Search Query").replace('"nonsense"', '"ue"')
        line = readmission.replay(raw.encode(), bad["dialect"], stamp, moment)
        assert isinstance(line, bytes), line
        assert json.loads(line)["event"] == "search.query"
