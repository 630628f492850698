"""Reading the quarantine while events come in: what it takes of memory, by the interpreter's own account of it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from tests.integration.bus.rigs import bad
from tests.unit.console.inlet import Inlet

from rastup.ingest.feed import Feed
from rastup.ingest.quarantine import Filters, Quarantine


def test_a_long_segment_that_is_being_written_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    settings = Inlet(tmp_path).settings
    quarantine = Quarantine(settings)
    event = b'{"event_id":"evt_1","payload":{"text":"' + b"x" * 9_000 + b'"}}\n'
    with Feed(settings.home.spool, "import", settings.spool) as feed:
        feed.put(bad(1))
        feed.flush()
        for _ in range(30):
            feed.put(event * 100)
            feed.flush()
        tracemalloc.start()
        try:
            assert len(list(quarantine.records(Filters()))) == 1
            assert tracemalloc.get_traced_memory()[1] < 9_000_000
        finally:
            tracemalloc.stop()
        (segment,) = settings.home.spool.glob("*/*.open.ndjson")
        assert segment.stat().st_size > 27_000_000
