"""Records to Kinesis: `PutRecords`, confirmed entry by entry, in the order of each key.

A call has one entry for a key and the next call begins when it has been answered, since Kinesis keeps no order within a
call of which some entries fail. Keys are spread over buckets, and an entry holds the lines of one bucket: as much in one
entry as it takes costs least.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from rastup.core.config import BusConfig
from rastup.core.errors import BusUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.bus.kinesis_client import FAULTS, THROTTLED, client_of, code_of
from rastup.ingest.bus.messages import messages_of
from rastup.ingest.bus.outbox import Outbox, Submission
from rastup.ingest.bus.publisher import OnCommit

T = TypeVar("T")
BUCKETS = 256
ENTRY_MAX_BYTES = 1_000_000
CALL_MAX_BYTES = 4_500_000
PROBE_EVERY_S = 1.0
IDLE_PROBE_EVERY_S = 10.0
"""While nobody sends anything, so that a worker knows whether it is ready."""
_FIRST_BACK_OFF_S, _LONGEST_BACK_OFF_S = 0.05, 1.0
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    """A line that is not confirmed, and until when that matters to anybody."""

    line: bytes
    submission: Submission[T]
    deadline: float


class KinesisPublisher(Generic[T]):
    """One thread, one call at a time.

    Args:
        config: of the bus.
        on_commit: called in that thread.
        client: of Kinesis, by default as the settings say.
    """

    def __init__(self, config: BusConfig, on_commit: OnCommit[T], *, client: Any = None) -> None:
        self._config = config
        self._max_bytes = min(config.max_message_bytes, ENTRY_MAX_BYTES) - 1
        self._client = client or client_of(config)
        self._outbox: Outbox[T] = Outbox(on_commit)
        self._queue: SimpleQueue[tuple[bytes, Submission[T], float] | None] = SimpleQueue()
        self._waiting: dict[str, deque[_Waiting[T]]] = {}
        self._down: str | None = "it has not been reached yet"
        self._probe_due = 0.0
        self._back_off_s = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kinesis", daemon=True)
        self._thread.start()

    @property
    def full_reason(self) -> str | None:
        """Why nothing should be submitted now, or None."""
        if self._down is not None:
            return f"Kinesis does not take records for {self._config.topic!r}: {self._down}"
        if self._outbox.in_flight_bytes > self._config.max_in_flight_bytes:
            return "Kinesis confirms more slowly than events come in: add shards (bus.max_in_flight_bytes)"
        return None

    def submit(self, data: bytes, token: T) -> None:
        """Queues newline-terminated lines.

        Raises:
            ValueError: the data does not end with a newline.
        """
        if data[-1:] != b"\n":
            raise ValueError("records submitted to the bus must be newline-terminated lines")
        submission = self._outbox.add(token, data.count(b"\n"), len(data))
        self._queue.put((data, submission, time.monotonic() + self._config.delivery_timeout_s))
        if not self._thread.is_alive():
            self._refuse_queued()

    def close(self) -> None:
        """Waits until every submission is answered: as long as a delivery may take, and no longer."""
        if not self._closing.is_set():
            self._closing.set()
            self._queue.put(None)
        self._thread.join()
        self._refuse_queued()

    def _run(self) -> None:
        while not self._closing.is_set() or self._queue.qsize() or self._waiting:
            try:
                self._turn()
            except Exception as error:
                # A fault of ours must not leave requests without an answer.
                _log.exception("kinesis publisher", error=type(error).__name__)
                self._down = f"a fault of ours ({type(error).__name__}); the log says more"
                self._expire(float("inf"), str(error))
                time.sleep(PROBE_EVERY_S)

    def _turn(self) -> None:
        self._take_in()
        if self._waiting:
            self._send()
            self._expire(time.monotonic(), self._down or "not confirmed in time")
            time.sleep(self._back_off_s)
        elif time.monotonic() >= self._probe_due:
            self._probe()

    def _take_in(self) -> None:
        """Sorts what was submitted by key; waits for it when there is nothing else to do."""
        try:
            item = self._queue.get(timeout=0.1) if not self._waiting else self._queue.get_nowait()
            size = 0
            while True:
                if item is not None:
                    self._sort(*item)
                    size += len(item[0])
                if size >= CALL_MAX_BYTES:
                    return
                item = self._queue.get_nowait()
        except Empty:
            return

    def _sort(self, data: bytes, submission: Submission[T], deadline: float) -> None:
        for key, line in messages_of(data, self._max_bytes):
            bucket = f"{zlib.crc32(key) % BUCKETS:03d}"
            self._waiting.setdefault(bucket, deque()).append(_Waiting(line, submission, deadline))

    def _send(self) -> None:
        entries = list(self._entries())
        records = [
            {"PartitionKey": bucket, "Data": b"".join(entry.line + b"\n" for entry in of_bucket)}
            for bucket, of_bucket in entries
        ]
        try:
            answer = self._client.put_records(StreamName=self._config.topic, Records=records)
        except FAULTS as error:
            self._failed(error)
            return
        codes: set[str] = set()
        for (bucket, of_bucket), result in zip(entries, answer["Records"], strict=True):
            if "SequenceNumber" in result and not result.get("ErrorCode"):
                self._confirm(bucket, len(of_bucket), None)
            else:
                codes.add(str(result.get("ErrorCode")))
        self._outbox.tell()
        self._probe_due = time.monotonic() + IDLE_PROBE_EVERY_S
        self._down = None if codes <= THROTTLED else f"it answers {', '.join(sorted(codes))}"
        self._back_off_s = self._longer() if codes else 0.0

    def _entries(self) -> Iterator[tuple[str, list[_Waiting[T]]]]:
        """One entry of a bucket each, its oldest lines, within what a call takes."""
        room = CALL_MAX_BYTES
        for bucket, waiting in self._waiting.items():
            entry: list[_Waiting[T]] = []
            size = 0
            for one in waiting:
                longer = size + len(one.line) + 1
                if longer > room or (entry and longer > ENTRY_MAX_BYTES):
                    break
                entry.append(one)
                size = longer
            if not entry:
                return  # no room for its oldest line: it is among the first of the next call
            room -= size
            yield bucket, entry

    def _confirm(self, bucket: str, count: int, error: Exception | None) -> None:
        waiting = self._waiting[bucket]
        for _ in range(count):
            self._outbox.confirm(waiting.popleft().submission, error)
        if not waiting:
            del self._waiting[bucket]

    def _failed(self, error: Exception) -> None:
        code = code_of(error)
        self._back_off_s = self._longer()
        if code not in THROTTLED:
            self._down = f"{code}: {error}"[:300]
            self._probe_due = time.monotonic() + PROBE_EVERY_S

    def _longer(self) -> float:
        return min(max(_FIRST_BACK_OFF_S, self._back_off_s * 2), _LONGEST_BACK_OFF_S)

    def _expire(self, now: float, why: str) -> None:
        """Refuses what was not confirmed in time. It is sent again by its client, and so need not be by us."""
        for bucket in list(self._waiting):
            old = 0
            for one in self._waiting[bucket]:
                if one.deadline > now:
                    break
                old += 1
            self._confirm(bucket, old, BusUnavailable(f"not confirmed ({why}). Send it again."))
        self._outbox.tell()

    def _probe(self) -> None:
        """Looks whether the stream can be written to (again), without any event at stake."""
        try:
            found = self._client.describe_stream_summary(StreamName=self._config.topic)
        except FAULTS as error:
            self._down = f"{code_of(error)}: {error}"[:300]
            self._probe_due = time.monotonic() + PROBE_EVERY_S
            return
        status = found["StreamDescriptionSummary"]["StreamStatus"]
        self._down = None if status in ("ACTIVE", "UPDATING") else f"the stream is {status}"
        self._back_off_s = 0.0
        self._probe_due = time.monotonic() + (PROBE_EVERY_S if self._down else IDLE_PROBE_EVERY_S)

    def _refuse_queued(self) -> None:
        error = BusUnavailable("the publisher has been closed; nothing was stored. Send it again.")
        try:
            while True:
                if (item := self._queue.get_nowait()) is not None:
                    for _ in range(item[1].waiting):
                        self._outbox.confirm(item[1], error)
        except Empty:
            self._outbox.tell()
