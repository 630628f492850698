"""Undoing a repair.

The log is never changed: what a repair let go on stays in Bronze, in files of its own. Undone means: these files no longer
count (`lake.withdrawals`), so the next run takes their events out of every table, and the records are open in the
quarantine again. What was read or exported meanwhile stays read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, delete

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.errors import StoreUnavailable, UsageError
from rastup.ingest.lander import Landing
from rastup.ingest.landing import Steps, no_steps
from rastup.ingest.quarantine import LEASE
from rastup.ingest.repair import claims, history
from rastup.lake import releases, withdrawals
from rastup.lake.ledger import files_of_stream
from rastup.lake.storage import ObjectStore, open_store
from rastup.state.leases import Lease
from rastup.state.schema import quarantine

LAND_WITHIN_S = 20.0


@dataclass(frozen=True)
class Undone:
    """What an undo did. `released_since`: the first day of which the current release holds the events, None for none."""

    repair_id: str
    events: int
    reopened: int
    released_since: date | None


def undo(
    settings: Settings,
    engine: Engine,
    repair_id: str,
    *,
    who: str,
    store: ObjectStore | None = None,
    clock: Clock = system_clock,
    steps: Steps = no_steps,
) -> Undone:
    """Withdraws what a repair let go on and opens its records again. Killed anywhere, it ends when it is done again.

    `steps` is called after `marked`, `withdrawn`, `reopened` and `noted`, so that a test can kill it there.

    Raises:
        UsageError: there is no such repair, or it was undone.
        LeaseHeld: a repair is at work.
        StoreUnavailable: what it let go on could not land; nothing is undone.
    """
    store = store or open_store(settings.bronze_url, settings.bronze)
    with Lease(settings.home.run / LEASE, purpose="undoing a repair"):
        claims.settle(settings, engine, store)
        history.end_killed(engine, at=rfc3339_ms(clock()))
        report = _not_undone(engine, repair_id)
        streams = [report.stream] if report.stream else []
        _land(settings, streams)
        at, reason = rfc3339_ms(clock()), f"undo of {repair_id}"
        withdrawals.mark(store, streams, at=at, who=who, reason=reason)
        steps("marked")
        files = withdrawals.withdraw(engine, streams, at=at, who=who, reason=reason)
        steps("withdrawn")
        with engine.begin() as connection:
            gone = connection.execute(delete(quarantine).where(quarantine.c.repair_id == repair_id)).rowcount
        steps("reopened")
        history.note_undone(engine, repair_id, at=at, who=who)
        steps("noted")
    held = withdrawals.first_day(engine, releases.current(engine))
    return Undone(repair_id, sum(file.records for file in files), gone, held)


def foreseen(engine: Engine, repair_id: str) -> Undone:
    """What an undo would do. Changes nothing.

    Raises:
        UsageError: there is no such repair, or it was undone.
    """
    report, release = _not_undone(engine, repair_id), releases.current(engine)
    days = [
        date.fromisoformat(file.dt)
        for file in (files_of_stream(engine, report.stream) if report.stream else [])
        if release and file.release_id and file.release_id <= release.release_id
    ]
    return Undone(repair_id, report.passed, sum(claims.counts_of(engine, repair_id)), min(days, default=None))


def _not_undone(engine: Engine, repair_id: str) -> history.Report:
    report = history.get(engine, repair_id)
    if report.state == history.UNDONE:
        raise UsageError(f"{repair_id} was undone at {report.undone_at} by {report.undone_by}.")
    return report


def _land(settings: Settings, streams: list[str]) -> None:
    """What is withdrawn is files: what is still in the spool lands first, here or by the lander that is at work."""
    waiting = [stream for stream in streams if (settings.home.spool / stream).exists()]
    if not waiting:
        return
    latest = time.monotonic() + LAND_WITHIN_S

    def look() -> None:
        if time.monotonic() > latest:
            raise StoreUnavailable(
                f"what the repair let go on has not landed within {LAND_WITHIN_S:g} s, so nothing is undone. "
                "`rastup status` says what keeps the lander; then undo again."
            )

    with Landing(settings) as landing:
        for stream in waiting:
            landing.wait_for(stream, look)
