"""What a run takes and changes: the rows of `staged.scope`, which macros read to limit a model to them."""

from __future__ import annotations

from collections.abc import Iterable
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
        """Lets macros see it."""
        connection.execute(
            "create or replace table staged.scope as select ?::varchar as run_id, ?::timestamptz as as_of, "
            "?::varchar as days, ?::varchar as replaced, ?::varchar as anew",
            [
                self.run_id,
                self.as_of,
                _joined(self.days),
                _joined(self.replaced),
                ",".join(sorted(self.anew)),
            ],
        )


def _joined(days: Iterable[date]) -> str:
    return ",".join(sorted(day.isoformat() for day in days))
