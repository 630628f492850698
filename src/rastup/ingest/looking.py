"""What a worker knows of the state: read every second, and sooner for a request that names what is unknown so far."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

LOOK_EVERY_S = 1.0


class Looks:
    """Looks at the state, one at a time.

    Args:
        look: reads the state, and says whether it could; what it cannot read it leaves as it was.
        again_after_s: between two looks that requests ask for: who guesses makes a worker read no more often.
        wait_s: how long a request waits for a state that does not answer.
    """

    def __init__(self, look: Callable[[], bool], *, again_after_s: float, wait_s: float) -> None:
        self._look = look
        self._again_after_s = again_after_s
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._began_at = self._read_at = 0.0
        self._next: asyncio.Future[None] | None = None

    def start(self, name: str) -> None:
        """Looks every second from now on, in a thread of that name."""
        threading.Thread(target=self._keep_looking, name=name, daemon=True).start()

    def close(self) -> None:
        """Stops looking every second."""
        self._closed.set()

    def now(self) -> None:
        """Looks."""
        with self._lock:
            began = time.monotonic()
            if self._look():
                self._read_at = began
            self._began_at = began

    async def soon(self) -> bool:
        """Returns after a look that began after this call, or when it takes too long; all who ask meanwhile wait for one.

        Whether the state could be read: else what is unknown may only be unknown here.
        """
        asked = time.monotonic()
        while self._began_at <= asked and (left_s := asked + self._wait_s - time.monotonic()) > 0:
            if self._next is None or self._next.done():
                self._next = asyncio.ensure_future(self._in_a_while())
            await asyncio.wait([self._next], timeout=left_s)
        return self._read_at > asked

    async def _in_a_while(self) -> None:
        await asyncio.sleep(self._began_at + self._again_after_s - time.monotonic())
        await asyncio.get_running_loop().run_in_executor(None, self.now)

    def _keep_looking(self) -> None:
        while not self._closed.wait(LOOK_EVERY_S):
            self.now()
