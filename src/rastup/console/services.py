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
        """Runs `work` in a thread and waits for it.

        Raises:
            Unavailable: it took longer than `console.query_timeout_s`.
        """
        if self.limiter is None:
            self.limiter = anyio.CapacityLimiter(THREADS)
        limit_s = self.settings.console.query_timeout_s
        try:
            with anyio.fail_after(limit_s):
                return await anyio.to_thread.run_sync(work, limiter=self.limiter, abandon_on_cancel=True)
        except TimeoutError as error:
            raise Unavailable(
                f"no answer within {limit_s:.0f} s (console.query_timeout_s). Try a shorter range."
            ) from error


def of(request: Request) -> Services:
    """The services of the console that got the request."""
    services: Services = request.app.state.services
    return services


def in_thread(services: Services, work: Callable[..., T], *args: object) -> Callable[[], T]:
    """`work` with its arguments, for `Services.run`."""
    return functools.partial(work, services, *args)
