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
        ({"brokers": "evil:99999999"}, "ports from 1 to 65535"),
        ({"brokers": "there:65536"}, "ports from 1 to 65535"),
        ({"brokers": "there:0"}, "ports from 1 to 65535"),
        ({"brokers": "::::"}, "`host:port`"),
        ({"brokers": "here:9092,,there:9092"}, "`host:port`"),
        ({"brokers": "[::zz]:9092"}, "`host:port`"),
        ({"brokers": "a b:9092"}, "`host:port`"),
        ({"kinesis_endpoint": "foo"}, r"kinesis_endpoint = 'foo' .* `http://host:port`"),
        ({"kinesis_endpoint": "http://"}, "`http://host:port`"),
        ({"kinesis_endpoint": "http://a:99999"}, "`http://host:port`"),
        ({"kinesis_endpoint": "http://a_b:1"}, "`http://host:port`"),
        ({"kinesis_endpoint": "http://[::1"}, "`http://host:port`"),
        ({"kinesis_endpoint": "file:///etc/passwd"}, "`http://host:port`"),
        ({"kinesis_region": "../x"}, "for example us-east-1"),
        ({"kinesis_region": ""}, "for example us-east-1"),
        ({"kinesis_region": "-us"}, "for example us-east-1"),
    ],
)
def test_settings_are_refused_as_they_are_read(tmp_path: Path, bus: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        settings_with(tmp_path, **bus)


@pytest.mark.parametrize(
    "brokers",
    ["there:9092", "there", "10.0.0.1:9092, b-2.my_kafka.svc:9094", "SASL_SSL://there:1", "[::1]:65535", ""],
)
def test_the_ways_to_name_brokers_are_taken(tmp_path: Path, brokers: str) -> None:
    assert settings_with(tmp_path, brokers=brokers).bus.brokers == brokers


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("us-east-1", ""),
        ("us-gov-west-1", "https://vpce-1.kinesis.us-gov-west-1.vpce.amazonaws.com"),
        ("eu-central-1", "http://127.0.0.1:5000"),
        ("local", "http://[::1]:4566/"),
        ("us-east-1", "http://localhost:4566/kinesis"),
    ],
)
def test_what_kinesis_s_own_library_takes_is_taken(tmp_path: Path, region: str, endpoint: str) -> None:
    pytest.importorskip("botocore")
    from rastup.ingest.bus.kinesis_client import client_of

    made = client_of(settings_with(tmp_path, kinesis_region=region, kinesis_endpoint=endpoint).bus)
    assert made.meta.region_name == region
    assert made.meta.endpoint_url.rstrip("/").startswith(endpoint.rstrip("/"))
    made.close()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("foo=bar", '"foo"'),
        ("socket.timeout.ms=hunter2", r"socket\.timeout\.ms"),
        ("security.protocol=hunter2", r"security\.protocol"),
        ("stats_cb=hunter2", "stats_cb"),
        ("logger=hunter2", "logger"),
    ],
)
def test_an_option_that_kafka_s_library_refuses_is_named(tmp_path: Path, option: str, words: str) -> None:
    pytest.importorskip("confluent_kafka")
    settings = settings_with(tmp_path, kind="kafka", brokers="there:9092", kafka_options=option)
    with pytest.raises(ConfigError, match=words) as caught:
        publisher.check(settings)
    assert "hunter2" not in str(caught.value)


def test_options_that_it_knows_are_taken(tmp_path: Path) -> None:
    pytest.importorskip("confluent_kafka")
    given = "security.protocol=SASL_SSL,sasl.mechanism=PLAIN,sasl.username=u,sasl.password=p,linger.ms=5,fetch.min.bytes=2"
    publisher.check(settings_with(tmp_path, kind="kafka", brokers="there:9092", kafka_options=given))


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
    pytest.importorskip("botocore")
    beyond = {
        "RASTUP_BUS__KIND": "kinesis",
        "RASTUP_BUS__MAX_MESSAGE_BYTES": "2000000",
        "RASTUP_INGEST__MAX_EVENT_BYTES": "500001",
    }
    with pytest.raises(ConfigError, match="too large for Kinesis; give 500000 or less"):
        publisher.check(load(tmp_path, environ=beyond))
    publisher.check(load(tmp_path, environ=beyond | {"RASTUP_INGEST__MAX_EVENT_BYTES": "500000"}))
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
