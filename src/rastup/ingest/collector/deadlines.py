"""Deadlines for reading requests: one timer for all of them, because one each costs as much as checking an event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")
LOOKS_A_DEADLINE = 4
"""How many times within one deadline the timer looks; a client is cut off at most that part of it late."""


class Deadlines:
    """Cuts off what is awaited for longer than `seconds`.

    Args:
        loop: on which everything happens.
        seconds: the deadline.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop = loop
        self._seconds = seconds
        self._started: dict[asyncio.Task[Any], float] = {}
        self._overdue: set[asyncio.Task[Any]] = set()
        self._timer = loop.call_later(seconds / LOOKS_A_DEADLINE, self._look)

    async def within(self, awaited: Awaitable[T]) -> T:
        """The result.

        Raises:
            TimeoutError: it did not come in time.
        """
        task = asyncio.current_task(self._loop)
        if task is None:
            raise RuntimeError("a deadline needs a task")
        self._started[task] = time.monotonic()
        try:
            return await awaited
        except asyncio.CancelledError:
            if task not in self._overdue:
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            del self._started[task]
            self._overdue.discard(task)

    def close(self) -> None:
        """Stops the timer."""
        self._timer.cancel()

    def _look(self) -> None:
        self._timer = self._loop.call_later(self._seconds / LOOKS_A_DEADLINE, self._look)
        before = time.monotonic() - self._seconds
        for task, started in list(self._started.items()):
            if started < before and task not in self._overdue:
                self._overdue.add(task)
                task.cancel()
