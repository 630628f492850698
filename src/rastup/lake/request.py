"""What a run is asked to do, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rastup.core.clock import system_clock
from rastup.core.errors import UsageError
from rastup.lake.outcome import Outcome
from rastup.lake.releases import Release

INCREMENTAL, RANGE, FULL = "incremental", "range", "full"
LONGEST_RANGE_DAYS = 3_660


@dataclass(frozen=True)
class Request:
    """What a run is asked to do: take what is new, take `[from_dt, to_dt]` again from Bronze, or take everything again.

    `accept_loss`: everything is what is left, where files that the ledger knows are gone from Bronze.
    """

    kind: str = INCREMENTAL
    from_dt: date | None = None
    to_dt: date | None = None
    who: str = "pipeline"
    accept_loss: bool = False

    @classmethod
    def of(
        cls,
        from_dt: date | None,
        to_dt: date | None,
        full_refresh: bool,
        who: str,
        *,
        accept_loss: bool = False,
    ) -> Request:
        """The request that the command's options mean.

        Raises:
            UsageError: they contradict each other.
        """
        if full_refresh and (from_dt or to_dt):
            raise UsageError("--full-refresh takes every day; leave out --from and --to.")
        if accept_loss and not full_refresh:
            raise UsageError("--accept-loss is for --full-refresh, which takes what is left in Bronze.")
        if full_refresh:
            return cls(FULL, who=who, accept_loss=accept_loss)
        if from_dt is None and to_dt is None:
            return cls(INCREMENTAL, who=who)
        last = to_dt or system_clock().date()
        first = from_dt or last
        if first > last:
            raise UsageError(f"--from {first} is after --to {last}.")
        if (last - first).days > LONGEST_RANGE_DAYS:
            raise UsageError(f"{first} to {last} is more than ten years; use --full-refresh.")
        return cls(RANGE, first, last, who)

    @property
    def days(self) -> frozenset[date]:
        """The days of a range."""
        if self.from_dt is None or self.to_dt is None:
            return frozenset()
        return frozenset(
            self.from_dt + timedelta(days=n) for n in range((self.to_dt - self.from_dt).days + 1)
        )


@dataclass(frozen=True)
class RunResult:
    """How a run ended: `state` is published or unchanged."""

    run_id: str | None
    state: str
    release: Release | None
    new_files: int
    new_records: int
    seconds: float
    outcome: Outcome
