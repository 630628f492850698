"""Snapshots from the lake: a reader that has pinned one release, and the answers it has given before."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rastup.console.data.base import Rows
from rastup.console.data.cache import AnswerCache
from rastup.core.config import Settings
from rastup.core.errors import Unavailable
from rastup.lake.releases import Release

if TYPE_CHECKING:
    from rastup.lake.reader import Reader, ReaderPool


class LakeSource:
    """The lake of one deployment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ReaderPool | None = None
        self._opening = threading.Lock()
        self._cache = AnswerCache()

    def pin(self, release_id: str | None = None) -> LakeSnapshot:
        """The release of that id, or the current one, with the newest operations views.

        Raises:
            Unavailable: it could not be opened within `console.query_timeout_s`.
        """
        limit_s = self._settings.console.query_timeout_s
        readers = self._readers()
        end = time.monotonic() + limit_s
        try:
            reader = readers.pin(release_id, limit_s=limit_s)
        except TimeoutError as error:
            raise Unavailable(f"{error} (console.query_timeout_s). Try again in a moment.") from error
        return LakeSnapshot(reader, self._cache, limit_s, end)

    def _readers(self) -> ReaderPool:
        with self._opening:  # the cards of a dashboard ask all at once, and share one engine
            if self._pool is None or self._pool.is_broken:
                # The engine is imported with the first question: pages that ask nothing stay light.
                from rastup.lake.reader import ReaderPool

                self._pool = ReaderPool(self._settings)
            return self._pool


class LakeSnapshot:
    """One reader for the length of a request. Pinning it and all of its questions together may take `limit_s`, which are
    over at `end` of the monotonic clock.
    """

    def __init__(self, reader: Reader, cache: AnswerCache, limit_s: float, end: float) -> None:
        self._reader = reader
        self._cache = cache
        self._limit_s = limit_s
        self._end = end

    @property
    def release(self) -> Release:
        """The pinned release."""
        return self._reader.release

    @property
    def nrt(self) -> Release | None:
        """The pinned state of the operations views."""
        return self._reader.nrt

    def has(self, table: str) -> bool:
        """Whether the snapshot holds the table."""
        of = self.nrt if table.startswith("nrt.") else self.release
        return of is not None and of.table(table) is not None

    def query(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Asks, or remembers.

        Raises:
            Unavailable: the engine was stopped because it took longer than `console.query_timeout_s`.
        """
        nrt = self.nrt.release_id if self.nrt and "nrt." in sql else ""
        return self._cache.get(self.release.release_id + nrt, sql, params, lambda: self._ask(sql, params))

    def _ask(self, sql: str, params: Sequence[Any]) -> Rows:
        left_s = max(0.0, self._end - time.monotonic())
        try:
            table = self._reader.query(sql, tuple(params), limit_s=left_s)
        except TimeoutError as error:
            raise Unavailable(
                f"no answer within {self._limit_s:g} s (console.query_timeout_s). Try a shorter range."
            ) from error
        columns = [column.to_pylist() for column in table.columns]
        return Rows(tuple(table.column_names), tuple(zip(*columns, strict=True)))
