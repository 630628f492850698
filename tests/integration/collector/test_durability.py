"""An acknowledged event is on the disk, whatever happens to the process after; what cannot be stored is not acknowledged."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families
from tests.integration.collector.conftest import Collector
from tests.integration.collector.events import search

from rastup.ingest import lander


def test_what_was_acknowledged_survives_a_killed_worker_and_another_takes_over(
    start: Callable[..., Collector],
) -> None:
    collector = start()
    acknowledged: set[str] = set()
    done = threading.Event()

    def send() -> None:
        while not done.is_set():
            batch = [search() for _ in range(5)]
            try:
                if collector.post("/collect", batch).status_code == 200:
                    acknowledged.update(record["event_id"] for record in batch)
            except httpx.HTTPError:
                continue

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(4):
        time.sleep(0.4)
        os.kill(collector.workers()[0].pid, signal.SIGKILL)
    time.sleep(1.5)
    done.set()
    for sender in senders:
        sender.join()
    assert collector.is_ready()
    stored = [record["event_id"] for record in _whole_lines(collector)]
    assert acknowledged
    assert acknowledged <= set(stored)


def _whole_lines(collector: Collector) -> list[dict[str, str]]:
    """What a reader that knows nothing of frames finds; a killed worker may leave a torn line at an end."""
    found = []
    for path in collector.settings.home.spool.rglob("*.ndjson"):
        for line in path.read_bytes().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if "event_id" in record:
                found.append(record)
    return found


def test_a_full_spool_is_said_and_recovers_once_it_has_landed(start: Callable[..., Collector]) -> None:
    collector = start(
        RASTUP_SPOOL__MAX_BYTES="120000", RASTUP_INGEST__WORKERS="1", RASTUP_SPOOL__SEGMENT_MAX_AGE_S="1"
    )
    sent = 0
    deadline = time.monotonic() + 20
    while (answer := collector.post("/collect", [search() for _ in range(100)])).status_code == 200:
        sent += 100
        assert time.monotonic() < deadline
    assert (answer.status_code, answer.json()["code"]) == (503, "EVENT_PUT_FAILED")
    assert int(answer.headers["retry-after"]) >= 1
    assert not collector.is_ready()
    assert httpx.get(f"{collector.url}/health/live").status_code == 200
    assert len(collector.spooled()) == sent
    while not collector.is_ready():
        lander.run(collector.settings, threading.Event(), once=True)
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert collector.post("/collect", search()).status_code == 200


def test_an_interrupt_commits_seals_and_ends_with_0(start: Callable[..., Collector]) -> None:
    collector = start()
    collector.post("/collect", [search() for _ in range(10)])
    assert collector.stop(signal.SIGINT) == 0
    assert len(collector.spooled()) == 10
    assert not list(collector.settings.home.spool.rglob("*.open*"))
    found = lander.run(collector.settings, threading.Event(), once=True)
    assert found is None or found
    assert not list(collector.settings.home.spool.rglob("*.ndjson"))


def test_the_metrics_count_what_was_answered_over_all_workers(start: Callable[..., Collector]) -> None:
    collector = start()
    for _ in range(20):
        collector.post("/collect", [search(), search(v=99)])
    collector.post("/collect", b"{")
    deadline = time.monotonic() + 10
    expected = {("accepted", 20.0), ("quarantined", 20.0)}
    while True:
        text = httpx.get(f"{collector.url}/metrics").text
        families = {family.name: family for family in text_string_to_metric_families(text)}
        counted = {
            (s.labels["outcome"], s.value)
            for s in families["rastup_events"].samples
            if s.labels.get("source") == "web"
        }
        refused = [s.value for s in families["rastup_requests"].samples if s.labels.get("status") == "400"]
        if expected <= counted and refused == [1.0]:
            break
        assert time.monotonic() < deadline, text
        time.sleep(0.2)
    histogram = {s.name: s.value for s in families["rastup_request_seconds"].samples}
    assert histogram["rastup_request_seconds_count"] == 20.0


def test_no_address_of_a_client_is_written_anywhere(start: Callable[..., Collector]) -> None:
    collector = start(RASTUP_INGEST__TRUSTED_PROXIES="127.0.0.1")
    collector.post("/collect", search(), x_forwarded_for="203.0.113.77")
    key = collector.new_key(kind="publishable", origins=("*",))
    message = {
        "event_id": "evt_01KA0000000000000000ADDR01",
        "ts": "2026-11-20T10:00:00.000Z",
        "name": "search.query",
        "user": {"anon_id": "a_1", "role": None},
        "payload": {"query_hash": "0a1b2c3d", "results": 1},
    }
    answer = collector.post(
        f"/e?key={key}",
        message,
        key="",
        x_forwarded_for="203.0.113.77",
        user_agent="Mozilla/5.0 (secret agent)",
    )
    assert answer.json()["accepted"] == 1, answer.text
    collector.stop()
    for path in collector.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"203.0.113.77" not in data, path
            assert b"secret agent" not in data, path
