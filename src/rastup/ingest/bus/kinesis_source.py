"""Records from Kinesis, by shard. A shard's records are numbered from the first that was ever read of it.

The number of a record says nothing to Kinesis and its sequence number nothing to the spool, so a note tells which record
lies where. It is older than what is stored, as a rule: what was stored since is read again and passed over by its number.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from rastup.core.config import BusConfig
from rastup.core.errors import BusUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.bus.kinesis_client import FAULTS, THROTTLED, client_of, code_of
from rastup.ingest.bus.messages import line_of
from rastup.ingest.bus.positions import Noted, note_position, read_position
from rastup.ingest.bus.source import Batch, stream_name

ENDED = "ended"
"""The position of a shard that was split or merged, when all of it has been read."""
ASK_EVERY_S = 0.21
"""A shard answers five times a second."""
_NOTE_EVERY_S = 2.0
_log = get_logger(__name__)


@dataclass
class _Shard:
    """A shard that is being read: `record` is the number of its next line, `at` and `position` its last record's."""

    shard_id: str
    stream: str
    record: int
    expected: str | None
    iterator: str | None
    stored: int
    due: float = 0.0
    behind_ms: int = 1
    at: int = 0
    position: str | None = None
    noted: bool = False


class KinesisSource:
    """The shards of a stream; children of a split or merged shard come after it."""

    def __init__(self, config: BusConfig, engine: Engine, *, client: Any = None) -> None:
        self._topic = config.topic
        self._engine = engine
        self._client = client or client_of(config)
        self._shards: dict[str, _Shard] = {}
        self._note_due = time.monotonic() + _NOTE_EVERY_S
        self.name = f"kinesis-{config.topic}"

    def partitions(self) -> list[str]:
        """The shards that can be read now: `s0`, `s1`, …"""
        shards = {shard["ShardId"]: shard for shard in self._list()}
        ended = {shard_id for shard_id in shards if self._has_ended(shard_id)}
        return [
            _label(shard_id)
            for shard_id, shard in sorted(shards.items())
            if shard_id not in ended
            and all(
                parent is None or parent not in shards or parent in ended
                for parent in (shard.get("ParentShardId"), shard.get("AdjacentParentShardId"))
            )
        ]

    def _list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        wanted: dict[str, Any] = {"StreamName": self._topic}
        while True:
            answer = self._ask("list_shards", **wanted)
            found += answer["Shards"]
            if not (token := answer.get("NextToken")):
                return found
            wanted = {"NextToken": token}

    def _has_ended(self, shard_id: str) -> bool:
        noted = read_position(self._engine, stream_name(self.name, _label(shard_id)))
        return noted is not None and noted.position == ENDED

    def start(self, partition: str, stored: int | None) -> None:
        """Begins at the noted record, or at the oldest that is still there."""
        shard_id = f"shardId-{int(partition[1:]):012d}"
        stream = stream_name(self.name, partition)
        noted = read_position(self._engine, stream)
        where: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if noted is not None:
            where = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": noted.position}
        answer = self._ask("get_shard_iterator", StreamName=self._topic, ShardId=shard_id, **where)
        self._shards[partition] = _Shard(
            shard_id,
            stream,
            noted.record if noted else (stored or 0),
            noted.position if noted else None,
            answer["ShardIterator"],
            stored or 0,
        )

    def read(self, timeout_s: float) -> list[Batch]:
        """What each shard has that may be asked again."""
        deadline = time.monotonic() + timeout_s
        while True:
            now = time.monotonic()
            found = [
                batch
                for partition, shard in self._shards.items()
                if shard.iterator is not None and shard.due <= now
                if (batch := self._read(partition, shard)) is not None
            ]
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(0.02)

    def _read(self, partition: str, shard: _Shard) -> Batch | None:
        shard.due = time.monotonic() + ASK_EVERY_S
        try:
            answer = self._client.get_records(ShardIterator=shard.iterator)
        except FAULTS as error:
            if code_of(error) in THROTTLED:
                return None
            raise self._unavailable(error) from error
        shard.iterator = answer.get("NextShardIterator")
        shard.behind_ms = answer.get("MillisBehindLatest", 0)
        records = answer["Records"]
        if not records:
            return None
        self._check_first(shard, records[0]["SequenceNumber"])
        first = shard.record
        lines: list[bytes] = []
        for record in records:
            shard.at, shard.position = first + len(lines), record["SequenceNumber"]
            lines += _lines(record, f"{self._topic}/{partition}/{record['SequenceNumber']}")
        shard.record = first + len(lines)
        if not shard.noted:
            # Before anything is stored: else nobody could tell later where the numbers began.
            self._note(shard, Noted(first, records[0]["SequenceNumber"]))
        return Batch(partition, first, lines)

    @staticmethod
    def _check_first(shard: _Shard, sequence_number: str) -> None:
        if shard.expected not in (None, sequence_number):
            _log.error(
                "records left the bus before they were read", shard=shard.shard_id, after=shard.expected
            )
            shard.record = max(shard.stored, shard.record)
        shard.expected = None

    def stored(self, ends: dict[str, int]) -> None:
        """Notes now and then which record lies where."""
        for partition, shard in self._shards.items():
            if shard.iterator is None and ends[partition] >= shard.record and shard.position != ENDED:
                shard.position = ENDED
                self._note(shard, Noted(shard.record, ENDED))
        if time.monotonic() >= self._note_due:
            self._note_due = time.monotonic() + _NOTE_EVERY_S
            for shard in self._shards.values():
                if shard.position not in (None, ENDED):
                    self._note(shard, Noted(shard.at, str(shard.position)))

    def _note(self, shard: _Shard, noted: Noted) -> None:
        note_position(self._engine, shard.stream, noted)
        shard.noted = True

    def lag_s(self) -> float:
        """How far the shard that lags most is behind its end."""
        return max((shard.behind_ms / 1000 for shard in self._shards.values()), default=0.0)

    def is_at_end(self) -> bool:
        """Whether every shard has been read up to its end."""
        return all(shard.iterator is None or shard.behind_ms == 0 for shard in self._shards.values())

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    def _ask(self, operation: str, **wanted: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**wanted)
        except FAULTS as error:
            raise self._unavailable(error) from error
        return answer

    def _unavailable(self, error: Exception) -> BusUnavailable:
        return BusUnavailable(f"Kinesis's stream {self._topic!r} cannot be read: {code_of(error)}: {error}")


def _label(shard_id: str) -> str:
    return f"s{int(shard_id.rpartition('-')[2])}"


def _lines(record: dict[str, Any], place: str) -> list[bytes]:
    at_ms = int(record["ApproximateArrivalTimestamp"].timestamp() * 1000)
    parts: list[bytes] = record["Data"].removesuffix(b"\n").split(b"\n")
    return [line_of(part, f"{place}#{number}", at_ms) for number, part in enumerate(parts)]
