"""Feeding the spool from a loop that can wait: bounded in flight, patient while the spool is full, whole when it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rastup.core.config import SpoolConfig
from rastup.core.errors import SpoolFull
from rastup.ingest.spool import SpoolWriter

IN_FLIGHT = 8
_LOOK_EVERY_S = 0.05


class Feed:
    """`with Feed(…) as feed: feed.put(lines)`; when the block ends, all of it is on disk.

    Args:
        root: the spool's folder.
        name: says who writes, for example `import`.
        config: of the spool.
        patience_s: how long the spool may stay full before that is an error.
        on_wait: told once why, when the spool is full.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        config: SpoolConfig,
        *,
        patience_s: float = 600.0,
        on_wait: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._patience_s = patience_s
        self._on_wait = on_wait
        self._changed = threading.Condition()
        self._in_flight = 0
        self._failed: list[bytes] = []
        self._writer: SpoolWriter[bytes] = SpoolWriter(root, name, config, self._on_commit)
        self.stream = self._writer.stream

    def __enter__(self) -> Feed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._writer.close()

    def put(self, data: bytes) -> None:
        """Hands over newline-terminated lines; waits while too much is in flight or the spool is full.

        Raises:
            SpoolFull: the spool stayed full.
        """
        self._await_fewer_than(IN_FLIGHT)
        self._await_room()
        self._submit(data)

    def flush(self) -> None:
        """Returns when everything that was put is on disk.

        Raises:
            SpoolFull: the spool stayed full.
        """
        self._await_fewer_than(1)

    def _await_fewer_than(self, bound: int) -> None:
        while True:
            with self._changed:
                while self._in_flight >= bound and not self._failed:
                    self._changed.wait()
                again, self._failed = self._failed, []
            if not again:
                return
            for batch in again:
                self._await_room()
                self._submit(batch)

    def _await_room(self) -> None:
        reason = self._writer.full_reason
        if reason is None:
            return
        self._on_wait(reason)
        deadline = time.monotonic() + self._patience_s
        while (reason := self._writer.full_reason) is not None:
            if time.monotonic() >= deadline:
                raise SpoolFull(reason)
            time.sleep(_LOOK_EVERY_S)

    def _submit(self, batch: bytes) -> None:
        with self._changed:
            self._in_flight += 1
        self._writer.submit(batch, batch)

    def _on_commit(self, batches: list[bytes], error: Exception | None) -> None:
        with self._changed:
            self._in_flight -= len(batches)
            if error is not None:
                self._failed += batches
            self._changed.notify_all()
