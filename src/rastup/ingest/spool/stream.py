"""One stream as its writer holds it: a locked folder, and the open segment that takes one frame after the other."""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from rastup.core.clock import now_ms
from rastup.core.config import SpoolConfig
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
        self._is_torn = False
        self._size = 0

    def append(self, body: bytes) -> int:
        """Writes one frame durably and returns its size, or raises OSError and leaves none of it behind."""
        if self._is_torn:
            self.seal()
        records = body.count(b"\n")
        header = frame_header(self._offset, records, body)
        try:
            fd = self._open() if self._fd is None else self._fd
            _write_all(fd, header, body)
            os.fdatasync(fd)
        except OSError:
            # The kernel may hold pages that it will never write, so nothing more is appended to this file.
            self._is_torn = self._fd is not None
            with suppress(OSError):
                self.seal()
            raise
        self._offset += records
        self._size += len(header) + len(body)
        return len(header) + len(body)

    @property
    def offset(self) -> int:
        """The offset of the next record."""
        return self._offset

    def move_to(self, offset: int) -> None:
        """Seals, and goes on at a later offset: between the two there is nothing."""
        self.seal()
        self._offset = offset

    def seal_when_due(self, config: SpoolConfig) -> None:
        """Seals the open segment when it is large or old enough, or takes no more frames."""
        if self._fd is None:
            return
        age_s = time.monotonic() - self._opened_at
        if self._is_torn or self._size >= config.segment_max_bytes or age_s >= config.segment_max_age_s:
            self.seal()

    def seal(self) -> None:
        """Renames the open segment to its final name, cut back to its last good frame; the next frame opens a new one.

        Raises:
            OSError: the disk refused. The segment is still this stream's, so that the next call tries again.
        """
        if self._fd is None:
            return
        if self._is_torn:
            os.ftruncate(self._fd, self._size)
            os.fsync(self._fd)
        try:
            if self._size:
                self._path.rename(self._folder / segment_name(self._first_offset, sealed=True))
            else:
                self._path.unlink()
        except FileNotFoundError:  # somebody removed it, and no other call would find it again
            _log.error("spool segment is gone", stream=self._folder.name, offset=self._first_offset)
        self._forget()
        sync_folder(self._folder)

    def close(self) -> None:
        """Seals, and lets go of the stream."""
        try:
            self.seal()
        except OSError as error:  # the lander seals what we could not
            _log.error("spool seal failed", stream=self._folder.name, error=str(error))
            self._forget()
        os.close(self._lock)

    def _open(self) -> int:
        self._path = self._folder / segment_name(self._offset, sealed=False)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, 0o644)
        self._first_offset, self._opened_at = self._offset, time.monotonic()
        sync_folder(self._folder)
        return self._fd

    def _forget(self) -> None:
        fd, self._fd = self._fd, None
        self._is_torn, self._size = False, 0
        if fd is not None:
            os.close(fd)


def create_stream(root: Path, stream: str) -> int:
    """Makes the stream's folder, its lock held from the moment at which the folder can be seen.

    Raises:
        OSError: the disk refused, or the folder is taken. What was made of it is gone, as far as the disk lets it.
    """
    folder = root / f".new-{stream}.{ulid(now_ms())}"
    folder.mkdir(parents=True)
    lock: int | None = None
    try:
        lock = try_lock(folder)
        if lock is None:
            raise BlockingIOError(errno.EAGAIN, "its lock is held by another process", str(folder / LOCK))
        folder = folder.rename(root / stream)
        sync_folder(folder)
        sync_folder(root)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
        raise
    return lock


def _write_all(fd: int, header: bytes, body: bytes) -> None:
    done = os.writev(fd, [header, body])
    if done < len(header) + len(body):  # the disk is filling: the rest goes or says why
        rest = memoryview(header + body)[done:]
        while rest:
            rest = rest[os.write(fd, rest) :]
