"""Records to Kafka: one message each, `acks=all` from an idempotent producer, answered when all of them are confirmed."""

from __future__ import annotations

import threading
import time
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient, ConfigResource

from rastup.core.config import BusConfig
from rastup.core.errors import BusUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.bus.kafka_client import ASK_S, options_of
from rastup.ingest.bus.messages import messages_of
from rastup.ingest.bus.outbox import Outbox, Submission
from rastup.ingest.bus.publisher import OnCommit

T = TypeVar("T")
PROBE_EVERY_S = 1.0
_POLL_S = 0.1
_OVERHEAD = 2_000
"""Bytes that a message's key and the header of its batch may add."""
_log = get_logger(__name__)


class KafkaPublisher(Generic[T]):
    """Two threads: one hands records to librdkafka, one hears what became of them.

    Args:
        config: of the bus.
        name: says who writes.
        on_commit: called in the second thread.
        least_bytes: what a message has to hold: a topic that takes less is not written to.

    Raises:
        ConfigError: an option is not allowed.
    """

    def __init__(self, config: BusConfig, name: str, on_commit: OnCommit[T], *, least_bytes: int) -> None:
        self._config = config
        self._least_bytes = least_bytes
        self._options = {
            "linger.ms": 2,
            "client.id": f"rastup-{name}",
            **options_of(config),
            "enable.idempotence": True,
            "acks": "all",
            "message.timeout.ms": int(config.delivery_timeout_s * 1000),
            "message.max.bytes": config.max_message_bytes + _OVERHEAD,
            "queue.buffering.max.messages": 0,  # bytes are bounded by us
            "queue.buffering.max.kbytes": 2_097_151,
        }
        self._down: str | None = "it has not been reached yet"
        self._max_bytes = config.max_message_bytes
        self._outbox: Outbox[T] = Outbox(on_commit)
        self._queue: SimpleQueue[tuple[bytes, Submission[T]] | None] = SimpleQueue()
        self._closing = threading.Event()
        self._probe_due = 0.0
        self._is_broken = False
        self._producer = self._connect()
        self._put_thread = threading.Thread(target=self._put_all, name="kafka-put", daemon=True)
        self._poll_thread = threading.Thread(target=self._poll_all, name="kafka-poll", daemon=True)
        self._put_thread.start()
        self._poll_thread.start()

    @property
    def full_reason(self) -> str | None:
        """Why nothing should be submitted now, or None."""
        if self._down is not None:
            return f"Kafka at {self._config.brokers} does not take {self._config.topic!r}: {self._down}"
        if self._outbox.in_flight_bytes > self._config.max_in_flight_bytes:
            return "Kafka confirms more slowly than events come in (bus.max_in_flight_bytes)"
        return None

    def submit(self, data: bytes, token: T) -> None:
        """Queues newline-terminated lines.

        Raises:
            ValueError: the data does not end with a newline.
        """
        if data[-1:] != b"\n":
            raise ValueError("records submitted to the bus must be newline-terminated lines")
        self._queue.put((data, self._outbox.add(token, data.count(b"\n"), len(data))))
        # Looked at after the put: whoever finds the thread ended answers what it will no longer see.
        if not self._put_thread.is_alive():
            self._refuse_queued()

    def close(self) -> None:
        """Waits until every submission is answered: as long as a delivery may take, and no longer."""
        if not self._closing.is_set():
            self._closing.set()
            self._queue.put(None)
        self._put_thread.join()
        self._poll_thread.join()
        self._refuse_queued()

    def _connect(self) -> Producer:
        return Producer({**self._options, "error_cb": self._on_error})

    def _on_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._down = "no broker answers"
        elif error.fatal():
            self._is_broken = True
            self._down = error.str()
            _log.error("kafka producer begins anew", error=error.str())
        elif error.code() in (KafkaError._AUTHENTICATION, KafkaError.TOPIC_AUTHORIZATION_FAILED):
            self._down = error.str()
            _log.error("kafka", error=error.str())

    def _put_all(self) -> None:
        while (item := self._queue.get()) is not None:
            self._put(*item)

    def _put(self, data: bytes, submission: Submission[T]) -> None:
        left = submission.waiting
        try:
            for key, line in messages_of(data, self._max_bytes):
                told = partial(self._delivered, submission)
                self._producer.produce(self._config.topic, line, key=key, on_delivery=told)
                left -= 1
        except Exception as error:
            # What was handed over before is heard of by its delivery; the rest ends here.
            _log.warning("kafka does not take a record", error=str(error))
            self._refuse(submission, left, str(error))

    def _refuse(self, submission: Submission[T], messages: int, why: str) -> None:
        for _ in range(messages):
            self._outbox.confirm(submission, BusUnavailable(f"{why}. Send it again."))
        self._outbox.tell()

    def _refuse_queued(self) -> None:
        try:
            while True:
                if (item := self._queue.get_nowait()) is not None:
                    self._refuse(
                        item[1], item[1].waiting, "the publisher has been closed; nothing was stored"
                    )
        except Empty:
            return

    def _delivered(self, submission: Submission[T], error: KafkaError | None, _message: Message) -> None:
        if error is None:
            self._outbox.confirm(submission, None)
            return
        if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
            why = (
                "the broker refuses its size; raise the topic's max.message.bytes above bus.max_message_bytes"
            )
        else:
            why = f"not confirmed ({error.str()})"
            self._down = why
        self._outbox.confirm(submission, BusUnavailable(f"{why}. Send it again."))

    def _poll_all(self) -> None:
        while self._put_thread.is_alive() or len(self._producer):
            try:
                self._producer.poll(_POLL_S)
                self._outbox.tell()
                if self._down is not None and time.monotonic() >= self._probe_due:
                    self._probe()
            except Exception as error:
                # A fault of ours must not leave requests without an answer.
                _log.exception("kafka publisher", error=type(error).__name__)
                self._down = f"a fault of ours ({type(error).__name__}); the log says more"
                time.sleep(PROBE_EVERY_S)
        self._outbox.tell()

    def _probe(self) -> None:
        """Looks whether the topic can be written to (again), without any event at stake."""
        try:
            if self._is_broken:
                self._begin_anew()
            found = self._producer.list_topics(self._config.topic, timeout=PROBE_EVERY_S)
            topic = found.topics[self._config.topic]
            if topic.error is not None:
                self._down = f"{topic.error.str()}; create the topic"
            elif any(partition.leader < 0 for partition in topic.partitions.values()):
                self._down = "a partition has no leader"
            else:
                self._learn_bound()
                self._down = self._too_small()
        except KafkaException as error:
            self._down = error.args[0].str()
        self._probe_due = time.monotonic() + PROBE_EVERY_S

    def _begin_anew(self) -> None:
        old, self._producer = self._producer, self._connect()
        old.purge()
        old.flush(PROBE_EVERY_S)
        self._is_broken = False

    def _learn_bound(self) -> None:
        """Takes the topic's own bound where it is below ours, so that nothing is sent that is refused for ever."""
        resource = ConfigResource(ConfigResource.Type.TOPIC, self._config.topic)
        try:
            admin = AdminClient(options_of(self._config))
            asked = admin.describe_configs([resource], request_timeout=ASK_S)
            allowed = int(asked[resource].result()["max.message.bytes"].value) - _OVERHEAD
        except (KafkaException, KeyError, TypeError, ValueError) as error:
            _log.info("the topic's max.message.bytes cannot be read", error=str(error))
            return
        bound = min(self._config.max_message_bytes, allowed)
        if self._max_bytes != bound < self._config.max_message_bytes:
            _log.warning("the topic takes less than bus.max_message_bytes", topic_bytes=allowed)
        self._max_bytes = bound

    def _too_small(self) -> str | None:
        if self._max_bytes >= self._least_bytes:
            return None
        return (
            f"its max.message.bytes leaves {self._max_bytes:,} bytes to a record, and an event may need "
            f"{self._least_bytes:,}; set it to {self._least_bytes + _OVERHEAD} or more, or lower ingest.max_event_bytes"
        )
