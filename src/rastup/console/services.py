"""What the pages work with: the deployment's settings, its state, its lake, and the time."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Engine
from starlette.requests import Request

from rastup.console.cards.memory import LastGood
from rastup.console.data.base import Source
from rastup.core.clock import Clock, system_clock
from rastup.core.config import Settings
from rastup.core.errors import Unavailable

T = TypeVar("T")
THREADS = 8


@dataclass
class Services:
    """One console. Everything that waits for a disk or the engine runs in its threads, never in the event loop."""

    settings: Settings
    engine: Engine
    source: Source
    clock: Clock = system_clock
    last_good: LastGood = field(default_factory=LastGood)
    limiter: anyio.CapacityLimiter | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Runs `work` in a thread and waits to its end: who has an answer holds no thread any more.

        Nothing is left running behind an answer: the source stops questions to the lake after
        `console.query_timeout_s`, and a repair ends with its report, however long it takes.

        Raises:
            Unavailable: no thread came free within `console.query_timeout_s`; nothing was begun.
        """
        if self.limiter is None:
            self.limiter = anyio.CapacityLimiter(THREADS)
        limit_s = self.settings.console.query_timeout_s
        with anyio.move_on_after(limit_s):
            # Shielded as soon as it has a thread: the limit is of the wait for one.
            return await anyio.to_thread.run_sync(work, limiter=self.limiter)
        raise Unavailable(
            f"the console is busy: {THREADS} questions were at work for {limit_s:g} s. Try again in a moment."
        )


def of(request: Request) -> Services:
    """The services of the console that got the request."""
    services: Services = request.app.state.services
    return services


def in_thread(services: Services, work: Callable[..., T], *args: object) -> Callable[[], T]:
    """`work` with its arguments, for `Services.run`."""
    return functools.partial(work, services, *args)
