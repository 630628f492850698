"""What a worker stores: the lines of requests, of which each is answered after its sync, and the meters' every second."""

from __future__ import annotations

import asyncio

from rastup.core.config import Settings
from rastup.core.errors import PUT_FAILED, Rejected
from rastup.core.logs import get_logger
from rastup.ingest.bus import Publisher, open_publisher
from rastup.ingest.collector.intake import Taken
from rastup.ingest.collector.meters import Meters, Place
from rastup.ingest.collector.seen import SeenIds

METER_EVERY_S = 1.0
MOST_METER_LINES = 20_000
"""Counts kept for later while the bus takes nothing: hours of them."""
log = get_logger()


class Storing:
    """The one writer of a worker.

    Args:
        settings: of the deployment.
        meters: counts.
        seen: ids whose events are stored.
        loop: of the worker.
    """

    def __init__(
        self, settings: Settings, meters: Meters, seen: SeenIds, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._meters = meters
        self._seen = seen
        self._loop = loop
        self.writer: Publisher[asyncio.Future[None]] = open_publisher(settings, "c", self._committed)
        self._meter_lines: list[bytes] = []
        self._meter_timer = loop.call_later(METER_EVERY_S, self._meter)

    def close(self) -> None:
        """Commits what is in flight and seals the spool."""
        self._meter_timer.cancel()
        self._put_meters()
        self.writer.close()

    def require_room(self) -> None:
        """Refuses a request before anything of it is read.

        Raises:
            Rejected: 503, nothing can be stored now.
        """
        if (full := self.writer.full_reason) is not None:
            raise Rejected(503, PUT_FAILED, f"Nothing was stored: {full}")

    async def store(self, taken: Taken, place: Place) -> None:
        """Returns when the lines are on disk, and counts them.

        Raises:
            Rejected: 503, they are not.
        """
        if taken.lines:
            future: asyncio.Future[None] = self._loop.create_future()
            self.writer.submit(b"".join(taken.lines), future)
            try:
                await future
            except Exception as error:
                raise Rejected(503, PUT_FAILED, f"Nothing was stored: {error}") from error
            self._seen.add(taken.ids)
        self._meters.took(place, taken.accepted, taken.duplicates, taken.quarantined)
        if taken.ignored:
            self._meters.ignored(place, taken.ignored)

    def _committed(self, futures: list[asyncio.Future[None]], error: Exception | None) -> None:
        """Called by a thread of the bus's, once a group."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, futures, error)

    def _meter(self) -> None:
        self._meter_timer = self._loop.call_later(METER_EVERY_S, self._meter)
        self._put_meters()

    def _put_meters(self) -> None:
        self._meter_lines = [*self._meter_lines, *self._meters.drain()][-MOST_METER_LINES:]
        if self._meter_lines and self.writer.full_reason is None:
            lines, self._meter_lines = self._meter_lines, []
            stored: asyncio.Future[None] = self._loop.create_future()
            stored.add_done_callback(lambda done: self._keep_meters(lines, done))
            self.writer.submit(b"".join(lines), stored)
        try:
            self._meters.publish()
        except OSError as error:  # a full disk must not stop the clock of the meters
            log.warning("meters cannot be published", error=str(error))

    def _keep_meters(self, lines: list[bytes], stored: asyncio.Future[None]) -> None:
        """Counts that could not be stored are sent with the next ones."""
        if not stored.cancelled() and stored.exception() is not None:
            self._meter_lines = [*lines, *self._meter_lines][-MOST_METER_LINES:]


def _resolve(futures: list[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.done():  # its request was cut off; the events are stored all the same
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
