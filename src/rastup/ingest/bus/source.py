"""What the reader needs of a bus: its partitions, and the records of each in their order, numbered."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.ingest.bus.publisher import KAFKA, KINESIS

_STREAM_MAX = 64
_MARK = 8


@dataclass(frozen=True)
class Batch:
    """Records of one partition: `lines` with their newlines, `offset` the number of the first."""

    partition: str
    offset: int
    lines: list[bytes]


class Source(Protocol):
    """A bus as its reader sees it. Not thread-safe: it belongs to the reader."""

    @property
    def name(self) -> str:
        """What the names of its streams begin with."""

    def partitions(self) -> list[str]:
        """The partitions that can be read now.

        Raises:
            BusUnavailable: it cannot be asked.
        """

    def start(self, partition: str, stored: int | None) -> None:
        """Has a partition read from where its stream in the spool and in Bronze ends; from its beginning with None.

        It may begin earlier, never later.
        """

    def read(self, timeout_s: float) -> list[Batch]:
        """What has come in, after so long at most.

        Raises:
            BusUnavailable: it cannot be read, or a partition has to be started again.
        """

    def stored(self, ends: dict[str, int]) -> None:
        """Hears how far each partition is on disk."""

    def lag_s(self) -> float:
        """How long ago the bus took what is read next; 0 when all of it has been read."""

    def is_at_end(self) -> bool:
        """Whether all that the bus held when this was opened has been read."""

    def close(self) -> None:
        """Lets go."""


def open_source(settings: Settings, engine: Engine) -> Source:
    """The configured bus, to be read."""
    if settings.bus.kind == KAFKA:
        from rastup.ingest.bus.kafka_source import KafkaSource

        return KafkaSource(settings.bus)
    if settings.bus.kind == KINESIS:
        from rastup.ingest.bus.kinesis_source import KinesisSource

        return KinesisSource(settings.bus, engine)
    raise UsageError("bus.kind is spool: collectors write what the lander lands, and nothing is to be read.")


def stream_name(source: str, partition: str) -> str:
    """The stream of a partition in the spool: the same after every restart, and short enough for the ledger."""
    room = _STREAM_MAX - len(partition) - 1
    if len(source) > room:
        source = f"{source[: room - _MARK - 1]}_{zlib.crc32(source.encode()):08x}"
    return f"{re.sub(r'[^A-Za-z0-9._-]', '_', source)}-{partition}"
