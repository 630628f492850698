"""Where the reader is on a bus whose positions are opaque: which record of a stream lies at which position."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.state.schema import bus_positions


@dataclass(frozen=True)
class Noted:
    """Record number `record` of a stream lies at `position`."""

    record: int
    position: str


def read_position(engine: Engine, stream: str) -> Noted | None:
    """What was noted of a stream last."""
    query = select(bus_positions.c.record, bus_positions.c.position).where(bus_positions.c.stream == stream)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else Noted(row.record, row.position)


def note_position(engine: Engine, stream: str, noted: Noted) -> None:
    """Replaces what was noted of a stream."""
    row = {"stream": stream, "noted_at": rfc3339_ms(system_clock()), **vars(noted)}
    with engine.begin() as connection:
        connection.execute(delete(bus_positions).where(bus_positions.c.stream == stream))
        connection.execute(insert(bus_positions).values(row))
