"""The record of runs: what was asked, when, by whom, and how it ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from rastup.core.clock import now_ms, rfc3339_ms, system_clock
from rastup.core.ids import ulid
from rastup.lake.outcome import Outcome
from rastup.state.schema import pipeline_runs, releases

RUNNING, PUBLISHED, UNCHANGED, FAILED, CRASHED = "running", "published", "unchanged", "failed", "crashed"
KEPT = 1_000
"""As many of a channel's runs stay noted, besides those of its releases: there are thousands a day."""


@dataclass(frozen=True)
class Run:
    """One run as it is noted; `models` and `checks` as rows, `checks` only those that failed."""

    run_id: str
    channel: str
    kind: str
    state: str
    started_at: str
    ended_at: str | None
    who: str
    models: Sequence[dict[str, Any]]
    checks: Sequence[dict[str, Any]]
    checks_run: int
    new_files: int
    message: str | None


def begin(engine: Engine, channel: str, kind: str, who: str) -> str:
    """Notes that a run has begun, and that one that still seems to run has crashed: there is one writer. Forgets those that
    are too many. Returns its id.
    """
    run_id = "run_" + ulid(now_ms())
    row = {
        "run_id": run_id,
        "channel": channel,
        "kind": kind,
        "state": RUNNING,
        "started_at": rfc3339_ms(system_clock()),
        "who": who[:128],
        "models": [],
        "checks": [],
    }
    is_left = (pipeline_runs.c.channel == channel) & (pipeline_runs.c.state == RUNNING)
    with engine.begin() as connection:
        connection.execute(update(pipeline_runs).where(is_left).values(state=CRASHED))
        connection.execute(insert(pipeline_runs).values(row))
        _forget_old(connection, channel)
    return run_id


def _forget_old(connection: Connection, channel: str) -> None:
    ours = pipeline_runs.c.channel == channel
    newest = select(pipeline_runs.c.run_id).where(ours).order_by(pipeline_runs.c.run_id.desc())
    first_gone = connection.execute(newest.offset(KEPT).limit(1)).scalar()
    if first_gone is not None:
        has_release = pipeline_runs.c.run_id.in_(select(releases.c.run_id))
        # Where the clock has gone back, the newest is not the last.
        has_ended = pipeline_runs.c.state != RUNNING
        connection.execute(
            delete(pipeline_runs).where(ours, pipeline_runs.c.run_id <= first_gone, ~has_release, has_ended)
        )


@contextmanager
def begun(engine: Engine, channel: str, kind: str, who: str) -> Iterator[str]:
    """A run from its first step on, by its id: what raises before its end is noted is noted as its failure."""
    run_id = begin(engine, channel, kind, who)
    try:
        yield run_id
    except Exception as error:
        is_open = (pipeline_runs.c.run_id == run_id) & (pipeline_runs.c.state == RUNNING)
        how = {"state": FAILED, "ended_at": rfc3339_ms(system_clock()), "message": str(error)}
        with engine.begin() as connection:
            connection.execute(update(pipeline_runs).where(is_open).values(how))
        raise


def end(
    connection: Connection,
    run_id: str,
    state: str,
    outcome: Outcome,
    *,
    new_files: int = 0,
    message: str = "",
) -> None:
    """Notes how a run ended, within the caller's transaction."""
    connection.execute(
        update(pipeline_runs)
        .where(pipeline_runs.c.run_id == run_id)
        .values(
            state=state,
            ended_at=rfc3339_ms(system_clock()),
            models=[dataclasses.asdict(model) for model in outcome.models],
            checks=[dataclasses.asdict(check) for check in outcome.failed],
            checks_run=outcome.checks_run,
            new_files=new_files,
            message=message or None,
        )
    )


def list_runs(engine: Engine, channel: str = "main", limit: int = 50) -> list[Run]:
    """The channel's runs, newest first."""
    query = select(pipeline_runs).where(pipeline_runs.c.channel == channel)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(pipeline_runs.c.run_id.desc()).limit(limit)).mappings()
        return [Run(**row) for row in rows]


def find(engine: Engine, run_id: str) -> Run | None:
    """The run of that id."""
    with engine.connect() as connection:
        row = (
            connection.execute(select(pipeline_runs).where(pipeline_runs.c.run_id == run_id))
            .mappings()
            .first()
        )
        return Run(**row) if row else None
