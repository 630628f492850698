"""Messages of the bus that are no collector's records, replayed: where they go, which no key has said."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.bus.rigs import bad as refused

from rastup.core.config import IngestConfig
from rastup.ingest.bus.messages import line_of
from rastup.ingest.quarantine import BadRecord
from rastup.ingest.quarantine.records import parse
from rastup.ingest.repair.document import short_step
from rastup.ingest.repair.judging import Judge

EVENT = {
    "event": "search.query",
    "v": 1,
    "occurred_at": "2026-11-06T15:24:18.000Z",
    "anon_id": "an_1",
    "context": {"role": "guest"},
    "ids": {},
    "payload": {"query_hash": "0a1b2c3d", "results": 3},
}


def poison(message: bytes) -> BadRecord:
    return BadRecord(**json.loads(line_of(message, "events/0/7", 1_793_976_258_000))["_bad"])


def env_of(bad: BadRecord, *steps: Any) -> str:
    """The environment of the event that it becomes."""
    line = Judge(IngestConfig(), steps, lambda: datetime(2026, 11, 7, tzinfo=UTC)).judge(bad).line
    assert line is not None
    return str(json.loads(line)["context"]["env"])


@pytest.mark.parametrize(
    ("said", "env"),
    [
        (None, "prod"),
        ("dev", "dev"),
        ("stage", "stage"),
        ("prod", "prod"),
        ("unknown", "prod"),
        ("production", "prod"),
        (["stage"], "prod"),
    ],
)
def test_a_message_goes_where_it_says_itself_else_to_prod(said: Any, env: str) -> None:
    context = EVENT["context"] if said is None else {"role": "guest", "env": said}
    bad = poison(json.dumps({**EVENT, "context": context}).encode())
    assert (bad.env, bad.source) == ("unknown", "bus")
    if said in ("dev", "stage", "prod", None):
        assert env_of(bad) == env
    else:  # the envelope's contract knows three environments
        assert env_of(bad, short_step("drop", "context.env")) == env


def test_a_repair_may_say_where_it_goes() -> None:
    bad = poison(json.dumps(EVENT).encode())
    assert env_of(bad, short_step("set", "context.env=stage")) == "stage"


def test_the_environment_of_a_key_is_not_a_message_s_to_change() -> None:
    bad = poison(json.dumps({**EVENT, "context": {"role": "guest", "env": "prod"}}).encode())
    known = dataclasses.replace(bad, env="dev")
    assert env_of(known) == env_of(known, short_step("set", "context.env=stage")) == "dev"


@pytest.mark.parametrize("message", [b"", b"\xff", b"[]", b"5", b'{"context":5}', b"[" * 5_000])
def test_what_is_no_event_at_all_stays_where_it_is(message: bytes) -> None:
    judged = Judge(IngestConfig(), (), lambda: datetime(2026, 11, 7, tzinfo=UTC)).judge(poison(message))
    assert judged.line is None


ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text(), max_size=1)
NEARLY = ["A", "\u00e9", "[[", "base64", "utf8", "latin1", "segment", "morse", "bad_", "bad_\x00" + "0" * 25]
NEARLY += [
    "2026-11-06T99:99:99.000Z",
    "2026-11-06T15:00:00.000",
    "2026-11-06T15:00:00Z",
    "0001-01-01T00:00:00.000Z",
]


@given(
    st.dictionaries(
        st.sampled_from(sorted(json.loads(refused(1))["_bad"])),
        ANYTHING | st.sampled_from(NEARLY),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_says_of_itself_that_it_was_refused_ends_no_replay(changes: dict[str, Any]) -> None:
    message = json.dumps({"_bad": {**json.loads(refused(1))["_bad"], **changes}})
    found, odd = parse([line_of(message.encode(), "events/0/7", 1_793_976_258_000)])
    assert (len(found), odd) == (1, 0)
    Judge(IngestConfig(), (), lambda: datetime(2026, 11, 7, tzinfo=UTC)).judge(found[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"raw": "A", "encoding": "base64"},
        {"encoding": "latin1"},
        {"received_at": "2026-11-06T99:99:99.000Z"},
        {"received_at": "2026-11-06T15:00:00.000"},
        {"source": 5},
        {"id": "bad_1"},
    ],
)
def test_a_refused_event_that_no_reader_can_use_is_kept_with_all_its_bytes(changes: dict[str, Any]) -> None:
    message = json.dumps({"_bad": {**json.loads(refused(1))["_bad"], **changes}})
    assert poison(message.encode()).original == message.encode()


@pytest.mark.parametrize("text", ['{ "_bad": {}}', '{"v":1,"_bad":{}}'])
def test_a_refused_event_is_one_only_where_every_reader_looks_for_it(text: str) -> None:
    message = text.replace("{}", json.dumps(json.loads(refused(1))["_bad"])).encode()
    assert poison(message).original == message
