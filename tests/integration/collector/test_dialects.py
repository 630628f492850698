"""What clients send and what they are told: domain events, beacons, Segment's public SDK."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import segment.analytics as segment
import zstandard
from tests.integration.collector.conftest import Collector
from tests.integration.collector.events import search, without

from rastup.ingest.tail import ACCEPTED

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "identity": ("identity", bytes),
    "gzip": ("gzip", gzip.compress),
    "two gzip members": ("gzip", lambda b: gzip.compress(b[:9]) + gzip.compress(b[9:])),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
}


def _accepted(collector: Collector, event_id: str) -> dict[str, Any]:
    return next(dict(i.record or {}) for i in collector.tail(status=ACCEPTED) if i.event_id == event_id)


def test_an_event_gets_the_servers_fields_and_keeps_its_own(collector: Collector) -> None:
    sent = search(context={"role": "guest", "env": "dev", "source": "forged"})
    answer = collector.post("/collect", sent)
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == 1
    stored = _accepted(collector, sent["event_id"])
    assert (stored["context"]["env"], stored["context"]["source"]) == ("prod", "web")
    assert stored["received_at"] > sent["occurred_at"]
    assert {k: stored[k] for k in ("event", "v", "occurred_at", "anon_id", "payload")} == {
        k: sent[k] for k in ("event", "v", "occurred_at", "anon_id", "payload")
    }


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_the_same_event(collector: Collector, name: str) -> None:
    encoding, pack = ENCODINGS[name]
    sent = search()
    answer = collector.post("/collect", pack(json.dumps(sent).encode()), content_encoding=encoding)
    assert answer.status_code == 200, answer.text
    assert _accepted(collector, sent["event_id"])["payload"] == sent["payload"]


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json"])
def test_lines_are_taken_one_by_one(collector: Collector, kind: str) -> None:
    first, last = search(), search()
    body = b"\n".join([json.dumps(first).encode(), b'{"torn": ', json.dumps(last).encode(), b""])
    told = collector.post("/collect", body, content_type=kind).json()
    assert (told["accepted"], told["quarantined"]) == (2, 1)
    assert told["results"][0]["index"] == 1
    assert told["results"][0]["code"] == "EVENT_ENVELOPE_INVALID"


def test_a_bad_event_is_told_where_and_why_and_its_neighbours_are_taken(collector: Collector) -> None:
    wrong = search(payload={"query_hash": "0a1b2c3d", "results": "many"})
    told = collector.post("/collect?results=all", [search(), wrong, search()]).json()
    assert (told["accepted"], told["quarantined"]) == (2, 1)
    assert [result["status"] for result in told["results"]] == ["accepted", "quarantined", "accepted"]
    bad = told["results"][1]
    assert (bad["code"], bad["path"]) == ("EVENT_SCHEMA_INVALID", "$.payload.results")
    assert "integer" in bad["message"]
    kept = next(i for i in collector.tail(status="quarantined") if json.loads(i.raw or "null") == wrong)
    assert (kept.code, kept.path) == (bad["code"], bad["path"])


def test_an_event_sent_again_is_a_duplicate(start: Callable[..., Collector]) -> None:
    collector = start(RASTUP_INGEST__WORKERS="1")
    sent = search()
    assert collector.post("/collect", [sent, sent]).json()["duplicates"] == 1
    assert collector.post("/collect", sent).json() == {
        "accepted": 0,
        "duplicates": 1,
        "quarantined": 0,
        "results": [{"index": 0, "event_id": sent["event_id"], "status": "duplicate"}],
    }
    assert len(collector.spooled()) == 1


def test_a_missing_id_is_derived_so_that_a_retry_is_the_same_event(collector: Collector) -> None:
    body = json.dumps(without(search(anon_id="an_derived"), "event_id")).encode()
    collector.post("/collect", body)
    collector.post("/collect", body)
    ids = {i.event_id for i in collector.tail() if i.record and i.record["anon_id"] == "an_derived"}
    assert len(ids) == 1
    ulid = str(ids.pop()).removeprefix("evt_")
    milliseconds = 0
    for letter in ulid[:10]:  # the time of a ULID, by its specification
        milliseconds = milliseconds * 32 + CROCKFORD.index(letter)
    assert (len(ulid), milliseconds) == (26, 1_795_168_800_000)  # 2026-11-20T10:00:00Z


def test_a_beacon_of_a_page_is_taken_with_its_origin_and_no_header_of_its_own(collector: Collector) -> None:
    key = collector.new_key(kind="publishable", origins=("https://rastup.example",))
    message = {
        "event_id": "evt_01KA0000000000000BEAC0N001",
        "ts": "2026-11-20T10:00:00.000Z",
        "name": "search.query",
        "user": {"anon_id": "a_beacon", "role": None},
        "session_id": "s_1",
        "payload": {"query_hash": "0a1b2c3d", "results": 3},
    }
    answer = collector.post(
        f"/e?key={key}",
        message,
        key="",
        content_type="text/plain;charset=UTF-8",
        origin="https://rastup.example",
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "https://rastup.example"
    assert answer.json()["quarantined"] == 0, answer.text
    assert _accepted(collector, "evt_01KA0000000000000BEAC0N001")["anon_id"] == "an_beacon"
    elsewhere = collector.post(f"/e?key={key}", message, key="", origin="https://evil.example")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "AUTH_INVALID")
    assert "access-control-allow-origin" not in elsewhere.headers


def test_segments_sdk_as_it_is_published(collector: Collector) -> None:
    failures: list[Exception] = []
    client = segment.Client(
        collector.key, host=collector.url, on_error=lambda error, _items: failures.append(error), gzip=True
    )
    properties = {"query_hash": "0a1b2c3d", "results": 7}
    client.track("u-4711", "Search Query", properties)
    client.track(anonymous_id="visitor", event="search.query", properties=properties)
    client.identify("u-4711", {"email": "someone@example.com"}, anonymous_id="visitor")
    client.page("u-4711", "Home", "Landing", {"url": "https://rastup.example/"})
    client.flush()
    client.join()
    assert failures == []
    found = [
        i
        for i in collector.tail(event="search.query")
        if i.record and i.record["payload"].get("results") == 7
    ]
    assert len(found) == 2
    assert "someone@example.com" not in json.dumps(
        [dict(i.record or {}) for i in collector.tail(status=ACCEPTED)]
    )


def test_a_refused_event_that_is_sent_again_is_told_again_and_kept_once(
    start: Callable[..., Collector],
) -> None:
    collector = start(RASTUP_INGEST__WORKERS="1")
    wrong = search(v=99)
    first, again = (
        collector.post("/collect", [wrong]).json(),
        collector.post("/collect", [wrong, search()]).json(),
    )
    assert (first["accepted"], first["quarantined"]) == (0, 1)
    assert (again["accepted"], again["quarantined"]) == (1, 1)
    assert len([record for record in collector.spooled() if "_bad" in record]) == 1
