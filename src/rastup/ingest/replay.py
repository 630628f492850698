"""Replay: a repair without steps. Events go through admission again, and those that pass go on as if just received."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Engine

from rastup.core.clock import Clock, system_clock
from rastup.core.config import Settings
from rastup.ingest.quarantine import LEASE, BadRecord
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.judging import Outcome
from rastup.ingest.repair.trial import try_out

__all__ = ["LEASE", "Outcome", "replay"]


def replay(
    settings: Settings,
    engine: Engine,
    records: Iterable[BadRecord],
    *,
    who: str,
    dry_run: bool = False,
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    clock: Clock = system_clock,
) -> tuple[int, int]:
    """Replays records that have not been replayed yet. Returns how many passed and how many were refused again.

    Raises:
        LeaseHeld: another replay is at work.
        SpoolFull: the spool is full; what was not replayed stays open.
    """
    if dry_run:
        tried = try_out(settings, Repair(), records, on_outcome=on_outcome, clock=clock)
        return tried.passed, tried.refused
    done = carry_out(settings, engine, Repair(), records, who=who, on_outcome=on_outcome, clock=clock)
    return done.passed, done.refused
