"""Submissions and the messages that they wait for: one is durable when all of its messages are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from rastup.core.logs import get_logger

T = TypeVar("T")
_log = get_logger(__name__)


class Submission(Generic[T]):
    """The messages of one submission that are not confirmed yet."""

    __slots__ = ("error", "size", "token", "waiting")

    def __init__(self, token: T, waiting: int, size: int) -> None:
        self.token = token
        self.waiting = waiting
        self.size = size
        self.error: Exception | None = None


class Outbox(Generic[T]):
    """Counts what is in flight, and tells the listener what came of it, many submissions at once. Any thread may call."""

    def __init__(self, on_commit: Callable[[list[T], Exception | None], None]) -> None:
        self._on_commit = on_commit
        self._lock = threading.Lock()
        self._bytes = 0
        self._done: list[Submission[T]] = []

    @property
    def in_flight_bytes(self) -> int:
        """Bytes that were submitted and not answered."""
        return self._bytes

    def add(self, token: T, waiting: int, size: int) -> Submission[T]:
        """A submission of so many messages, and so many bytes in all."""
        with self._lock:
            self._bytes += size
        return Submission(token, waiting, size)

    def confirm(self, submission: Submission[T], error: Exception | None) -> None:
        """One of its messages is durable, or is not and why."""
        with self._lock:
            submission.waiting -= 1
            if submission.error is None:
                submission.error = error
            if submission.waiting == 0:
                self._bytes -= submission.size
                self._done.append(submission)

    def tell(self) -> None:
        """Answers the submissions whose messages have all been heard of."""
        with self._lock:
            done, self._done = self._done, []
        if stored := [submission.token for submission in done if submission.error is None]:
            self._answer(stored, None)
        for submission in done:
            if submission.error is not None:
                self._answer([submission.token], submission.error)

    def _answer(self, tokens: list[T], error: Exception | None) -> None:
        try:
            self._on_commit(tokens, error)
        except Exception:
            # The records are stored (or not) whatever the listener makes of it; the next ones must go on.
            _log.exception("commit listener failed")
