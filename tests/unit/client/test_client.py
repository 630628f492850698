"""The client against a server that fails as networks and collectors do: nothing lost, nothing twice, nothing silent."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.unit.client.collector import CUT_AFTER, CUT_BEFORE, FakeCollector, running

from rastup.client import Client, Closed, QueueFull, Refused, Rejection, Undelivered, events, transport
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.ids import ulid_time_ms
from rastup.core.paths import data_dir

VALIDATOR = Validator(load_registry())
BUSY = (503, {})


@pytest.fixture(name="collector")
def _collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCollector]:
    monkeypatch.setattr(transport, "FIRST_WAIT_S", 0.01)
    with running() as collector:
        yield collector


def client_of(collector: FakeCollector, **options: Any) -> Client:
    return Client(collector.url, "rk_sec_1", **{"every_s": 60.0, **options})


def save(number: int = 0) -> Any:
    return events.search_save(query_hash=f"9f8e7d6c{number}")


def test_what_arrives_is_a_valid_record_with_all_that_was_said(collector: FakeCollector) -> None:
    with client_of(collector, city="houston", role="seller") as client:
        event_id = client.send(
            events.payout_queued(
                leg_id="leg_1", amount_cents=5, currency="USD", payout_id="pay_1", provider_ref=None
            ),
            user_id="usr_1",
            anon_id="an_1",
            session_id="ses_1",
            occurred_at=datetime(2026, 11, 6, 16, 24, 18, tzinfo=timezone(timedelta(hours=1))),
        )
    record = collector.events[event_id]
    assert VALIDATOR.check(record) is None
    assert record == {
        "event_id": event_id,
        "event": "payout.queued",
        "v": 1,
        "occurred_at": "2026-11-06T15:24:18.000Z",
        "user_id": "usr_1",
        "anon_id": "an_1",
        "session_id": "ses_1",
        "city": "houston",
        "context": {"role": "seller"},
        "ids": {"leg_id": "leg_1"},
        "money": {"amount_cents": 5, "currency": "USD"},
        "payload": {"leg_id": "leg_1", "amount_cents": 5, "payout_id": "pay_1"},
    }
    assert collector.keys == {"Bearer rk_sec_1"}


def test_an_event_gets_its_time_and_a_ulid_of_it_when_it_is_given(collector: FakeCollector) -> None:
    before = int(datetime.now(UTC).timestamp() * 1000)
    with client_of(collector) as client:
        event_id = client.send(save())
    after = int(datetime.now(UTC).timestamp() * 1000)
    assert before <= ulid_time_ms(event_id.removeprefix("evt_")) <= after
    assert collector.events[event_id]["occurred_at"].endswith("Z")


def test_events_go_in_batches_of_the_size_that_was_asked_for(collector: FakeCollector) -> None:
    with client_of(collector, batch_events=10) as client:
        sent = [client.send(save(n)) for n in range(37)]
    assert list(collector.events) == sent
    assert sum(collector.batches) == 37
    assert max(collector.batches) == 10


def test_a_batch_holds_no_more_bytes_than_was_asked_for(collector: FakeCollector) -> None:
    with client_of(collector, batch_bytes=1_000) as client:
        for number in range(20):
            client.send(save(number))
    assert sum(collector.batches) == 20
    assert 2 <= max(collector.batches) <= 5


def test_a_lonely_event_is_sent_after_its_time_without_a_flush(collector: FakeCollector) -> None:
    client = client_of(collector, every_s=0.05)
    arrived = threading.Event()
    collector.rejected = {"search.save": ("X", "$", "x")}
    client._on_rejected = lambda _: arrived.set()
    client.send(save())
    assert arrived.wait(10)
    client.close()


@pytest.mark.parametrize(
    "trouble",
    [BUSY, (429, {"Retry-After": "0"}), (429, {"Retry-After": "soon"}), CUT_BEFORE, CUT_AFTER]
    + [(status, {}) for status in (408, 425, 500, 501, 502, 504, 507, 520, 529, 599)],
)
def test_trouble_is_tried_again_until_everything_is_there_once(
    collector: FakeCollector, trouble: Any
) -> None:
    collector.script = [trouble, trouble, None, trouble]
    with client_of(collector, batch_events=5) as client:
        sent = [client.send(save(n)) for n in range(10)]
    assert sorted(collector.events) == sorted(sent)
    assert [collector.events[name]["payload"]["query_hash"] for name in sent] == [
        f"9f8e7d6c{n}" for n in range(10)
    ]
    assert collector.requests >= 5


def test_a_collector_that_was_down_gets_everything_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "FIRST_WAIT_S", 0.01)
    with running() as gone:
        url = gone.url
    client = Client(url, "k", every_s=0.01)
    client.send(save())
    with pytest.raises(Undelivered, match="ConnectionError") as error:
        client.flush(timeout_s=0.3)
    assert error.value.events == 1
    with running() as back:
        client._transport._url = back.url + "/collect"
        client.flush(timeout_s=20)
        assert len(back.events) == 1
        client.close()


def test_a_batch_that_is_too_large_goes_in_halves(collector: FakeCollector) -> None:
    collector.most_events = 3
    with client_of(collector) as client:
        sent = [client.send(save(n)) for n in range(20)]
    assert sorted(collector.events) == sorted(sent)
    assert max(collector.batches) <= 3


def test_of_a_batch_in_halves_each_part_has_an_end_of_its_own(collector: FakeCollector) -> None:
    lost: list[Any] = []
    told: list[str] = []
    collector.rejected = {"help.view": ("X", "$", "x")}
    # 4: too large. 2: too large. 1: too large by itself. 1: taken. 2: refused for another reason. Then one more batch.
    collector.script = [(413, {}), (413, {}), (413, {}), None, (400, {})]
    with client_of(
        collector,
        batch_events=4,
        on_lost=lambda ids, why: lost.append((list(ids), why.status)),
        on_rejected=lambda rejection: told.append(rejection.event_id),
    ) as client:
        sent = [client.send(save(1)), client.send(events.help_view(slug="a"))]
        sent += [client.send(save(n)) for n in range(3, 6)]
    assert lost == [([sent[0]], 413), (sent[2:4], 400)]
    assert told == [sent[1]]
    assert list(collector.events) == [sent[4]]


def test_a_callback_that_fails_for_one_half_keeps_the_other_from_nothing(collector: FakeCollector) -> None:
    told: list[str] = []

    def fail_first(rejection: Rejection) -> None:
        told.append(rejection.event_id)
        if len(told) == 1:
            raise RuntimeError("the caller's own fault")

    collector.rejected = {"help.view": ("X", "$", "x")}
    collector.most_events = 2
    with client_of(collector, on_rejected=fail_first) as client:
        sent = [client.send(events.help_view(slug=f"{n}")) for n in range(3)]
        good = client.send(save())
    assert told == sent
    assert list(collector.events) == [good]


def test_closing_counts_what_a_half_has_delivered_as_delivered(collector: FakeCollector) -> None:
    collector.script = [(413, {}), None] + [BUSY] * 10_000
    client = client_of(collector)
    sent = [client.send(save(n)) for n in range(4)]
    with pytest.raises(Undelivered, match="2 events"):
        client.close(timeout_s=0.5)
    assert list(collector.events) == sent[:2]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_address_that_leads_elsewhere_is_named_and_not_followed(
    collector: FakeCollector, status: int
) -> None:
    lost: list[Any] = []
    collector.script = [(status, {"Location": "https://rastup.example/collect"})]
    with client_of(collector, on_lost=lambda ids, why: lost.append((list(ids), str(why)))) as client:
        name = client.send(save())
    [(ids, why)] = lost
    assert ids == [name] and collector.requests == 1
    assert f"status {status}" in why and "leads to https://rastup.example/collect" in why


def test_an_event_too_large_alone_is_lost_aloud_and_the_rest_arrives(collector: FakeCollector) -> None:
    lost: list[Any] = []
    collector.script = [(413, {})]
    with client_of(collector, batch_events=1, on_lost=lambda ids, why: lost.append((ids, why))) as client:
        first = client.send(save(1))
        second = client.send(save(2))
    assert list(collector.events) == [second]
    assert [ids for ids, _ in lost] == [[first]]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_for_good_is_told_once_and_not_tried_again(collector: FakeCollector, status: int) -> None:
    lost: list[Any] = []
    collector.script = [(status, {})]
    with client_of(collector, on_lost=lambda ids, why: lost.append((list(ids), why))) as client:
        name = client.send(save())
    [(ids, why)] = lost
    assert ids == [name]
    assert isinstance(why, Refused)
    assert (why.status, collector.requests) == (status, 1)
    assert f"status {status} was asked for" in str(why)


def test_quarantined_events_are_told_with_code_and_path_and_are_not_sent_again(
    collector: FakeCollector,
) -> None:
    told: list[Rejection] = []
    collector.rejected = {"search.save": ("EVENT_SCHEMA_INVALID", "$.payload.query_hash", "expected text")}
    with client_of(collector, on_rejected=told.append) as client:
        bad = client.send(save())
        good = client.send(events.help_view(slug="payouts"))
    assert list(collector.events) == [good]
    assert told == [Rejection(bad, "EVENT_SCHEMA_INVALID", "$.payload.query_hash", "expected text")]
    assert collector.requests == 1


def test_a_callback_that_fails_loses_no_event(
    collector: FakeCollector, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Rejection) -> None:
        raise RuntimeError("the caller's own fault")

    collector.rejected = {"help.view": ("X", "$", "x")}
    with client_of(collector, batch_events=1, on_rejected=fail) as client:
        client.send(events.help_view(slug="payouts"))
        after = client.send(save())
    assert list(collector.events) == [after]
    assert "the caller's own fault" in caplog.text


def test_without_callbacks_rejections_and_losses_are_logged(
    collector: FakeCollector, caplog: pytest.LogCaptureFixture
) -> None:
    collector.rejected = {"search.save": ("EVENT_SCHEMA_INVALID", "$.payload.x", "expected text")}
    collector.script = [None, (401, {})]
    with client_of(collector, batch_events=1) as client:
        client.send(save())
        client.send(save())
    assert "EVENT_SCHEMA_INVALID at $.payload.x" in caplog.text
    assert "1 events were lost" in caplog.text


def test_a_full_queue_says_so_and_keeps_what_it_has(collector: FakeCollector) -> None:
    client = client_of(collector, room=3)
    kept = [client.send(save(n)) for n in range(3)]
    with pytest.raises(QueueFull, match="3 events wait already"):
        client.send(save(4))
    client.close()
    assert list(collector.events) == kept


def test_closing_in_time_or_not_tells_of_everything_that_nobody_will_get(collector: FakeCollector) -> None:
    lost: list[str] = []
    collector.script = [BUSY] * 10_000
    client = client_of(collector, batch_events=2, on_lost=lambda ids, _: lost.extend(ids))
    sent = [client.send(save(n)) for n in range(5)]
    with pytest.raises(Undelivered, match="5 events") as error:
        client.close(timeout_s=0.2)
    assert error.value.events == 5
    assert sorted(lost) == sorted(sent)
    with pytest.raises(Closed):
        client.send(save())
    client.close()


def test_an_answer_that_is_no_collectors_is_a_refusal(collector: FakeCollector) -> None:
    lost: list[Any] = []
    collector.script = [(200, {})]
    with client_of(collector, on_lost=lambda _, why: lost.append(why)) as client:
        client.send(save())
    assert "is the address right" in str(lost[0])


def test_many_threads_lose_nothing_and_repeat_nothing(collector: FakeCollector) -> None:
    collector.script = [BUSY, None, CUT_AFTER, None, CUT_BEFORE]
    sent: list[str] = []
    with client_of(collector, batch_events=50, every_s=0.01) as client:

        def work() -> None:
            sent.extend(client.send(save()) for _ in range(200))

        threads = [threading.Thread(target=work) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(sent)) == 1000
    assert sorted(collector.events) == sorted(sent)


def test_what_was_not_closed_is_sent_when_the_process_ends(collector: FakeCollector) -> None:
    code = (
        "from rastup.client import Client, events\n"
        f"client = Client({collector.url!r}, 'k', every_s=60)\n"
        "client.send(events.help_view(slug='payouts'))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert [record["event"] for record in collector.events.values()] == ["help.view"]


def test_a_forked_process_sends_its_own_events_and_not_its_parents(collector: FakeCollector) -> None:
    code = (
        "import os\n"
        "from rastup.client import Client, events\n"
        f"client = Client({collector.url!r}, 'k', every_s=60)\n"
        "client.send(events.help_view(slug='parent'))\n"
        "child = os.fork()\n"
        "client.send(events.help_view(slug='after' if child else 'child'))\n"
        "client.close()\n"
        "os._exit(0) if child == 0 else os.waitpid(child, 0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    slugs = sorted(record["payload"]["slug"] for record in collector.events.values())
    assert slugs == ["after", "child", "parent"]
    assert sum(collector.batches) == 3


@pytest.mark.parametrize("url", ["", "collector", "ftp://x", "127.0.0.1:8700"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        Client(url, "k")


@pytest.mark.parametrize("key", ["rk_sec_…", "rk\r\nX-Evil: 1", "\x00"])
def test_a_key_that_no_header_can_hold_is_refused_at_once_and_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="is not a write key") as error:
        Client("http://127.0.0.1:1", key)
    assert key not in str(error.value)


def test_a_fault_of_the_client_itself_is_a_loss_that_is_told(
    collector: FakeCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[Any] = []
    client = client_of(collector, on_lost=lambda ids, why: lost.append((list(ids), str(why))))
    monkeypatch.setattr(client._transport, "post", lambda _: {}["gone"])
    name = client.send(save())
    client.close()
    assert lost == [([name], "KeyError: 'gone'")]


def test_a_time_without_a_zone_and_what_json_cannot_say_are_refused_at_once(collector: FakeCollector) -> None:
    naive = datetime(2026, 11, 6)
    with pytest.raises(ValueError, match="has no time zone"):
        events.acceptance_window_start(lbg_id="lbg_1", leg_id="leg_1", ends_at=naive)
    with client_of(collector) as client:
        with pytest.raises(ValueError, match="has no time zone"):
            client.send(save(), occurred_at=naive)
        with pytest.raises(ValueError, match="cannot be said in JSON"):
            client.send(events.search_save(query_hash=object()))  # type: ignore[arg-type]
    assert collector.requests == 0


def test_the_client_needs_nothing_of_the_platform() -> None:
    code = "import sys, rastup.client; print([m for m in sys.modules if m.startswith('rastup.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = {name.split(".")[1] for name in eval(done.stdout)}
    assert loaded == {"client", "core"}


def test_the_reference_of_clients_shows_code_that_runs(collector: FakeCollector) -> None:
    page = (data_dir("contracts").parent / "docs/reference/clients.md").read_text()
    code = page.split("```python\n")[1].split("\n```")[0].replace("http://127.0.0.1:8700", collector.url)
    exec(compile(code, "clients.md", "exec"), {})
    [record] = collector.events.values()
    assert VALIDATOR.check(record) is None
    assert record["ids"] == {"impression_id": "imp_1"}
