"""Records from Kafka, by partition and offset. What the group commits is for tools that watch lag; nothing reads it back."""

from __future__ import annotations

import time
from itertools import groupby

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition

from rastup.core.config import BusConfig
from rastup.core.errors import BusUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.bus.kafka_client import ASK_S, options_of
from rastup.ingest.bus.messages import line_of
from rastup.ingest.bus.source import Batch

_Read = tuple[int, bytes]
"""Offset and line of a message."""
_BATCH = 2_000
_COMMIT_EVERY_S = 5.0
_log = get_logger(__name__)


class KafkaSource:
    """All partitions of the topic, assigned to this reader by itself.

    Raises:
        ConfigError: an option is not allowed.
    """

    def __init__(self, config: BusConfig) -> None:
        self._topic = config.topic
        self._brokers = config.brokers
        self._consumer = Consumer(
            {
                "fetch.wait.max.ms": 100,
                **options_of(config),
                "group.id": f"rastup.{config.topic}",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
            }
        )
        self._next: dict[int, int] = {}
        self._goal: dict[int, int] = {}
        self._read_ms: dict[int, int] = {}
        self._commit_due = time.monotonic() + _COMMIT_EVERY_S
        self.name = f"kafka-{config.topic}"

    def partitions(self) -> list[str]:
        """The topic's partitions: `p0`, `p1`, …"""
        try:
            topic = self._consumer.list_topics(self._topic, timeout=ASK_S).topics[self._topic]
        except KafkaException as error:
            raise self._unavailable(error) from error
        if topic.error is not None:
            raise BusUnavailable(
                f"Kafka at {self._brokers}: topic {self._topic!r}: {topic.error.str()}. Create it."
            )
        return [f"p{number}" for number in sorted(topic.partitions)]

    def start(self, partition: str, stored: int | None) -> None:
        """Assigns a partition, from `stored` on."""
        number = int(partition[1:])
        try:
            low, high = self._consumer.get_watermark_offsets(TopicPartition(self._topic, number), ASK_S)
        except KafkaException as error:
            raise self._unavailable(error) from error
        if stored is not None and stored > high:
            raise BusUnavailable(
                f"partition {number} of Kafka's topic {self._topic!r} ends at {high}, but {stored} records of it have been "
                "read: it was made anew, or lost records. Give the new topic another name (bus.topic)."
            )
        if stored is not None and stored < low:
            _log.error("records left the bus before they were read", partition=number, lost=low - stored)
        at = max(low, stored or 0)
        self._next[number], self._goal[number], self._read_ms[number] = at, high, 0
        self._consumer.incremental_assign(
            [TopicPartition(self._topic, number, at if at > 0 else OFFSET_BEGINNING)]
        )

    def read(self, timeout_s: float) -> list[Batch]:
        """What has come in."""
        try:
            messages = self._consumer.consume(_BATCH, timeout_s)
        except KafkaException as error:
            raise self._unavailable(error) from error
        by_partition: dict[int, list[_Read]] = {}
        for message in messages:
            if (failure := message.error()) is not None:
                raise BusUnavailable(f"Kafka at {self._brokers}: {failure.str()}")
            self._take(message, by_partition)
        return [
            batch
            for number, of_partition in by_partition.items()
            for batch in self._batches(number, of_partition)
        ]

    def _take(self, message: Message, by_partition: dict[int, list[_Read]]) -> None:
        number, offset, value = message.partition(), message.offset(), message.value()
        if number is None or offset is None:
            return
        at_ms = max(0, message.timestamp()[1])
        raw = value.encode() if isinstance(value, str) else value or b""
        line = line_of(raw, f"{self._topic}/{number}/{offset}", at_ms)
        by_partition.setdefault(number, []).append((offset, line))
        self._next[number], self._read_ms[number] = offset + 1, at_ms

    @staticmethod
    def _batches(number: int, read: list[_Read]) -> list[Batch]:
        """A batch for each run of offsets without a gap; transactions and compaction leave gaps."""
        runs = groupby(enumerate(read), lambda entry: entry[1][0] - entry[0])
        found = []
        for _, run in runs:
            of_run = [one for _, one in run]
            found.append(Batch(f"p{number}", of_run[0][0], [line for _, line in of_run]))
        return found

    def stored(self, ends: dict[str, int]) -> None:
        """Commits now and then, for whoever watches the group's lag."""
        if time.monotonic() < self._commit_due:
            return
        self._commit_due = time.monotonic() + _COMMIT_EVERY_S
        offsets = [TopicPartition(self._topic, int(p[1:]), end) for p, end in ends.items() if end]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            _log.info("the group's offsets cannot be committed", error=str(error))

    def lag_s(self) -> float:
        """How long ago the bus took what was read last, where more lies behind it."""
        behind = [self._read_ms[number] for number in self._next if self._unread(number)]
        known = [read_ms for read_ms in behind if read_ms > 0]
        return max(0.0, time.time() - min(known) / 1000) if known else 0.0

    def _unread(self, number: int) -> bool:
        _, high = self._consumer.get_watermark_offsets(TopicPartition(self._topic, number), cached=True)
        return bool(high > self._next[number])

    def is_at_end(self) -> bool:
        """Whether what the topic held at the start has been read."""
        positions = self._consumer.position([TopicPartition(self._topic, number) for number in self._goal])
        return all(max(at.offset, self._next[at.partition]) >= self._goal[at.partition] for at in positions)

    def close(self) -> None:
        """Leaves."""
        self._consumer.close()

    def _unavailable(self, error: KafkaException) -> BusUnavailable:
        return BusUnavailable(f"Kafka at {self._brokers} cannot be read: {error.args[0].str()}")
