"""Bodies, headers and connections that mean harm, or are broken: told what is wrong, never 5xx, nothing half stored."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import zstandard
from tests.conftest import shared_fixture
from tests.integration.collector.conftest import Collector
from tests.integration.collector.events import search

BOMB_BYTES = 300_000_000


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


REFUSED: dict[str, tuple[bytes, dict[str, str], int]] = {
    "nothing": (b"", {}, 400),
    "not JSON": (b"{'single': 1}", {}, 400),
    "cut off": (json.dumps(search()).encode()[:-9], {}, 400),
    "bad UTF-8": (b'{"event": "caf\xe9"}', {}, 400),
    "UTF-16": (json.dumps(search()).encode("utf-16"), {}, 400),
    "another charset": (b"{}", {"content-type": "application/json; charset=latin-1"}, 415),
    "lone surrogate": (b'{"event": "\\ud800"}', {}, 400),
    "NaN": (b'{"v": NaN}', {}, 400),
    "Infinity": (b'{"v": Infinity}', {}, 400),
    "nested without end": (_nested(100_000), {}, 400),
    "too many events": (json.dumps([{}] * 1001).encode(), {}, 413),
    "too large": (json.dumps([search(payload={"x": "y" * 30_000})] * 40).encode(), {}, 413),
    "unknown encoding": (b"{}", {"content-encoding": "br"}, 415),
    "no gzip at all": (b"{}", {"content-encoding": "gzip"}, 400),
    "cut off gzip": (gzip.compress(b"{}" * 99)[:-4], {"content-encoding": "gzip"}, 400),
    "cut off zstd": (zstandard.compress(b"{}" * 99)[:-4], {"content-encoding": "zstd"}, 400),
    "gzip bomb": (gzip.compress(bytes(BOMB_BYTES), 9), {"content-encoding": "gzip"}, 413),
    "deflate bomb": (zlib.compress(bytes(BOMB_BYTES), 9), {"content-encoding": "deflate"}, 413),
    "zstd bomb": (zstandard.compress(bytes(BOMB_BYTES)), {"content-encoding": "zstd"}, 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_cannot_be_taken_is_refused_with_a_reason(collector: Collector, name: str) -> None:
    body, headers, status = REFUSED[name]
    before = len(collector.spooled())
    answer = collector.post("/collect", body, **{k.replace("-", "_"): v for k, v in headers.items()})
    assert answer.status_code == status, answer.text
    assert answer.json()["code"]
    assert len(answer.json()["message"]) < 400
    assert len(collector.spooled()) == before
    assert collector.is_ready()


def test_the_byte_is_named_where_json_ends_to_be_json(collector: Collector) -> None:
    body = '{"event": "größe", "v": oops}'.encode()
    answer = collector.post("/collect", body)
    assert answer.json()["position"] == body.index(b"oops")


def _quarantined(collector: Collector, record: Any) -> dict[str, Any]:
    answer = collector.post("/collect", record)
    assert answer.status_code == 200, answer.text
    assert answer.json()["quarantined"] == 1, answer.text
    result: dict[str, Any] = answer.json()["results"][0]
    return result


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"event": "no.such.event"}, "EVENT_UNKNOWN", "$.event"),
        ({"v": 99}, "EVENT_UNKNOWN", "$.v"),
        ({"event": "../../etc/passwd"}, None, "$.event"),
        ({"event": "a" * 10_000}, None, "$.event"),
        ({"event": "search.query\u0000"}, None, "$.event"),
        ({"event": "'; drop table silver.events; --"}, None, "$.event"),
        ({"event": "ѕearch.query"}, None, "$.event"),
        ({"anon_id": "an_../../x"}, None, "$.anon_id"),
        ({"context": {"role": "root"}}, None, "$.context.role"),
        ({"occurred_at": "2026-02-30T00:00:00Z"}, None, "$.occurred_at"),
        (
            {"payload": {"query_hash": "0a1b2c3d", "results": 1, "email": "a@b.example"}},
            None,
            "$.payload.email",
        ),
        ({"payload": {"query_hash": "0a1b2c3d", "results": 1, "x": {"deep": {"phone": "1"}}}}, None, None),
        ({"surprise": 1}, None, "$.surprise"),
    ],
)
def test_an_event_that_breaks_its_contract_is_kept_aside_with_its_path(
    collector: Collector, changes: dict[str, Any], code: str | None, path: str | None
) -> None:
    result = _quarantined(collector, search(**changes))
    assert result["code"].startswith("EVENT_") or result["code"].startswith("PII")
    assert code in (None, result["code"])
    assert path in (None, result["path"])


@pytest.mark.parametrize("record", [1, "x", None, True, [], [[search()]], {}, {"event": 7}, {"event": {}}])
def test_json_that_is_no_event_never_breaks_the_collector(collector: Collector, record: Any) -> None:
    assert collector.post("/collect", record).status_code in (200, 400)


@pytest.mark.parametrize("path", ["/collect", "/e", "/v1/batch"])
def test_a_client_that_goes_away_amid_its_body_is_no_fault_of_ours(collector: Collector, path: str) -> None:
    def broken_off() -> float:
        return _count(httpx.get(f"{collector.url}/metrics").text, 'rastup_requests_total{status="400"}')

    before, address = broken_off(), httpx.URL(collector.url)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {collector.key}\r\nContent-Length: 500000\r\n\r\n["
    with socket.create_connection((address.host, address.port or 80)) as client:
        client.sendall(head.encode())
        time.sleep(0.2)
    deadline = time.monotonic() + 20
    while broken_off() == before and time.monotonic() < deadline:
        time.sleep(0.1)
    told = httpx.get(f"{collector.url}/metrics").text
    assert broken_off() == before + 1
    assert 'status="500"' not in told and "INTERNAL" not in told


CHUNKED: dict[str, tuple[bytes, bytes, int]] = {
    "whole": (b"", b"0\r\n\r\n", 200),
    "with trailers": (b"Trailer: X-Sum\r\n", b"0\r\nX-Sum: 1\r\n\r\n", 200),
    "cut between chunks": (b"", b"", 400),
    "cut within a chunk": (b"", b'ff\r\n{"event":', 400),
    "cut within a size": (b"", b"f", 400),
    "cut within the last chunk": (b"", b"0\r\n", 400),
    "no size": (b"", b"zz\r\n{}\r\n0\r\n\r\n", 400),
    "a size beyond all numbers": (b"", b"FFFFFFFFFFFFFFFFF\r\n", 400),
    "a chunk longer than its size": (b"", b"1\r\n{}\r\n0\r\n\r\n", 400),
}


@pytest.mark.parametrize("name", CHUNKED)
def test_a_chunked_body_is_taken_only_when_it_is_whole(collector: Collector, name: str) -> None:
    """What a sender breaks off it sends again: nothing of it is kept."""
    more, end, status = CHUNKED[name]
    line = json.dumps(search()).encode() + b"\n"
    head = (
        f"POST /collect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {collector.key}\r\nConnection: close\r\n"
    )
    body = b"%x\r\n%s\r\n" % (len(line), line) + end
    before = len(collector.spooled())
    ndjson = b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n"
    connection = _open(collector.port, head.encode() + ndjson + more + b"\r\n" + body)
    if name.startswith("cut"):
        connection.shutdown(socket.SHUT_WR)
    assert _read_all(connection).startswith(b"HTTP/1.1 %d" % status)
    assert len(collector.spooled()) - before == (status == 200)


def _count(metrics: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name))


def test_deep_and_large_events_are_kept_aside(collector: Collector) -> None:
    deep: Any = 1
    for _ in range(40):
        deep = {"d": deep}
    assert _quarantined(collector, search(payload={"query_hash": "0a1b2c3d", "results": 1, "x": deep}))[
        "code"
    ]
    large = search(payload={"query_hash": "0a1b2c3d", "results": 1, "x": "y" * 40_000})
    assert _quarantined(collector, large)["code"] == "EVENT_TOO_LARGE"


@pytest.mark.parametrize("path", ["/collect", "/e", "/v1/batch", "/v1/track", "/v1/identify"])
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"event":"search.query","x":', b'{"event":[{"name":'])
def test_nesting_that_ends_is_no_way_to_break_anything(
    collector: Collector, path: str, opening: bytes
) -> None:
    closing = {b"[": b"]", b"{": b"}"}
    for depth in (50, 240, 1000, 5000):
        closes = b"".join(closing[bytes([c])] for c in reversed(opening) if bytes([c]) in closing)
        nested = opening * depth + b"1" + closes * depth
        for body in (
            nested,
            b'{"type":"track","event":"x","batch":[' + nested + b"]}",
            b"[" + nested + b",1]",
        ):
            answer = collector.post(path, body)
            assert answer.status_code < 500, (path, depth, body[:60], answer.text)


def test_nsts_parsing_cases_are_parsed_as_the_suite_says(collector: Collector) -> None:
    wrong, statuses = [], {}
    with httpx.Client(headers={"Authorization": f"Bearer {collector.key}"}) as client:
        for line in shared_fixture("attacks", "json_torture.jsonl").read_text().splitlines():
            case = json.loads(line)
            answer = client.post(f"{collector.url}/collect", content=base64.b64decode(case["b64"]))
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            refused = answer.status_code in (400, 413) or answer.json()["accepted"] == 0
            if answer.status_code >= 500 or not refused:
                wrong.append((case["name"], answer.status_code))
    assert not wrong
    assert statuses.keys() <= {200, 400, 413}


def test_naughty_strings_harm_nothing_and_survive(collector: Collector) -> None:
    naughty = json.loads(shared_fixture("attacks", "blns.json").read_text())
    with httpx.Client(headers={"Authorization": f"Bearer {collector.key}"}) as client:
        for text in naughty:
            as_event = client.post(f"{collector.url}/collect", json=search(event=text))
            as_id = client.post(f"{collector.url}/collect", json=search(ids={"lbg_id": text}))
            assert (as_event.status_code, as_id.status_code) == (200, 200), text
            assert as_event.json()["accepted"] == 0
    refused = {json.loads(item.raw or "null").get("event") for item in collector.tail(status="quarantined")}
    assert len(refused & set(naughty)) > 300
    assert {p.name for p in (collector.home / "spool").iterdir()} == {
        p.name for p in (collector.home / "spool").iterdir() if p.name.isascii()
    }


def test_a_client_that_dawdles_is_cut_off_and_others_are_served(start: Callable[..., Collector]) -> None:
    collector = start(RASTUP_INGEST__READ_TIMEOUT_S="1", RASTUP_INGEST__WORKERS="1")
    head = f"POST /collect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {collector.key}\r\n"
    slow = [
        _open(collector.port, head.encode()[:30]),  # headers that never end
        _open(collector.port, (head + "Content-Length: 500\r\n\r\n{").encode()),  # a body that never ends
        _open(collector.port, (head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n").encode()),
    ]
    assert collector.post("/collect", search()).status_code == 200
    ends = [_read_all(connection) for connection in slow]
    assert [b"408" in end[:16] or end == b"" for end in ends] == [True, True, True], ends
    assert len(collector.spooled()) == 1


def _open(port: int, first: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(first)
    return connection


def _read_all(connection: socket.socket) -> bytes:
    deadline, found = time.monotonic() + 20, b""
    with connection:
        while time.monotonic() < deadline:
            try:
                part = connection.recv(65536)
            except ConnectionResetError:
                return found
            if not part or found.startswith(b"HTTP/1.1 408"):
                return found + part
            found += part
    raise AssertionError("the connection was not ended")
