"""Figure, legend, summary, drawing and table of a card of minutes are of the same two hours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tests.unit.console.small_lake import NOW, LiveLake, load

WITHIN = [NOW - timedelta(minutes=n) for n in (119, 3, 0)]
BEYOND = [NOW - timedelta(minutes=n) for n in (121, 120)]


def _lake(refreshed: datetime = NOW) -> LiveLake:
    """In each minute 100 were accepted and 7 were not."""
    rows = [(at, part, n) for at in (*BEYOND, *WITHIN) for part, n in (("accepted", 100), ("quarantined", 7))]
    return LiveLake(tuple(rows), refreshed=refreshed)


def _tips(drawing: object) -> dict[str, str]:
    """What was accepted by minute, as the tooltips say it."""
    return dict(re.findall(r'data-tip="(\d\d:\d\d) UTC\nAccepted: ([^\n"]*)', str(drawing)))


def test_everything_is_of_the_same_minutes() -> None:
    content = load("ingest_health", _lake())
    assert content.figure == "321"
    assert content.summary == "Ingest health, last two hours: Accepted 300, Quarantined 21"
    assert content.legend == (("c1", "Accepted 300"), ("bad", "Quarantined 21"))
    assert {row[0] for row in content.table.rows} == set(WITHIN)
    tips = _tips(content.drawing)
    assert len(tips) == 120
    assert sum(int(tip) for tip in tips.values()) == 300


def test_a_minute_since_the_newest_refresh_is_a_gap_and_not_a_zero() -> None:
    tips = _tips(load("ingest_health", _lake(NOW - timedelta(minutes=2, seconds=30))).drawing)
    assert [tips[at] for at in ("14:56", "14:57", "14:58", "14:59")] == ["0", "100", "–", "–"]
