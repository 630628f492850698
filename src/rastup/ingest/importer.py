"""Import: files of historical events take the way of every event: validated, redacted, spooled, landed.

Each keeps its own day: `received_at` is the record's, else its `occurred_at`.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rastup.contracts.explanation import Finding
from rastup.core.clock import Clock, canonical_time, rfc3339_ms, system_clock
from rastup.core.config import Settings, SpoolConfig
from rastup.ingest.admission import Stamp
from rastup.ingest.dialects import DOMAIN
from rastup.ingest.feed import Feed
from rastup.ingest.lines import LINE_MAX_BYTES, read_lines
from rastup.ingest.readmission import Readmission, Refused, dialect_of, parse, refused_line

KEEP, NOW = "keep", "now"
SEGMENT_MAX_BYTES = 128_000_000
_BATCH_BYTES = 1_000_000


@dataclass
class Tally:
    """What an import has done so far."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    files: int = 0
    bytes_read: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Origin:
    """What a write key says of a request, said here for a file."""

    env: str = "prod"
    source: str = "import"
    received_at: str = KEEP


class Importer:
    """Reads files into the spool.

    Args:
        settings: of the deployment.
        origin: environment and source of the events, and whose time of receipt they keep.
        on_progress: called a few times a second with the tally.
        clock: the time of receipt for events that have none.
    """

    def __init__(
        self,
        settings: Settings,
        origin: Origin,
        *,
        on_progress: Callable[[Tally], None] = lambda _tally: None,
        on_wait: Callable[[str], None] = lambda _reason: None,
        clock: Clock = system_clock,
    ) -> None:
        self._settings = settings
        self._origin = origin
        self._on_progress = on_progress
        self._on_wait = on_wait
        self._clock = clock
        self._readmission = Readmission(settings.ingest)
        self._seen = _Seen(settings.ingest.dedupe_window_events)
        self._now = rfc3339_ms(clock())
        self._stamp = Stamp(self._now, origin.env, origin.source)
        self.tally = Tally()

    def run(self, paths: Sequence[Path]) -> str:
        """Spools every event of the files durably; returns the name of the stream they are in.

        Raises:
            UsageError: a file cannot be read.
            SpoolFull: the spool stayed full although it was waited for.
        """
        started = time.monotonic()
        # Files of one partition are as many as segments, hence large segments, sealed at their end and not by age.
        config = dataclasses.replace(
            self._settings.spool,
            segment_max_bytes=_segment_bytes(self._settings.spool),
            segment_max_age_s=1e9,
        )
        with Feed(self._settings.home.spool, "import", config, on_wait=self._on_wait) as feed:
            for path in paths:
                self._file(path, feed)
                self.tally.files += 1
        self.tally.seconds = round(time.monotonic() - started, 3)
        self._on_progress(self.tally)
        return feed.stream

    def _file(self, path: Path, feed: Feed) -> None:
        before = self.tally.bytes_read

        def on_bytes(position: int) -> None:
            self.tally.bytes_read = before + position
            self._on_progress(self.tally)

        batch: list[bytes] = []
        size = 0
        for lines in read_lines(path, on_bytes):
            for raw in lines:
                line = self._line(raw)
                if line is not None:
                    batch.append(line)
                    size += len(line)
            if size >= _BATCH_BYTES:
                feed.put(b"".join(batch))
                batch, size = [], 0
        if batch:
            feed.put(b"".join(batch))

    def _line(self, raw: bytes) -> bytes | None:
        """What the spool gets for one line of the file; None for a blank one and for one seen before."""
        message = parse(raw, LINE_MAX_BYTES)
        if isinstance(message, Finding):
            return self._unreadable(raw, message)
        dialect = dialect_of(message)
        stamp = self._stamp_of(message)
        line = self._readmission.admit(message, dialect, stamp)
        if isinstance(line, Refused):
            self.tally.quarantined += 1
            return refused_line(raw.strip(), line, stamp)
        event_id = message["event_id"] if dialect == DOMAIN else message.get("event_id")
        if event_id is not None and (first := self._seen.first(event_id, stamp.received_at)) is not None:
            self.tally.duplicates += 1
            # Of one event the record received first stays: what comes later in the file may have come earlier.
            return None if first < stamp.received_at else line
        self.tally.accepted += 1
        return line

    def _unreadable(self, raw: bytes, finding: Finding) -> bytes | None:
        raw = raw.strip()
        if not raw:
            return None
        self.tally.quarantined += 1
        kept = raw[: self._settings.ingest.max_event_bytes]
        return refused_line(kept, Refused(finding, DOMAIN, None), self._stamp_of(None))

    def _stamp_of(self, message: Any) -> Stamp:
        received_at = self._received_at(message)
        if received_at != self._stamp.received_at:
            self._stamp = Stamp(received_at, self._origin.env, self._origin.source)
        return self._stamp

    def _received_at(self, message: Any) -> str:
        if self._origin.received_at == KEEP and isinstance(message, dict):
            for field in ("received_at", "occurred_at", "ts"):
                if (found := message.get(field)) is not None and (moment := canonical_time(found)):
                    if moment > self._now:
                        self._now = rfc3339_ms(self._clock())
                    # What came in later than now would stay the newest until then.
                    return min(moment, self._now)
        return rfc3339_ms(self._clock())


class _Seen:
    """The event ids of the last `window` events or more, in two generations so that forgetting costs nothing."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._new: dict[str, str] = {}
        self._old: dict[str, str] = {}

    def first(self, event_id: str, received_at: str) -> str | None:
        """The earliest receipt under that id so far, None when it is new; remembers this one."""
        first = self._new.get(event_id) or self._old.get(event_id)
        if first is None and len(self._new) >= self._window:
            self._old, self._new = self._new, {}
        if first is None or received_at < first:
            self._new[event_id] = received_at
        return first


def _segment_bytes(spool: SpoolConfig) -> int:
    """Large, yet small enough for the lander to make room while the spool is at its bound."""
    return max(spool.segment_max_bytes, min(SEGMENT_MAX_BYTES, spool.max_bytes // 4))
