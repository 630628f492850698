"""The record of runs: what was asked, when, by whom, and how it ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from rastup.core.clock import now_ms, rfc3339_ms, system_clock
from rastup.core.ids import ulid
from rastup.lake.outcome import Outcome
from rastup.state.schema import pipeline_runs

RUNNING, PUBLISHED, UNCHANGED, FAILED, CRASHED = "running", "published", "unchanged", "failed", "crashed"


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
    """Notes that a run has begun, and that one that still seems to run has crashed: there is one writer. Returns its id."""
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
    return run_id


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
