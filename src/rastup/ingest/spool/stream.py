"""One stream as its writer holds it: a locked folder, and the open segment that takes one frame after the other."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from rastup.core.clock import now_ms
from rastup.core.errors import SpoolFull
from rastup.core.ids import ulid
from rastup.core.logs import get_logger
from rastup.ingest.spool.frames import frame_header
from rastup.ingest.spool.segments import LOCK, segment_name, sync_folder, try_lock

_log = get_logger(__name__)


class StreamFile:
    """The stream's folder, its lock and its open segment. Not thread-safe: it belongs to the writer's thread.

    Args:
        folder: of the stream.
        lock: the descriptor that holds its lock; closed with the stream.
        offset: of the first record to be written.
    """

    def __init__(self, folder: Path, lock: int, offset: int = 0) -> None:
        self._folder = folder
        self._lock = lock
        self._fd: int | None = None
        self._path = self._folder
        self._first_offset = 0
        self._offset = offset
        self._opened_at = 0.0
        self.size = 0

    def append(self, body: bytes) -> int:
        """Writes one frame durably and returns its size, or raises OSError and leaves none of it behind."""
        fd = self._open() if self._fd is None else self._fd
        records = body.count(b"\n")
        header = frame_header(self._offset, records, body)
        try:
            _write_all(fd, header, body)
            os.fdatasync(fd)
        except OSError:
            self._abandon(records)
            raise
        self._offset += records
        self.size += len(header) + len(body)
        return len(header) + len(body)

    @property
    def offset(self) -> int:
        """The offset of the next record."""
        return self._offset

    def move_to(self, offset: int) -> None:
        """Seals, and goes on at a later offset: between the two there is nothing."""
        self.seal()
        self._offset = offset

    def age_s(self) -> float:
        """Seconds since the open segment's first frame."""
        return time.monotonic() - self._opened_at if self._fd is not None else 0.0

    def seal(self) -> None:
        """Renames the open segment to its final name; the next frame opens a new one."""
        if self._fd is None:
            return
        os.close(self._fd)
        self._fd, self.size = None, 0
        self._path.rename(self._folder / segment_name(self._first_offset, sealed=True))
        sync_folder(self._folder)

    def close(self) -> None:
        """Seals, and lets go of the stream."""
        try:
            self.seal()
        except OSError as error:  # the lander seals what we could not
            _log.error("spool seal failed", stream=self._folder.name, error=str(error))
        os.close(self._lock)

    def _open(self) -> int:
        self._path = self._folder / segment_name(self._offset, sealed=False)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        fd = os.open(self._path, flags, 0o644)
        try:
            sync_folder(self._folder)
        except OSError:
            os.close(fd)
            self._path.unlink(missing_ok=True)
            raise
        self._fd, self._first_offset, self.size = fd, self._offset, 0
        self._opened_at = time.monotonic()
        return fd

    def _abandon(self, records: int) -> None:
        # After a failed write or sync the kernel may hold pages that it will never write, so nothing more is
        # appended to this file: it is cut back to its last good frame and sealed.
        fd = self._fd
        if fd is None:
            return
        try:
            os.ftruncate(fd, self.size)
            os.fsync(fd)
            if self.size:
                self.seal()
                return
            self._path.unlink()
        except OSError:
            # The frame that was not answered may still be there: its offsets must not be given out again.
            self._offset += records
        if self._fd is not None:
            os.close(fd)
            self._fd, self.size = None, 0


def create_stream(root: Path, stream: str) -> int:
    """Makes the stream's folder, its lock held from the moment at which the folder can be seen."""
    new = root / f".new-{stream}.{ulid(now_ms())}"
    new.mkdir(parents=True)
    lock = try_lock(new)
    if lock is None:
        raise SpoolFull(f"{new / LOCK} is held by another process")
    try:
        new.rename(root / stream)
        sync_folder(root / stream)
        sync_folder(root)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        os.close(lock)
        raise
    return lock


def _write_all(fd: int, header: bytes, body: bytes) -> None:
    done = os.writev(fd, [header, body])
    if done < len(header) + len(body):  # the disk is filling: the rest goes or says why
        rest = memoryview(header + body)[done:]
        while rest:
            rest = rest[os.write(fd, rest) :]
