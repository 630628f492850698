"""A repair's events in the lake: they come in with the next run, and an undo takes them out of every table again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.deployment import Deployment, searches

from rastup.ingest.lander import Landing
from rastup.ingest.quarantine import BadRecord, Filters, Quarantine
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair, short_step
from rastup.ingest.repair.undo import foreseen, undo
from rastup.ingest.spool.segments import list_segments
from rastup.lake import releases
from rastup.lake.runs import UNCHANGED

pytestmark = pytest.mark.slow

GOOD = searches(range(5))
REFUSED = [{**record, "event": "search.qwery"} for record in searches(range(5, 9))]
MEND = Repair((short_step("event", "search.query"),), Filters(event="search.qwery"))


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path)
    deployment.bring(GOOD + REFUSED)
    yield deployment
    deployment.close()


def ids(records: list[dict[str, object]]) -> list[object]:
    return sorted(record["event_id"] for record in records)  # type: ignore[type-var]


def test_an_undo_takes_a_release_s_events_out_with_the_next_run(lake: Deployment) -> None:
    first = lake.run()
    assert first.release is not None and lake.ids() == ids(GOOD)
    found = Quarantine(lake.settings)
    done = carry_out(lake.settings, found.engine, MEND, found.records(MEND.filters), who="tester")
    with Landing(lake.settings) as landing:
        for segment in list_segments(lake.settings.home.spool):
            landing.wait_for(segment.stream)
    # The sender brings one of them itself, right, and later: while the repaired one counts it is a duplicate.
    late = {**searches([5])[0], "received_at": "2100-01-01T00:00:00.000Z"}
    lake.bring([late])
    lake.run()
    assert lake.ids() == ids(GOOD + REFUSED)

    would = foreseen(found.engine, done.repair_id)
    undone = undo(lake.settings, found.engine, done.repair_id, who="tester")
    assert undone == would
    assert (undone.events, undone.reopened) == (4, 4) and undone.released_since is not None
    assert lake.ids() == ids(GOOD + REFUSED), "a release never changes"
    after = lake.run()
    assert after.release is not None and lake.ids() == ids([*GOOD, late])
    assert lake.rows("select count(*) as n from bronze.events")[0]["n"] == 6
    assert lake.run().state == UNCHANGED

    # Back to before the undo: what it had taken out is there, and goes with the next run that somebody asks for.
    earlier = releases.list_releases(found.engine)[1]
    releases.rollback(found.engine, earlier.release_id, who="tester")
    assert lake.ids() == ids(GOOD + REFUSED)
    lake.run()
    assert lake.ids() == ids([*GOOD, late])
    again = carry_out(lake.settings, found.engine, MEND, found.records(MEND.filters), who="tester")
    assert again.passed == 4


def test_an_undo_while_a_run_builds_is_done_by_the_next(lake: Deployment) -> None:
    """Each run has listed its files when the undo comes: of what was released before, and of what it is about to release."""
    found = Quarantine(lake.settings)
    bad = list(found.records(MEND.filters))
    late: list[str] = []

    def repaired(some: list[BadRecord]) -> str:
        done = carry_out(lake.settings, found.engine, MEND, some, who="tester")
        with Landing(lake.settings) as landing:
            for segment in list_segments(lake.settings.home.spool):
                landing.wait_for(segment.stream)
        return done.repair_id

    def meanwhile(line: str) -> None:
        while late and line.startswith("building from"):
            undo(lake.settings, found.engine, late.pop(), who="tester")

    lake.pipeline.on_progress = meanwhile
    before, released = repaired(bad[:1]), repaired(bad[1:2])
    lake.run()
    undo(lake.settings, found.engine, before, who="tester")
    late.append(released)
    lake.run()
    assert late == [] and len(lake.ids()) == len(GOOD) + 1, "the first is out, the second was undone too late"
    late.append(repaired(bad[2:]))
    lake.run()
    assert late == [] and len(lake.ids()) == len(GOOD) + 2, "the second is out, the third was undone too late"
    lake.run()
    assert lake.ids() == ids(GOOD) and lake.run().state == UNCHANGED
