"""A repair lets each event go on once: when done again, when two do it at once, when killed anywhere; and it is undone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from tests.unit.console.inlet import Inlet, example

from rastup.contracts.explanation import Finding
from rastup.core.errors import LeaseHeld, SpoolFull, UsageError
from rastup.ingest.admission import Stamp
from rastup.ingest.dialects import SEGMENT
from rastup.ingest.feed import Feed
from rastup.ingest.landing import seal_dead
from rastup.ingest.quarantine import OPEN, REFUSED, REPLAYED, Filters, Quarantine
from rastup.ingest.readmission import Refused, refused_line
from rastup.ingest.repair import claims, history
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair, short_step
from rastup.ingest.repair.expiry import purge
from rastup.ingest.repair.trial import try_out
from rastup.ingest.repair.undo import undo
from rastup.ingest.spool.segments import Segment, stream_segments
from rastup.ingest.tail import ACCEPTED, latest
from rastup.lake.bronze import UNDONE
from rastup.lake.ledger import files_of_kind, forget, open_files
from rastup.lake.relisting import Relisted, relist
from rastup.state.schema import bronze_files, withdrawals

MEND = Repair((short_step("event", "search.qwery=search.query"),), Filters(event="search.qwery"))


def refused(inlet: Inlet, records: int, **changes: Any) -> None:
    """Events of a name that no contract knows; without ids of their own, so their bytes make them."""
    for number in range(records):
        record = {**example("search.query", number), "event": "search.qwery", **changes}
        record["payload"] = {**record["payload"], "latency_ms": number}
        del record["event_id"]
        inlet.bring(record)


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    return Inlet(tmp_path)


@pytest.fixture
def engine(inlet: Inlet) -> Engine:
    return Quarantine(inlet.settings).engine


def accepted(inlet: Inlet) -> list[str | None]:
    return [item.event_id for item in latest(inlet.settings, limit=1_000, status=ACCEPTED)]


def states(inlet: Inlet) -> Counter[str]:
    return Counter(bad.state for bad in Quarantine(inlet.settings).records(Filters()))


def mend(inlet: Inlet, engine: Engine, repair: Repair = MEND, **more: Any) -> history.Report:
    records = Quarantine(inlet.settings).records(repair.filters)
    return carry_out(inlet.settings, engine, repair, records, who="tester", **more)


def test_a_trial_changes_nothing_and_says_what_the_repair_does(inlet: Inlet, engine: Engine) -> None:
    refused(inlet, 3)
    refused(inlet, 1, payload={})
    records = list(Quarantine(inlet.settings).records(MEND.filters))
    tried = try_out(inlet.settings, MEND, records)
    assert accepted(inlet) == [] and states(inlet) == {OPEN: 4} and history.reports(engine) == []
    assert {c.path for s in tried.samples for c in s.changes} == {"$.event"}
    done = mend(inlet, engine)
    assert (done.passed, done.refused) == (tried.passed, tried.refused) == (3, 1)
    assert done.verdicts == tried.verdicts
    assert len(accepted(inlet)) == 3
    assert states(inlet) == {REPLAYED: 3, REFUSED: 1}


def test_a_repair_done_again_finds_only_what_is_left(inlet: Inlet, engine: Engine) -> None:
    refused(inlet, 3)
    records = list(Quarantine(inlet.settings).records(MEND.filters))  # looked up before the first one ran
    mend(inlet, engine)
    again = carry_out(inlet.settings, engine, MEND, records, who="tester")
    other = Repair((*MEND.steps, short_step("set", "payload.results=1")))
    mend(inlet, engine, other)
    assert (again.passed, again.refused) == (0, 0)
    assert len(accepted(inlet)) == 3


def test_of_two_at_once_each_record_is_one_s(inlet: Inlet, engine: Engine) -> None:
    refused(inlet, 4)
    ends: list[object] = []

    def work() -> None:
        try:
            ends.append(mend(inlet, engine).passed)
        except LeaseHeld:
            ends.append("waits")

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(end for end in ends if isinstance(end, int)) == 4
    assert len(accepted(inlet)) == len(set(accepted(inlet))) == 4


KILLED = """
import os, sys
from rastup.core.config import load
from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.repair import application
from rastup.ingest.repair.document import Repair, short_step
application._BATCH = 2
settings = load(sys.argv[1], environ={"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"})
found, left = Quarantine(settings), [int(sys.argv[3])]

def steps(name):
    if name == sys.argv[2]:
        left[0] -= 1
        if not left[0]:
            os._exit(9)

repair = Repair((short_step("event", "search.qwery=search.query"),), Filters(event="search.qwery"))
application.carry_out(settings, found.engine, repair, found.records(repair.filters), who="killed", steps=steps)
"""


@pytest.mark.parametrize("landed", [False, True])
@pytest.mark.parametrize(("step", "passed"), [("claimed", 2), ("spooled", 4), ("confirmed", 4)])
def test_what_a_killed_repair_left_is_settled_and_the_rest_goes_on_once(
    inlet: Inlet, engine: Engine, step: str, passed: int, landed: bool
) -> None:
    """Killed in its second batch of two; the next repair gives the events another content, and so other ids."""
    refused(inlet, 5)
    home = str(inlet.settings.home.root)
    killed = subprocess.run([sys.executable, "-W", "error", "-c", KILLED, home, step, "2"], check=False)
    assert killed.returncode == 9
    assert len(accepted(inlet)) == passed
    if landed:
        inlet.land()
    other = Repair((*MEND.steps, short_step("set", "payload.results=77")), MEND.filters)
    rest = mend(inlet, engine, other)
    assert (rest.passed, states(inlet)) == (5 - passed, {REPLAYED: 5})
    assert len(accepted(inlet)) == 5
    assert [(r.state, r.passed) for r in history.reports(engine)] == [
        (history.DONE, 5 - passed),
        (history.INTERRUPTED, passed),
    ]


def test_what_a_killed_repair_left_is_settled_while_the_lander_seals_its_stream(
    inlet: Inlet, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(inlet, 5)
    home = str(inlet.settings.home.root)
    subprocess.run([sys.executable, "-W", "error", "-c", KILLED, home, "spooled", "2"], check=False)
    sealed: list[Segment] = []

    def sealed_when_listed(folder: Path) -> list[Segment]:
        found = stream_segments(folder)
        sealed.extend(seal_dead(folder.parent, segment) for segment in found if not segment.sealed)
        return found

    monkeypatch.setattr(claims, "stream_segments", sealed_when_listed)
    rest = mend(inlet, engine)
    assert len(sealed) == 1
    assert (rest.passed, states(inlet)) == (1, {REPLAYED: 5})
    assert len(accepted(inlet)) == 5


def test_a_full_spool_leaves_the_records_open(
    inlet: Inlet, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(inlet, 2)

    def full(_self: Feed, _data: bytes) -> None:
        raise SpoolFull("the spool is full")

    with monkeypatch.context() as patched:
        patched.setattr(Feed, "put", full)
        with pytest.raises(SpoolFull):
            mend(inlet, engine)
    assert states(inlet) == {OPEN: 2}
    assert history.reports(engine)[0].state == history.INTERRUPTED
    assert mend(inlet, engine).passed == 2


@pytest.mark.parametrize("landed", [False, True])
def test_undo_opens_the_records_and_its_events_no_longer_count(
    inlet: Inlet, engine: Engine, landed: bool
) -> None:
    refused(inlet, 3)
    inlet.bring(example("search.query", 7))
    done = mend(inlet, engine)
    if landed:
        inlet.land()
    undone = undo(inlet.settings, engine, done.repair_id, who="tester")
    inlet.land()
    assert (undone.events, undone.reopened, undone.released_since) == (3, 3, None)
    assert states(inlet) == {OPEN: 3}
    assert [(f.event, f.records) for f in open_files(engine, "events")] == [("search.query", 1)]
    assert history.get(engine, done.repair_id).state == history.UNDONE
    with pytest.raises(UsageError, match="was undone at"):
        undo(inlet.settings, engine, done.repair_id, who="tester")
    again = mend(inlet, engine)
    inlet.land()
    assert (again.passed, sum(f.records for f in open_files(engine, "events"))) == (3, 4)


class Killed(BaseException):
    """Ends an undo as a kill would: nothing catches it."""


def left(inlet: Inlet, engine: Engine) -> dict[str, object]:
    """What an undo is about, without its moments."""
    with engine.connect() as connection:
        rows = connection.execute(select(withdrawals.c.stream, withdrawals.c.gone_since)).all()
    return {
        "states": states(inlet),
        "withdrawn": {tuple(row) for row in rows},
        "marked": {path.name for path in inlet.settings.home.bronze.glob("_withdrawn/*")},
        "repairs": [(r.repair_id, r.state, r.passed) for r in history.reports(engine)],
    }


@pytest.mark.parametrize("step", ["marked", "withdrawn", "reopened", "noted"])
def test_an_undo_that_was_killed_ends_when_it_is_done_again(inlet: Inlet, engine: Engine, step: str) -> None:
    refused(inlet, 3)
    done = mend(inlet, engine)
    inlet.land()
    reached: list[str] = []

    def kill(name: str) -> None:
        reached.append(name)
        if name == step:
            raise Killed

    with pytest.raises(Killed):
        undo(inlet.settings, engine, done.repair_id, who="tester", steps=kill)
    if step == "noted":
        with pytest.raises(UsageError, match="was undone at"):
            undo(inlet.settings, engine, done.repair_id, who="tester")
    else:
        assert history.get(engine, done.repair_id).state == history.DONE
        again = undo(inlet.settings, engine, done.repair_id, who="tester")
        assert (again.events, again.reopened) == (3, 0 if step == "reopened" else 3)
    (name,) = {file.stream for file in files_of_kind(engine, UNDONE)}
    assert reached == ["marked", "withdrawn", "reopened", "noted"][: len(reached)] and reached[-1] == step
    found = left(inlet, engine)
    assert found["states"] == {OPEN: 3} and found["withdrawn"] == {(name, None)}
    assert found["marked"] == {f"{name}.json"} and open_files(engine, "events") == []
    assert found["repairs"] == [(done.repair_id, history.UNDONE, 3)]


def test_an_undo_outlives_the_ledger(inlet: Inlet, engine: Engine) -> None:
    refused(inlet, 2)
    undo(inlet.settings, engine, mend(inlet, engine).repair_id, who="tester")
    forget(engine, [f.path for f in files_of_kind(engine, UNDONE)])
    assert relist(inlet.settings, engine) == Relisted(1, 0)
    assert open_files(engine, "events") == []


def test_an_undo_of_what_never_was_is_refused(inlet: Inlet, engine: Engine) -> None:
    with pytest.raises(UsageError, match="there is no repair"):
        undo(inlet.settings, engine, "rep_01M7Z7SECXT4GZSGSTBRM3WCST", who="tester")


def test_hostile_records_are_repaired_like_any(inlet: Inlet, engine: Engine) -> None:
    inlet.bring_bytes(
        b"[" * 5_000, b'{"event": "\xff"}', b"7", b'"text"', b'{"event": "search.qwery", "payload": 7}'
    )
    refused(inlet, 1, ids={"user": "anna@example.com"})
    everything = Repair(
        (*MEND.steps, short_step("set", "payload.a.b.c=1"), short_step("cast", "payload.list[*]=integer"))
    )
    done = mend(inlet, engine, everything)
    assert done.passed + done.refused == 6
    assert "anna@example.com" not in json.dumps([v.message for v in done.verdicts])


def test_groups_say_since_when_until_when_and_name_the_newest(inlet: Inlet) -> None:
    for hour in (3, 1, 5, 2, 4):
        refused(
            inlet, 1, received_at=f"2026-11-06T0{hour}:00:00.000Z", occurred_at=f"2026-11-06T0{hour}:00:00Z"
        )
    inlet.bring({**example("search.query", 9), "event": "search.qwery"}, source="app")
    found = Quarantine(inlet.settings)
    first, second = found.groups(Filters())
    assert (first.code, first.event, first.path, first.source) == (
        "EVENT_UNKNOWN",
        "search.qwery",
        "$.event",
        "web",
    )
    assert (first.records, first.states, second.source) == (5, {OPEN: 5}, "app")
    assert (first.first[11:13], first.last[11:13]) == ("01", "05")
    times = [found.get(bad_id).received_at[11:13] for bad_id in first.examples]
    assert times == ["05", "04", "03"]


def test_a_call_of_an_sdk_is_repaired_in_its_own_words(inlet: Inlet, engine: Engine) -> None:
    call = {
        "type": "track",
        "event": "search.qwery",
        "anonymousId": "an_1",
        "messageId": "m-1",
        "timestamp": "2026-11-06T15:24:18.000Z",
        "properties": {"query_hash": "9f8e7d6c", "results": "12"},
    }
    finding = Finding("EVENT_UNKNOWN", "$.event", "no contract knows this event")
    stamp = Stamp("2026-11-06T15:24:19.000Z", "prod", "site")
    line = refused_line(json.dumps(call).encode(), Refused(finding, SEGMENT, "search.qwery"), stamp)
    with Feed(inlet.settings.home.spool, "c0", inlet.settings.spool) as feed:
        feed.put(line)
    steps = (*MEND.steps, short_step("cast", "properties.results=integer"))
    assert mend(inlet, engine, Repair(steps, MEND.filters)).passed == 1
    (item,) = latest(inlet.settings, limit=9, status=ACCEPTED)
    assert item.record is not None
    assert (item.event, item.source, item.record["payload"]["results"]) == ("search.query", "site", 12)


@pytest.mark.parametrize("depth", [200, 400, 900])
def test_what_is_nested_too_deep_is_refused_and_stops_nothing(
    inlet: Inlet, engine: Engine, depth: int
) -> None:
    inlet.bring_bytes(
        b'{"event": "search.qwery", "payload": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"
    )
    refused(inlet, 1)
    everything = Repair((*MEND.steps, short_step("set", "payload.x=1")))
    tried = try_out(inlet.settings, everything, Quarantine(inlet.settings).records(Filters()))
    done = mend(inlet, engine, everything)
    assert (tried.passed, tried.refused) == (done.passed, done.refused) == (1, 1)


@pytest.mark.parametrize("depth", [250, 300, 400, 900])
@pytest.mark.parametrize("head", ['"name": "zz.poison", ', '"event": "zz.poison", '])
def test_a_record_of_any_dialect_that_is_too_deep_is_refused_again_and_the_rest_goes_on(
    inlet: Inlet, engine: Engine, head: str, depth: int
) -> None:
    nested = '{"a":' * depth + "1" + "}" * depth
    inlet.bring_bytes(f'{{{head}"payload": {nested}}}'.encode())
    known = json.dumps({**example("search.query", 7), "payload": "HERE"})
    inlet.bring_bytes(
        known.replace('"HERE"', json.dumps({"query_hash": "a1"})[:-1] + f', "x": {nested}}}').encode()
    )
    refused(inlet, 1)
    repair = Repair((*MEND.steps, short_step("drop", "payload.zzz"), short_step("drop", "payload.a.a")))
    tried = try_out(inlet.settings, repair, Quarantine(inlet.settings).records(Filters()))
    done = mend(inlet, engine, repair)
    assert (tried.passed, tried.refused) == (done.passed, done.refused)
    assert done.state == history.DONE and done.passed >= 1 and done.passed + done.refused == 3


def test_an_undo_is_possible_when_the_records_are_no_longer_kept(inlet: Inlet, engine: Engine) -> None:
    refused(inlet, 2, received_at="2020-01-01T00:00:00.000Z")
    inlet.land()
    done = mend(inlet, engine)
    inlet.land()
    with engine.begin() as connection:
        connection.execute(update(bronze_files).values(landed_at="2020-01-01T00:00:00.000Z"))
    assert purge(inlet.settings, engine).records == 2
    undone = undo(inlet.settings, engine, done.repair_id, who="tester")
    assert (undone.events, undone.reopened) == (2, 0)
    assert open_files(engine, "events") == []
