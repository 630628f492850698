"""Heartbeats: each long-running process says now and then that it lives, how far behind it is, and what it does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.state.schema import heartbeats


@dataclass(frozen=True)
class Heartbeat:
    """The last word of one component; `at` is RFC 3339, `lag_s` the age of the oldest thing it has not done yet."""

    component: str
    pid: int
    at: str
    lag_s: float | None
    detail: Mapping[str, Any]


def beat(
    engine: Engine,
    component: str,
    *,
    lag_s: float | None = None,
    detail: Mapping[str, Any] | None = None,
    clock: Clock = system_clock,
) -> None:
    """Replaces the component's last heartbeat."""
    row = {
        "component": component,
        "pid": os.getpid(),
        "at": rfc3339_ms(clock()),
        "lag_s": lag_s,
        "detail": dict(detail or {}),
    }
    with engine.begin() as connection:
        connection.execute(delete(heartbeats).where(heartbeats.c.component == component))
        connection.execute(insert(heartbeats).values(row))


def read_all(engine: Engine) -> dict[str, Heartbeat]:
    """The last heartbeat of each component."""
    with engine.connect() as connection:
        rows = connection.execute(select(heartbeats)).mappings()
        return {row["component"]: Heartbeat(**row) for row in rows}
