"""What a run takes and changes: variables of the engine, which macros read to limit a model to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb


@dataclass
class Scope:
    """What a run changed in `silver.events`; `anew` are the tables that are built from all of it."""

    run_id: str
    as_of: datetime
    anew: frozenset[str] = frozenset()
    days: set[date] = field(default_factory=set)
    replaced: set[date] = field(default_factory=set)

    def show(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Lets macros see it. The engine takes variables for literals, so that they prune files as literals do."""
        for name, kind, value in (
            ("run_id", "varchar", self.run_id),
            ("as_of", "timestamptz", self.as_of),
            ("anew", "varchar[]", sorted(self.anew)),
            ("touched_days", "date[]", sorted(self.days)),
            ("replaced_days", "date[]", sorted(self.replaced)),
        ):
            connection.execute(f"set variable {name} = ?::{kind}", [value])
