"""Releases without tables, for tests of what happens to releases themselves."""

from __future__ import annotations

from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.lake import releases, runs
from rastup.lake.outcome import Outcome
from rastup.lake.releases import Release, ReleaseTable


def publish(
    engine: Engine, channel: str, *, at: str | None = None, tables: tuple[ReleaseTable, ...] = ()
) -> str:
    """Publishes one as a run would, at that moment (RFC 3339) or now; returns its id."""
    at = at or rfc3339_ms(system_clock())
    parent = releases.current(engine, channel)
    parent_id = parent.release_id if parent else None
    run_id, release_id = runs.begin(engine, channel, "incremental", "test"), releases.new_release_id(engine)
    release = Release(release_id, channel, parent_id, run_id, at, "test", at, "", False, tables)
    with engine.begin() as connection:
        runs.end(connection, run_id, runs.PUBLISHED, Outcome())
        releases.publish(connection, release)
    return release_id
