"""The engine works where it is put: in an empty home, with less memory than a query needs."""

from __future__ import annotations

from rastup.core.config import Settings
from rastup.lake.engine import connect


def test_a_query_larger_than_memory_spills_into_the_home(settings: Settings) -> None:
    with connect(settings, memory_mb=60) as connection:
        connection.execute("set threads = 1")
        rows = connection.execute(
            "select sum(length(text)) from "
            "(select repeat('x', 100) as text, range from range(1000000) order by hash(range), text)"
        ).fetchone()
    assert rows == (100_000_000,)
