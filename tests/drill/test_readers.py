"""62 readers while releases are built and published: none fails, none sees two releases in one query or across a pin."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rastup.lake.reader import ReaderPool
from tests.drill.running import Running
from tests.drill.sender import Senders

pytestmark = pytest.mark.drill

READERS = 62
READ_S = 90.0
# Both sides of each comparison must come from one release, however often a new one is published between them.
CONSISTENT = """
    select (select count(*) from silver.events where event_name = 'profile.view')
           + (select count(*) from silver.events where event_name = 'studio.view') as events,
           (select count(*) from silver.fact_views) as views,
           (select count(*) from silver.events where event_name like 'leg.%') as leg_events,
           (select count(*) from silver.fact_booking_legs) as leg_rows
"""


def test_no_reader_fails_or_is_torn_while_releases_are_built(
    tmp_path: Path, record: Callable[..., None]
) -> None:
    hurried = {
        "RASTUP_PIPELINE__BUILD_INTERVAL_S": "1",
        "RASTUP_SPOOL__SEGMENT_MAX_AGE_S": "1",
        "RASTUP_LAKE__RELEASE_KEEP": "4",
    }
    failures: list[str] = []
    reads = [0] * READERS
    releases: set[str] = set()
    with Running(tmp_path / "home", hurried) as platform, Senders(platform.url, platform.key(), threads=2):
        Running.wait_for(lambda: platform.status()["main"] is not None, 300, "the first release")
        pool = ReaderPool(platform.settings)
        deadline = time.monotonic() + READ_S

        def read(index: int) -> None:
            while time.monotonic() < deadline and not failures:
                try:
                    reader = pool.pin()
                    row = reader.query(CONSISTENT).to_pylist()[0]
                    again = reader.query(CONSISTENT).to_pylist()[0]
                except Exception as error:
                    failures.append(f"{type(error).__name__}: {error}")
                    return
                is_torn = row["events"] != row["views"] or row["leg_events"] != row["leg_rows"]
                if is_torn or row != again:
                    failures.append(f"torn: {row} {again} in {reader.release.release_id}")
                releases.add(reader.release.release_id)
                reads[index] += 1

        threads = [threading.Thread(target=read, args=(i,)) for i in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert min(reads) > 0
    assert len(releases) > 3, "too few releases were published for the drill to mean something"
    record(
        "readers",
        readers=READERS,
        reads=sum(reads),
        failed=len(failures),
        releases=len(releases),
        seconds=READ_S,
    )
