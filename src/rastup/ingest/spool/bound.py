"""How full the spool and its disk are: measured now and then, told cheaply."""

from __future__ import annotations

import os
import time
from pathlib import Path

from rastup.core.config import SpoolConfig
from rastup.ingest.spool.segments import measure

MEASURE_EVERY_S = 0.5
RETRY_AFTER_S = 1.0
"""After a failed write the spool says that it is full for this long, then lets traffic try again."""


class Bound:
    """`reason` is None while there is room, else one sentence. It covers all streams of the spool, not one writer's."""

    def __init__(self, root: Path, config: SpoolConfig) -> None:
        self._root = root
        self._config = config
        self._bytes = 0
        self._due = 0.0
        self._failed_until = 0.0
        self.reason: str | None = None

    def grew(self, size: int) -> None:
        """Counts bytes written since the last measurement, so that a burst does not run past the bound."""
        self._bytes += size
        if self._bytes > self._config.max_bytes:
            self.reason = self._why_full()

    def failed(self, error: OSError) -> None:
        """A write failed: full for a moment, whatever the measurements say."""
        self._failed_until = time.monotonic() + RETRY_AFTER_S
        self.reason = (
            f"the spool at {self._root} cannot be written: {error.strerror or error}. "
            "It has to be a folder that can be written, on a disk with space."
        )

    def ended(self, error: Exception) -> None:
        """The writer is no more: full for good."""
        self.reason = (
            f"the writer of the spool at {self._root} ended ({type(error).__name__}); its log says why. "
            "Restart the collector."
        )

    def look(self) -> None:
        """Measures again when it is time to."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + MEASURE_EVERY_S
        self._bytes = measure(self._root)
        if now >= self._failed_until:
            self.reason = self._why_full()

    def _why_full(self) -> str | None:
        limit = self._config.max_bytes
        if self._bytes > limit:
            return (
                f"the spool at {self._root} holds {self._bytes:,} un-landed bytes; its bound is {limit:,} "
                "(spool.max_bytes). Is the lander running and the store reachable?"
            )
        disk = os.statvfs(self._root)
        free, needed = disk.f_bavail * disk.f_frsize, self._config.min_free_disk_bytes
        if free < needed:
            return (
                f"the disk of the spool at {self._root} has {free:,} bytes free; at least {needed:,} "
                "(spool.min_free_disk_bytes) must stay free. Make room."
            )
        return None
