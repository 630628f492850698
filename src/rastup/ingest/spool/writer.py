"""The writer of one stream: many submitters, one thread, one `fdatasync` a group, and only then an answer."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from rastup.core.clock import now_ms
from rastup.core.config import SpoolConfig
from rastup.core.errors import SpoolFull
from rastup.core.ids import ulid
from rastup.core.logs import get_logger
from rastup.ingest.spool.bound import Bound
from rastup.ingest.spool.frames import frame_header
from rastup.ingest.spool.segments import (
    LOCK,
    segment_name,
    sync_folder,
    try_lock,
)

T = TypeVar("T")
GROUP_MAX_BYTES = 16_000_000
_log = get_logger(__name__)


class SpoolWriter(Generic[T]):
    """Appends records durably to a new stream `<name>-<ULID>` of the spool at `root`.

    Args:
        root: the spool's folder; created when absent.
        name: says who writes, for example `c0`.
        config: sizes, ages, bounds.
        on_commit: called in the writer's thread once a group: with the tokens of all submissions of the group and
            None once they are on disk, or with the error that kept all of them from being stored.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        config: SpoolConfig,
        on_commit: Callable[[list[T], Exception | None], None],
    ) -> None:
        self.stream = f"{name}-{ulid(now_ms())}"
        self._config = config
        self._on_commit = on_commit
        self._bound = Bound(root, config)
        self._queue: SimpleQueue[tuple[bytes, T] | None] = SimpleQueue()
        self._put = self._queue.put
        self._closing = False
        self._ended = False
        self._file = _StreamFile(root, self.stream)
        self._bound.look()
        self._thread = threading.Thread(target=self._run, name=f"spool-{name}", daemon=True)
        self._thread.start()

    @property
    def full_reason(self) -> str | None:
        """Why nothing should be submitted now, or None. Costs nothing to read; clears by itself unless the writer ended."""
        return self._bound.reason

    def submit(self, data: bytes, token: T) -> None:
        """Queues `data`, newline-terminated lines, for the next group. Returns at once; any thread may call.

        Raises:
            ValueError: the data does not end with a newline.
        """
        if data[-1:] != b"\n":
            raise ValueError("records submitted to the spool must be newline-terminated lines")
        self._put((data, token))
        # Looked at after the put: whoever finds the thread ended answers what it will no longer see.
        if self._ended:
            self._refuse_rest()

    def close(self) -> None:
        """Commits what was submitted, seals the segment and gives the stream to the lander. May be called again."""
        if not self._closing:
            self._closing = True
            self._put(None)
        self._thread.join()
        self._refuse_rest()

    def _run(self) -> None:
        try:
            while not self._closing or self._queue.qsize():
                self._turn()
        except (
            Exception
        ) as error:  # a fault of ours: nobody may go on believing that this writer takes anything
            _log.exception("spool writer ended", stream=self.stream)
            self._bound.ended(error)
        finally:
            self._ended = True
            self._refuse_rest()
            self._file.close()

    def _turn(self) -> None:
        group, tokens = self._next_group()
        if group:
            self._commit(group, tokens)
        try:
            if self._file.size and (
                self._file.size >= self._config.segment_max_bytes
                or self._file.age_s() >= self._config.segment_max_age_s
            ):
                self._file.seal()
            self._bound.look()
        except OSError as error:
            self._bound.failed(error)

    def _next_group(self) -> tuple[list[bytes], list[T]]:
        group: list[bytes] = []
        tokens: list[T] = []
        try:
            first = self._queue.get(timeout=0.25)
            if self._config.commit_linger_ms and first is not None:
                time.sleep(self._config.commit_linger_ms / 1000)
            size = self._take(first, group, tokens)
            while size < GROUP_MAX_BYTES:
                size += self._take(self._queue.get_nowait(), group, tokens)
        except Empty:
            pass
        return group, tokens

    @staticmethod
    def _take(item: tuple[bytes, T] | None, group: list[bytes], tokens: list[T]) -> int:
        if item is None:  # close() only wants to wake us
            return 0
        group.append(item[0])
        tokens.append(item[1])
        return len(item[0])

    def _commit(self, group: list[bytes], tokens: list[T]) -> None:
        failure: Exception | None = None
        try:
            self._bound.grew(self._file.append(b"".join(group)))
        except OSError as error:
            self._bound.failed(error)
            failure = SpoolFull(self._bound.reason or str(error))
            _log.error("spool write failed", stream=self.stream, error=str(error))
        except Exception as error:
            self._bound.ended(error)
            self._answer(tokens, SpoolFull(self._bound.reason or str(error)))
            raise
        self._answer(tokens, failure)

    def _answer(self, tokens: list[T], failure: Exception | None) -> None:
        try:
            self._on_commit(tokens, failure)
        except Exception:
            # The records are stored (or not) whatever the listener makes of it; the next group must go on.
            _log.exception("commit listener failed", stream=self.stream)

    def _refuse_rest(self) -> None:
        tokens: list[T] = []
        try:
            while True:
                self._take(self._queue.get_nowait(), [], tokens)
        except Empty:
            pass
        if tokens:
            self._answer(
                tokens, SpoolFull("the spool's writer has been closed; nothing was stored. Send it again.")
            )


class _StreamFile:
    """The stream's folder, its lock and its open segment. Not thread-safe: it belongs to the writer's thread."""

    def __init__(self, root: Path, stream: str) -> None:
        self._folder = root / stream
        self._lock = _create_stream(root, stream)
        self._fd: int | None = None
        self._path = self._folder
        self._first_offset = 0
        self._offset = 0
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


def _create_stream(root: Path, stream: str) -> int:
    """Makes the stream's folder, its lock held from the moment at which the folder can be seen."""
    new = root / f".new-{stream}"
    new.mkdir(parents=True)
    lock = try_lock(new)
    if lock is None:
        raise SpoolFull(f"{new / LOCK} is held by another process")
    try:
        new.rename(root / stream)
        sync_folder(root / stream)
        sync_folder(root)
    except OSError:
        os.close(lock)
        raise
    return lock


def _write_all(fd: int, header: bytes, body: bytes) -> None:
    done = os.writev(fd, [header, body])
    if done < len(header) + len(body):  # the disk is filling: the rest goes or says why
        rest = memoryview(header + body)[done:]
        while rest:
            rest = rest[os.write(fd, rest) :]
