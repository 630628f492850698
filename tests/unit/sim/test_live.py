"""Live traffic: at its rate, continuing the history of its seed, sent as any client would and with patience."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from tests.unit.sim.conftest import SEED, UNTIL_MS, Record

from rastup.contracts.mapping import Tables, WebMapping
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup_sim.live import run_live
from rastup_sim.market import Market, Scale
from rastup_sim.sending import Sender, SendingRefusedError, now_ms
from rastup_sim.shares import Shares
from rastup_sim.traffic import Traffic
from rastup_sim.wire import HOUR, MINUTE, Event

SMALL = Market(SEED, Scale(12_000, 10, UNTIL_MS), Shares(malformed=0.0))


def taken(traffic: Traffic, minutes: int) -> list[Event]:
    return [event for minute in range(1, minutes + 1) for event in traffic.due(UNTIL_MS + minute * MINUTE)]


def parsed(events: list[Event]) -> list[Record]:
    return [orjson.loads(event.line) for event in events]


@pytest.mark.parametrize("rate", [600, 10_000])
def test_the_rate_is_about_what_was_asked_for(rate: int) -> None:
    events = taken(Traffic(SMALL, UNTIL_MS, rate, with_history=False), 20)
    assert 0.75 * rate < len(events) / 20 < 1.3 * rate


def test_events_come_at_their_moment_and_never_earlier() -> None:
    traffic = Traffic(SMALL, UNTIL_MS, 600, with_history=False)
    for minute in range(1, 6):
        now = UNTIL_MS + minute * MINUTE
        assert all(event.received_ms <= now for event in traffic.due(now))


def test_the_same_seed_and_moment_give_the_same_traffic() -> None:
    assert taken(Traffic(SMALL, UNTIL_MS, 300), 5) == taken(Traffic(SMALL, UNTIL_MS, 300), 5)


def test_every_live_event_is_valid() -> None:
    registry = load_registry()
    validator, web = Validator(registry), WebMapping(registry, Tables.load(registry.root))
    records = parsed(taken(Traffic(SMALL, UNTIL_MS, 3_000, 36 * HOUR), 10))
    findings = [validator.check(web.from_web(r) if "name" in r else r) for r in records]
    assert len(records) > 20_000
    assert [finding for finding in findings if finding] == []


def test_open_orders_of_the_history_move_on() -> None:
    from rastup_sim.history import lines_of
    from rastup_sim.market import window_of

    window = window_of(UNTIL_MS, 10)
    before = [
        orjson.loads(line)
        for _, _, block in lines_of(SMALL, window, window.hours)
        for line in block.splitlines()
    ]
    confirmed = {r["ids"]["leg_id"] for r in before if r.get("event") == "leg.confirmed"}
    ended = {r["ids"]["leg_id"] for r in before if r.get("event") in ("leg.completed", "leg.cancelled")}
    traffic = Traffic(SMALL, UNTIL_MS, 10, 0)
    later = parsed([e for hour in range(1, 49) for e in traffic.due(UNTIL_MS + hour * HOUR)])
    completed = {r["ids"]["leg_id"] for r in later if r.get("event") == "leg.completed"}
    assert len(completed & (confirmed - ended)) >= 5
    assert not completed & ended


class Collector(BaseHTTPRequestHandler):
    """Takes what it is given, after as many refusals as `server.refusals` holds."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        status = server.refusals.pop(0) if server.refusals else 200
        events = body.splitlines() if self.path == "/collect" else orjson.loads(body)
        if status == 200:
            server.took[self.path] += len(events)
            server.has_taken.set()
        answer = orjson.dumps({"accepted": len(events), "duplicates": 0, "quarantined": 0})
        self.send_response(status)
        if status == 503:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def collector() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.refusals, server.took, server.has_taken = [], Counter(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_each_dialect_goes_to_its_endpoint_whole(collector: Any) -> None:
    events = taken(Traffic(SMALL, UNTIL_MS, 3_000, with_history=False), 1)
    sender = Sender(collector.url, "key", threading.Event())
    sender.send(events)
    sender.close()
    assert collector.took == Counter("/e" if event.is_web else "/collect" for event in events)
    assert sender.sent.accepted == len(events)


def test_a_collector_that_is_full_is_asked_again(collector: Any) -> None:
    collector.refusals = [503, 503]
    sender = Sender(collector.url, "key", threading.Event())
    events = [e for e in taken(Traffic(SMALL, UNTIL_MS, 600, with_history=False), 1) if not e.is_web]
    sender.send(events)
    sender.close()
    assert collector.took["/collect"] == len(events)
    assert sender.sent.retries == 2


def test_a_wrong_key_is_said_and_not_tried_again(collector: Any) -> None:
    collector.refusals = [401]
    sender = Sender(collector.url, "key", threading.Event())
    with pytest.raises(SendingRefusedError, match="answered 401"):
        sender.send(taken(Traffic(SMALL, UNTIL_MS, 600, with_history=False), 1))
    sender.close()
    assert sender.sent.requests == 1


def test_live_traffic_ends_when_it_is_asked_to(collector: Any) -> None:
    stop = collector.has_taken
    traffic = Traffic(SMALL, now_ms(), 6_000, with_history=False)
    sent = run_live(traffic, Sender(collector.url, "key", stop), stop)
    assert sent.accepted == sum(collector.took.values()) > 0


def test_the_time_is_over_though_nobody_answers() -> None:
    waits: list[str] = []
    sender = Sender("http://127.0.0.1:9", "key", threading.Event(), on_wait=waits.append)
    sender.ends_at = time.monotonic() + 0.6
    sender.send(taken(Traffic(SMALL, UNTIL_MS, 600, with_history=False), 1))
    assert (sender.sent.accepted, sender.waits_for) == (0, "the collector cannot be reached")
    assert set(waits) == {"the collector cannot be reached"}
    assert 0.6 <= time.monotonic() - (sender.ends_at - 0.6) < 10
