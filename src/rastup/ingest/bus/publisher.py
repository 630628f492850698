"""What a collector needs of a bus. The spool is such a bus as it stands, so that nothing lies between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from rastup.core.config import Settings
from rastup.core.errors import ConfigError
from rastup.ingest.spool import SpoolWriter

T = TypeVar("T")
Token = TypeVar("Token", contravariant=True)
OnCommit = Callable[[list[T], Exception | None], None]
"""Called in a thread of the bus's own, with the tokens of submissions that are durable, or that are not and why."""

SPOOL, KAFKA, KINESIS = "spool", "kafka", "kinesis"
_LIBRARIES = {KAFKA: "confluent_kafka", KINESIS: "botocore"}


class Publisher(Protocol[Token]):
    """Takes records and says when they are durable.

    Records with one key are stored in the order in which they were submitted. What is refused may be stored all the
    same, when the answer of a broker was lost: it is sent again, and counts once by its event id.
    """

    @property
    def full_reason(self) -> str | None:
        """Why nothing should be submitted now, or None; cheap to read, clears by itself."""

    def submit(self, data: bytes, token: Token) -> None:
        """Takes newline-terminated lines. Returns at once; any thread may call."""

    def close(self) -> None:
        """Waits until every submission is answered, and lets go."""


def open_publisher(settings: Settings, name: str, on_commit: OnCommit[T]) -> Publisher[T]:
    """The publisher of the configured bus.

    Args:
        settings: of the deployment.
        name: says who writes, for example `c`.
        on_commit: hears which submissions are durable.
    """
    if settings.bus.kind == KAFKA:
        from rastup.ingest.bus.kafka_publisher import KafkaPublisher

        return KafkaPublisher(settings.bus, name, on_commit, least_bytes=least_bytes(settings))
    if settings.bus.kind == KINESIS:
        from rastup.ingest.bus.kinesis_publisher import KinesisPublisher

        return KinesisPublisher(settings.bus, on_commit)
    return SpoolWriter(settings.home.spool, name, settings.spool, on_commit)


def least_bytes(settings: Settings) -> int:
    """What a message has to hold, so that every accepted event fits: what is redacted in one may make it longer."""
    return settings.ingest.max_event_bytes * 2


def check(settings: Settings) -> None:
    """Looks once, before any process of the bus starts, at what its settings and its library allow.

    Raises:
        ConfigError: says what to set or to install.
    """
    bus = settings.bus
    if (library := _LIBRARIES.get(bus.kind)) is None:
        return
    try:
        __import__(library)
    except ImportError as error:
        raise ConfigError(
            f"bus.kind = {bus.kind!r} needs the package {library.replace('_', '-')}: install `rastup[{bus.kind}]`."
        ) from error
    if bus.kind == KAFKA and not bus.brokers:
        raise ConfigError("bus.kind = 'kafka' needs bus.brokers: give `host:port`, several with commas.")
    least = least_bytes(settings)
    if bus.max_message_bytes < least:
        raise ConfigError(
            f"bus.max_message_bytes = {bus.max_message_bytes} is too small for events of ingest.max_event_bytes; "
            f"give {least} or more."
        )
    if bus.kind == KAFKA:
        from rastup.ingest.bus.kafka_client import try_options

        try_options(bus)
    if bus.kind == KINESIS:
        from rastup.ingest.bus.kinesis_publisher import ENTRY_MAX_BYTES

        if least > ENTRY_MAX_BYTES:
            raise ConfigError(
                f"ingest.max_event_bytes = {settings.ingest.max_event_bytes} is too large for Kinesis; "
                f"give {ENTRY_MAX_BYTES // 2} or less."
            )
