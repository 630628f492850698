"""The reader: what is on the bus becomes segments of the local spool, and from there all goes the way that it always goes.

Where it reads on is what it has stored itself: the end of each partition's stream in the spool, or in Bronze by the
ledger. So nothing is skipped and nothing counts twice, whenever it is killed.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from types import TracebackType

from sqlalchemy import Engine

from rastup.core.config import Settings
from rastup.core.errors import Unavailable
from rastup.core.logs import get_logger
from rastup.ingest.bus import publisher
from rastup.ingest.bus.inbound import Inbound
from rastup.ingest.bus.source import Batch, Source, open_source, stream_name
from rastup.ingest.landing import Steps, no_steps
from rastup.ingest.spool.bound import Bound
from rastup.state.database import open_state
from rastup.state.heartbeats import beat
from rastup.state.leases import Lease

LEASE = "reader.lease"
COMPONENT = "reader"
READ_S = 0.2
BEAT_EVERY_S = 5.0
PARTITIONS_EVERY_S = 30.0
LONGEST_BACK_OFF_S = 30.0
_log = get_logger(__name__)


@dataclass
class ReadCount:
    """What a run of the reader has put into the spool."""

    records: int = 0
    bytes: int = 0


def run(
    settings: Settings, stop: threading.Event, once: bool = False, *, steps: Steps = no_steps
) -> ReadCount:
    """Reads until `stop` is set; with `once`, what the bus holds now.

    Raises:
        LeaseHeld: another process reads this bus into this spool.
        Unavailable: with `once`, the bus cannot be read, or the state or a stream of the spool is held or away.
        UsageError: no bus is configured, or not well.
    """
    publisher.check(settings)
    engine, count, back_off_s = open_state(settings.state_url), ReadCount(), 1.0
    settings.home.spool.mkdir(parents=True, exist_ok=True)
    with Lease(settings.home.run / LEASE, purpose="reading the bus"):
        while not stop.is_set():
            before = count.records
            try:
                with Reader(settings, engine, count, steps) as reader:
                    reader.loop(stop, once)
                if once or stop.is_set():
                    return count
                back_off_s = 0.0
            except (Unavailable, OSError) as error:
                if once:
                    raise
                back_off_s = (
                    1.0 if count.records > before else min(max(1.0, back_off_s * 2), LONGEST_BACK_OFF_S)
                )
                _log.warning("reading waits", reason=str(error), again_in_s=back_off_s)
            stop.wait(back_off_s)
    return count


class Reader:
    """One life of the reader: after any failure another one begins from what is on disk."""

    def __init__(self, settings: Settings, engine: Engine, count: ReadCount, steps: Steps = no_steps) -> None:
        self._settings = settings
        self._engine = engine
        self._count = count
        self._steps = steps
        self._bound = Bound(settings.home.spool, settings.spool)
        self._streams: dict[str, Inbound] = {}
        self._beat_due = 0.0
        self._look_due = time.monotonic() + PARTITIONS_EVERY_S
        self._source: Source = open_source(settings, engine)

    def __enter__(self) -> Reader:
        try:
            for partition in self._source.partitions():
                stream = stream_name(self._source.name, partition)
                inbound = Inbound(self._settings.home.spool, stream, self._engine)
                self._streams[partition] = inbound
                self._source.start(partition, inbound.stored)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Seals every stream and leaves the bus."""
        for inbound in self._streams.values():
            inbound.close()
        self._source.close()

    def loop(self, stop: threading.Event, once: bool = False) -> None:
        """Reads until `stop` is set, the bus has other partitions, or, with `once`, the end is reached."""
        _log.info("reader started", bus=self._source.name, partitions=len(self._streams))
        while not stop.is_set():
            if not self._has_room(stop):
                continue
            batches = self._source.read(READ_S)
            for batch in batches:
                self._store(batch)
            self._tend()
            if once and not batches and self._source.is_at_end():
                return
            if self._has_new_partitions():
                return

    def _store(self, batch: Batch) -> None:
        self._steps("read")
        inbound = self._streams[batch.partition]
        before = inbound.end
        size = inbound.store(batch)
        self._bound.grew(size)
        self._count.records += max(0, inbound.end - max(before, batch.offset))
        self._count.bytes += size
        self._steps("stored")

    def _tend(self) -> None:
        for inbound in self._streams.values():
            inbound.seal_when_due(self._settings.spool)
        self._source.stored({partition: inbound.end for partition, inbound in self._streams.items()})
        self._bound.look()
        if time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + BEAT_EVERY_S
            beat(self._engine, COMPONENT, lag_s=self._source.lag_s(), detail={"bus": self._source.name})

    def _has_room(self, stop: threading.Event) -> bool:
        """Whether the spool takes more; while it does not, events wait on the bus."""
        self._bound.look()
        if self._bound.reason is None:
            return True
        _log.warning("reading waits", reason=self._bound.reason)
        self._tend()
        stop.wait(1.0)
        return False

    def _has_new_partitions(self) -> bool:
        if time.monotonic() < self._look_due:
            return False
        self._look_due = time.monotonic() + PARTITIONS_EVERY_S
        return set(self._source.partitions()) != set(self._streams)
