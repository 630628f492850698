"""What every bus keeps to: durable before the answer, in order for each key, nothing lost, nothing stored twice by us."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import threading
import time
from collections import Counter
from typing import Any

import pytest
from tests.integration.bus.rigs import (
    Published,
    Rig,
    bad,
    empty_spool,
    event,
    fill_spool,
    in_child,
)

from rastup.core.errors import Unavailable
from rastup.ingest import lander, tail
from rastup.ingest.bus import reader
from rastup.ingest.landing import Steps


def ids(records: list[dict[str, Any]]) -> Counter[str]:
    return Counter(str(record.get("_bad", {}).get("id") or record.get("event_id")) for record in records)


def ids_of(lines: list[bytes]) -> Counter[str]:
    return ids([json.loads(line) for line in lines])


def killer(name: str, nth: int) -> Steps:
    """Kills this process when the step is done for the n-th time."""
    seen = Counter[str]()

    def step(done: str) -> None:
        seen[done] += 1
        if done == name and seen[done] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def test_what_is_answered_is_in_bronze_once_as_it_was(rig: Rig) -> None:
    lines = [event(n, device=n % 7) for n in range(120)] + [bad(1), bad(2)]
    with Published(rig) as bus:
        tokens = [bus.submit(lines[start : start + 11]) for start in range(0, len(lines), 11)]
        bus.answers.wait_for(tokens)
    assert set(bus.answers.of.values()) == {None}
    arrived = rig.arrive()
    assert sorted(map(json.dumps, arrived)) == sorted(json.dumps(json.loads(line)) for line in lines)
    assert ids(rig.arrive()) == ids_of(lines), "reading again adds nothing"
    more = [event(n, device=n % 7) for n in range(120, 160)]
    with Published(rig) as bus:
        assert bus.put(more) is None
    assert ids(rig.arrive()) == ids_of(lines + more), "what has landed is not read again"


def test_an_answer_outlives_its_sender(rig: Rig) -> None:
    lines = [event(n, device=n % 5) for n in range(60)]

    def send_and_die() -> None:
        bus = Published(rig).__enter__()
        assert bus.put(lines) is None
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(send_and_die) == -signal.SIGKILL
    assert ids(rig.arrive()) == ids_of(lines)


def test_the_events_of_one_device_stay_in_order(rig: Rig) -> None:
    with Published(rig) as bus:
        tokens = [
            bus.submit([event(turn * 6 + device, device, payload={"turn": turn}) for device in range(6)])
            for turn in range(50)
        ]
        bus.answers.wait_for(tokens)
    turns: dict[str, list[int]] = {}
    for record in rig.arrive():
        turns.setdefault(record["anon_id"], []).append(record["payload"]["turn"])
    assert turns == {f"an_{device}": list(range(50)) for device in range(6)}


def test_many_threads_may_submit(rig: Rig) -> None:
    with Published(rig) as bus:

        def send(thread: int) -> None:
            for n in range(20):
                bus.bus.submit(event(thread * 20 + n, device=thread), (thread, n))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        bus.answers.wait_for((thread, n) for thread in range(6) for n in range(20))
    assert set(bus.answers.of.values()) == {None}
    assert len(ids(rig.arrive())) == 120


def test_closing_answers_everything_and_later_submissions_are_refused(rig: Rig) -> None:
    bus = Published(rig).__enter__()
    tokens = [bus.submit([event(n)]) for n in range(30)]
    bus.bus.close()
    assert [bus.answers.of[token] for token in tokens] == [None] * 30
    assert isinstance(bus.put([event(31)]), Unavailable)
    assert len(rig.arrive()) == 30


def test_lines_must_be_whole(rig: Rig) -> None:
    with Published(rig) as bus, pytest.raises(ValueError, match="newline"):
        bus.bus.submit(b'{"event":', 1)


def test_a_bus_that_is_away_says_so_answers_everybody_and_comes_back(rig: Rig) -> None:
    with Published(rig) as bus:
        assert bus.put([event(1)]) is None
        rig.pause()
        waiting = [bus.submit([event(n)]) for n in range(2, 6)]
        deadline = time.monotonic() + 20
        while bus.bus.full_reason is None:
            assert time.monotonic() < deadline, "it takes nothing and does not say so"
            time.sleep(0.02)
        bus.answers.wait_for(waiting)
        if rig.kind != "spool":  # which takes what was submitted before it could say that it is full
            assert all(isinstance(bus.answers.of[token], Unavailable) for token in waiting)
        rig.resume()
        bus.await_room()
        for token, n in zip(waiting, range(2, 6), strict=True):
            if bus.answers.of[token] is not None:  # as a client would
                assert bus.put([event(n)]) is None
        assert bus.put([event(6)]) is None
    # What was refused may have been stored all the same, and then is there twice: Silver knows it by its id.
    assert ids(rig.arrive()).keys() == ids_of([event(n) for n in range(1, 7)]).keys()


@pytest.mark.parametrize("step", ["read", "stored", "noted"])
def test_whoever_is_killed_each_record_lands_once(rig: Rig, step: str) -> None:
    lines = [event(n, device=n % 9) for n in range(90)]
    with Published(rig) as bus:
        assert bus.put(lines[:45]) is None
        ends = {in_child(lambda: rig.read(killer(step, 1))) for _ in range(2)}
        assert ends == {-signal.SIGKILL if step in ("read", "stored") and rig.kind != "spool" else 0}
        assert bus.put(lines[45:]) is None
    in_child(lambda: rig.read(killer(step, 1)))
    in_child(lambda: lander.run(rig.settings, threading.Event(), once=True, steps=killer(step, 1)))
    assert ids(rig.arrive()) == ids_of(lines)


def test_bronze_files_are_named_by_the_numbers_of_the_bus(broker: Rig) -> None:
    with Published(broker) as bus:
        assert bus.put([event(n, device=n % 9) for n in range(90)]) is None
    broker.arrive()
    first = broker.files()
    shutil.rmtree(broker.settings.home.root)  # a reader that knows nothing any more
    broker.arrive()
    assert broker.files() == first
    assert all(f"/part-{broker.kind}-{broker.topic}-" in name for name in first)


def test_what_a_reader_has_read_is_seen_at_once(broker: Rig) -> None:
    stop = threading.Event()
    running = threading.Thread(target=reader.run, args=(broker.settings, stop))
    running.start()
    try:
        with Published(broker) as bus:
            assert bus.put([event(1), event(2)]) is None
            deadline = time.monotonic() + 20
            while len(seen := tail.latest(broker.settings, limit=10)) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert broker.files() == {} and {item.status for item in seen} == {"accepted"}
    finally:
        stop.set()
        running.join()


POISON = [
    b"not JSON",
    b"",
    b"[1,2]",
    b"7",
    b'"_bad"',
    b"null",
    b'{"_bad":1}',
    b'{"_meter":{}}',
    b'{"_frame":{"offset":0,"records":1,"bytes":3,"crc":"00000000"}}',
    b'{"event":"leg.confirmed"}',
    event(1)[:-1].replace(b'"2026-11-06T15:00:01.000Z"', b"1"),
    event(1)[:-1].replace(b'"payload": {"n": 1}', b'"payload": null'),
    b"\xff\xfe\x00",
    b"[" * 5_000,
    b'{"a":NaN}',
]


def test_poison_is_quarantined_with_its_bytes_and_stops_nothing(broker: Rig) -> None:
    for value in POISON:
        broker.put_raw(value)
    with Published(broker) as bus:
        assert bus.put([event(n, device=n) for n in range(20)]) is None
    arrived = broker.arrive()
    kept = [record["_bad"] for record in arrived if "_bad" in record]
    assert len([record for record in arrived if "_bad" not in record]) == 20
    assert {bad["code"] for bad in kept} == {"EVENT_ENVELOPE_INVALID"}
    assert sorted(raw_of(bad) for bad in kept) == sorted(POISON)
    assert len({bad["id"] for bad in kept}) == len(POISON)
    first = broker.files()
    shutil.rmtree(broker.settings.home.root)
    broker.arrive()
    assert broker.files() == first, "the same poison is the same record whenever it is read"


def raw_of(record: dict[str, Any]) -> bytes:
    import base64

    raw: str = record["raw"]
    return base64.b64decode(raw) if record["encoding"] == "base64" else raw.encode()


def test_a_refused_event_that_no_message_can_carry_keeps_its_beginning(broker: Rig) -> None:
    raw = "x" * 3_000_000
    with Published(broker) as bus:
        assert bus.put([bad(1, raw), event(1)]) is None
    arrived = broker.arrive()
    [kept] = [record["_bad"] for record in arrived if "_bad" in record]
    assert raw.encode().startswith(raw_of(kept)) and len(raw_of(kept)) > 500_000
    assert "3000000 bytes" in kept["message"] and len(arrived) == 2


def test_a_full_spool_leaves_events_on_the_bus(broker: Rig) -> None:
    with Published(broker) as bus:
        assert bus.put([event(n, device=n) for n in range(20)]) is None
    fill_spool(broker.settings)
    stop = threading.Event()
    running = threading.Thread(target=reader.run, args=(broker.settings, stop))
    running.start()
    try:
        time.sleep(1.0)
        assert not tail.latest(broker.settings, limit=10)
        empty_spool(broker.settings)
        deadline = time.monotonic() + 20
        while len(tail.latest(broker.settings, limit=100)) < 20:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        running.join()
    assert len(broker.arrive()) == 20


def test_a_disk_that_refuses_a_reader_costs_nothing(broker: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with Published(broker) as bus:
        assert bus.put([event(n, device=n) for n in range(30)]) is None
    refusals = iter([False, True, True])
    sync = os.fdatasync

    def refuse(fd: int) -> None:
        if next(refusals, False):
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(fd)

    monkeypatch.setattr("rastup.ingest.spool.stream.os.fdatasync", refuse)
    stop = threading.Event()
    running = threading.Thread(target=reader.run, args=(broker.settings, stop))
    running.start()
    try:
        deadline = time.monotonic() + 30
        while len(tail.latest(broker.settings, limit=100)) < 30:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        running.join()
    assert next(refusals, None) is None
    assert ids(broker.arrive()) == ids_of([event(n) for n in range(30)])


def test_a_reader_waits_for_a_bus_that_is_away(broker: Rig) -> None:
    with Published(broker) as bus:
        assert bus.put([event(1)]) is None
    broker.pause()
    stop = threading.Event()
    running = threading.Thread(target=reader.run, args=(broker.settings, stop))
    running.start()
    try:
        time.sleep(0.5)
        broker.resume()
        deadline = time.monotonic() + 30
        while not tail.latest(broker.settings, limit=10):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        running.join()
    assert len(broker.arrive()) == 1
