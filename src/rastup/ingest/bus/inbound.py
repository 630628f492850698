"""One partition's stream in the local spool, continued after every restart from where its last record is."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sqlalchemy import Engine

from rastup.core.config import SpoolConfig
from rastup.core.errors import LeaseHeld
from rastup.ingest.bus.source import Batch
from rastup.ingest.landing import seal_dead
from rastup.ingest.spool.frames import Frame, read_frames
from rastup.ingest.spool.segments import Segment, mapped, stream_segments, try_lock
from rastup.ingest.spool.stream import StreamFile, create_stream
from rastup.lake.ledger import landed_end

LOCK_WAIT_S = 20.0
_LOOK_EVERY_S = 0.02


class Inbound:
    """The stream of one partition. Its offsets are the partition's, so that segments and Bronze files are named by them.

    Args:
        root: the spool's folder.
        stream: its name.
        engine: the ledger tells what has landed.

    Raises:
        LeaseHeld: another process writes this stream.
    """

    def __init__(self, root: Path, stream: str, engine: Engine) -> None:
        lock = _lock(root, stream)
        try:
            in_spool = _spooled_end(root, root / stream)
            # Asked after the spool was looked at: what leaves the spool is in the ledger by then.
            in_bronze = landed_end(engine, stream)
        except BaseException:
            os.close(lock)
            raise
        ends = [end for end in (in_spool, in_bronze) if end is not None]
        self.stored = max(ends) if ends else None
        self._file = StreamFile(root / stream, lock, self.stored or 0)

    @property
    def end(self) -> int:
        """The offset after the last record on disk."""
        return self._file.offset

    def store(self, batch: Batch) -> int:
        """Puts on disk what is not there yet; returns how many bytes that were.

        Raises:
            OSError: the disk refused; the stream has to be opened again.
        """
        lines = batch.lines
        if batch.offset < self.end:
            lines = lines[self.end - batch.offset :]
        elif batch.offset > self.end:  # numbers that the bus never gave to a record
            self._file.move_to(batch.offset)
        return self._file.append(b"".join(lines)) if lines else 0

    def seal_when_due(self, config: SpoolConfig) -> None:
        """Seals the segment when it is large or old enough."""
        self._file.seal_when_due(config)

    def close(self) -> None:
        """Seals, and gives the stream to the lander."""
        self._file.close()


def _lock(root: Path, stream: str) -> int:
    """The lock of a stream that may be there already; the lander may hold it while it drains what a reader left."""
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        if (root / stream).is_dir():
            lock = try_lock(root / stream)
            if lock is not None:
                if os.fstat(lock).st_nlink:
                    return lock
                os.close(lock)  # the lander has just removed the stream
                continue
        else:
            try:
                return create_stream(root, stream)
            except OSError:  # somebody else was quicker
                if not (root / stream).is_dir():
                    raise
        if time.monotonic() >= deadline:
            raise LeaseHeld(
                f"the stream {stream} of the spool is written by another process; end that one first."
            )
        time.sleep(_LOOK_EVERY_S)


def _spooled_end(root: Path, folder: Path) -> int | None:
    end: int | None = None
    for segment in stream_segments(folder):
        whole = segment if segment.sealed else seal_dead(root, segment)
        end = max(end or 0, _end_of(whole))
    return end


def _end_of(segment: Segment) -> int:
    end = segment.first_offset
    try:
        with mapped(segment.path) as data:
            for found in read_frames(data, segment.first_offset):
                if isinstance(found, Frame):
                    end = found.end
    except FileNotFoundError:  # it has landed meanwhile
        pass
    return end
