"""The writer of one stream: many submitters, one thread, one `fdatasync` a group, and only then an answer."""

from __future__ import annotations

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
from rastup.ingest.spool.stream import StreamFile, create_stream

T = TypeVar("T")
GROUP_MAX_BYTES = 16_000_000
_log = get_logger(__name__)


class SpoolWriter(Generic[T]):
    """Appends records durably to a new stream `<name>-<ULID>` of the spool at `root`.

    While the disk does not let it make the stream, the spool is full, and the writer tries again.

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
        self._root = root
        self._file: StreamFile | None = None
        self._tend()
        if self._file is None:
            _log.error("spool stream cannot be made yet", stream=self.stream, reason=self._bound.reason)
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
            if self._file is not None:
                self._file.close()

    def _turn(self) -> None:
        group, tokens = self._next_group()
        if group:
            self._commit(group, tokens)
        self._tend()

    def _tend(self) -> None:
        try:
            self._opened().seal_when_due(self._config)
            self._bound.look()
        except OSError as error:
            self._bound.failed(error)

    def _opened(self) -> StreamFile:
        if self._file is None:
            self._file = StreamFile(self._root / self.stream, create_stream(self._root, self.stream))
        return self._file

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
            self._bound.grew(self._opened().append(b"".join(group)))
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
