"""What the console asks of the lake: one consistent snapshot, and questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rastup.lake.releases import Release


@dataclass(frozen=True)
class Rows:
    """The answer to a question."""

    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]

    def records(self) -> list[dict[str, Any]]:
        """One mapping a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.values]


class Snapshot(Protocol):
    """One release (and the operations views of one moment), for the length of a request."""

    @property
    def release(self) -> Release:
        """The pinned release."""

    @property
    def nrt(self) -> Release | None:
        """The pinned state of the operations views, None before the first."""

    def query(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Asks. `params` fill the question marks."""

    def has(self, table: str) -> bool:
        """Whether the snapshot holds the table (`gold.kpi_gmv_daily`)."""


class Source(Protocol):
    """Where snapshots come from."""

    def pin(self, release_id: str | None = None) -> Snapshot:
        """The release of that id, or the current one.

        Raises:
            NoRelease: nothing has been published yet.
            UsageError: there is no such release, or its files are gone.
        """
