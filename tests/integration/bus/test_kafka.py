"""What only Kafka does: topics that lose their beginning or are made anew, gaps between offsets, bounds of a topic's own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from tests.integration.bus.rigs import Answers, KafkaRig, Published, bad, event

from rastup.core.errors import BusUnavailable, ConfigError
from rastup.ingest.bus import publisher


def numbers(records: list[dict[str, Any]]) -> list[int]:
    return sorted(record["payload"]["n"] for record in records)


def delete_before(kafka: KafkaRig, offset: int) -> None:
    from confluent_kafka import TopicPartition

    admin = kafka.admin
    [done] = admin.delete_records([TopicPartition(kafka.topic, 0, offset)]).values()
    done.result(20)


def test_records_that_left_the_topic_unread_are_told_of_and_the_rest_is_read(
    kafka: KafkaRig, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(10):
        kafka.put_raw(event(n).strip())
    assert numbers(kafka.arrive()) == list(range(10))
    for n in range(10, 30):
        kafka.put_raw(event(n).strip())
    delete_before(kafka, 25)
    assert numbers(kafka.arrive()) == [*range(10), *range(25, 30)]
    assert "records left the bus before they were read" in "".join(capsys.readouterr())
    assert any("-p0-25-30." in name for name in kafka.files())


def test_a_topic_that_was_made_anew_is_not_mixed_with_the_old_one(kafka: KafkaRig) -> None:
    for n in range(5):
        kafka.put_raw(event(n).strip())
    kafka.arrive()
    admin = kafka.admin
    [done] = admin.delete_topics([kafka.topic]).values()
    done.result(20)
    kafka.create_topic()
    kafka.put_raw(event(5).strip())
    with pytest.raises(BusUnavailable, match="made anew"):
        kafka.read()
    assert numbers(kafka.bronze()) == list(range(5))


def test_transactions_leave_gaps_and_only_what_was_committed_is_read(kafka: KafkaRig) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": kafka.broker.address, "transactional.id": kafka.topic})
    producer.init_transactions(20)
    for n in range(6):
        producer.begin_transaction()
        producer.produce(kafka.topic, event(n).strip(), partition=0)
        if n % 3 == 1:
            producer.abort_transaction(20)
        else:
            producer.commit_transaction(20)
    assert numbers(kafka.arrive()) == [0, 2, 3, 5]
    assert numbers(kafka.arrive()) == [0, 2, 3, 5]


def test_the_bound_of_the_topic_itself_is_kept(kafka: KafkaRig) -> None:
    kafka.topic += "-small"
    kafka.environ["RASTUP_BUS__TOPIC"] = kafka.topic
    kafka.create_topic(**{"max.message.bytes": "100000"})
    with Published(kafka) as bus:
        assert bus.put([bad(1, "x" * 400_000), event(1)]) is None
    assert len(kafka.arrive()) == 2


def test_a_topic_without_room_for_the_largest_event_is_not_ready_until_it_has_room(kafka: KafkaRig) -> None:
    from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource

    kafka.topic += "-tiny"
    kafka.environ["RASTUP_BUS__TOPIC"] = kafka.topic
    kafka.create_topic(**{"max.message.bytes": "20000"})
    answers = Answers()
    bus = publisher.open_publisher(kafka.settings, "c", answers.hear)
    assert until(bus, "max.message.bytes") and "18,000" in str(bus.full_reason)
    bus.submit(event(1, text="x" * 30_000), 1)  # an event that was let in a moment before
    answers.wait_for([1])
    assert "size" in str(answers.of[1]).lower()

    room = ConfigEntry("max.message.bytes", "100000", incremental_operation=AlterConfigOpType.SET)
    admin = kafka.admin
    [done] = admin.incremental_alter_configs(
        [ConfigResource(ConfigResource.Type.TOPIC, kafka.topic, incremental_configs=[room])]
    ).values()
    done.result(20)
    assert until(bus, None)
    bus.submit(event(2, text="x" * 30_000), 2)
    answers.wait_for([2])
    assert answers.of[2] is None
    bus.close()


def until(bus: Any, words: str | None) -> bool:
    """Whether the bus is soon full for a reason with these words, or for none."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        reason = bus.full_reason
        if reason is None if words is None else words in str(reason):
            return True
        time.sleep(0.02)
    return False


def test_a_topic_that_is_not_there_is_named(kafka: KafkaRig) -> None:
    kafka.environ["RASTUP_BUS__TOPIC"] = "nowhere"
    with pytest.raises(BusUnavailable, match=r"nowhere.*Create it"):
        kafka.read()
    bus = publisher.open_publisher(kafka.settings, "c", lambda _tokens, _error: None)
    assert "nowhere" in str(bus.full_reason)
    bus.close()


def test_messages_carry_their_key_for_other_readers(kafka: KafkaRig) -> None:
    with Published(kafka) as bus:
        assert bus.put([event(1, device=4)]) is None
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": kafka.broker.address, "group.id": "other"})
    consumer.assign([TopicPartition(kafka.topic, partition, 0) for partition in range(3)])
    [message] = consumer.consume(1, 20)
    consumer.close()
    assert message.key() == b"an_4" and json.loads(message.value() or b"") == json.loads(event(1, device=4))


@pytest.mark.parametrize("option", ["acks=0", "enable.idempotence=false", "security.protocol", "=x"])
def test_options_that_would_lose_events_are_refused(kafka: KafkaRig, option: str) -> None:
    kafka.environ["RASTUP_BUS__KAFKA_OPTIONS"] = option
    with pytest.raises(ConfigError, match="kafka_options"):
        publisher.check(kafka.settings)


def test_a_producer_that_is_beyond_repair_is_replaced(kafka: KafkaRig) -> None:
    from confluent_kafka import KafkaError

    with Published(kafka) as bus:
        assert bus.put([event(1)]) is None
        broken = bus.bus._producer  # type: ignore[attr-defined]
        bus.bus._on_error(KafkaError(KafkaError._FATAL, "fenced", fatal=True))  # type: ignore[attr-defined]
        assert "fenced" in str(bus.bus.full_reason)
        bus.await_room()
        assert bus.put([event(2)]) is None
        assert bus.bus._producer is not broken  # type: ignore[attr-defined]
    assert numbers(kafka.arrive()) == [1, 2]
