"""Which bus is opened, what it needs, and that nobody pays for one that is not configured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rastup.core.config import load
from rastup.core.errors import ConfigError
from rastup.ingest.bus import open_publisher, publisher
from rastup.ingest.bus.outbox import Outbox
from rastup.ingest.spool import SpoolWriter


def settings_with(folder: Path, **bus: str):  # type: ignore[no-untyped-def]
    return load(folder, environ={f"RASTUP_BUS__{name.upper()}": value for name, value in bus.items()})


def test_the_spool_is_the_bus_by_itself(tmp_path: Path) -> None:
    bus = open_publisher(settings_with(tmp_path), "c", lambda _tokens, _error: None)
    assert type(bus) is SpoolWriter
    bus.close()


def test_no_broker_s_library_is_imported_where_it_is_not_configured() -> None:
    code = (
        "import sys, rastup.ingest.collector.app, rastup.ingest.server, rastup.ingest.lander, rastup.ingest.bus.reader;"
        "print([m for m in ('confluent_kafka', 'botocore', 'pyarrow', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("bus", "words"),
    [
        ({"kind": "rabbit"}, "spool, kafka or kinesis"),
        ({"kind": "kafka", "topic": "a/b"}, "letters, digits"),
        ({"max_message_bytes": "1000"}, "≥ 65536"),
    ],
)
def test_settings_are_refused_as_they_are_read(tmp_path: Path, bus: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        settings_with(tmp_path, **bus)


def test_what_a_bus_needs_is_said_before_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=r"bus\.brokers"):
        publisher.check(settings_with(tmp_path, kind="kafka"))
    large = load(
        tmp_path,
        environ={
            "RASTUP_BUS__KIND": "kinesis",
            "RASTUP_BUS__MAX_MESSAGE_BYTES": "70000",
            "RASTUP_INGEST__MAX_EVENT_BYTES": "60000",
        },
    )
    with pytest.raises(ConfigError, match="120000"):
        publisher.check(large)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(ConfigError, match=r"rastup\[kafka\]"):
        publisher.check(settings_with(tmp_path, kind="kafka", brokers="there:9092"))
    publisher.check(settings_with(tmp_path))


def test_a_secret_option_is_never_shown(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, kind="kafka", brokers="there:9092", kafka_options="sasl.password")
    with pytest.raises(ConfigError) as caught:
        publisher.check(settings)
    assert "sasl.password" in str(caught.value)
    hidden = settings_with(tmp_path, kind="kafka", brokers="there:9092", kafka_options="acks=hunter2")
    with pytest.raises(ConfigError) as caught:
        publisher.check(hidden)
    assert "hunter2" not in str(caught.value)


def test_a_submission_is_answered_once_all_of_its_messages_are_heard_of() -> None:
    told: list[tuple[list[str], str]] = []
    outbox: Outbox[str] = Outbox(lambda tokens, error: told.append((tokens, str(error))))
    one, two = outbox.add("one", 2, 10), outbox.add("two", 2, 20)
    outbox.confirm(one, None)
    outbox.confirm(two, OSError("away"))
    outbox.tell()
    assert told == [] and outbox.in_flight_bytes == 30
    outbox.confirm(one, None)
    outbox.confirm(two, None)
    outbox.tell()
    assert told == [(["one"], "None"), (["two"], "away")] and outbox.in_flight_bytes == 0


def test_a_listener_that_fails_stops_nothing() -> None:
    told: list[str] = []

    def hear(tokens: list[str], _error: Exception | None) -> None:
        told.extend(tokens)
        raise OSError("the loop is closed")

    outbox: Outbox[str] = Outbox(hear)
    for token, error in (("one", None), ("two", OSError("away"))):
        outbox.confirm(outbox.add(token, 1, 10), error)
    outbox.tell()
    assert told == ["one", "two"]
