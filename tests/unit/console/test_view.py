"""The filters of an address survive every link that changes one of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.datastructures import QueryParams

from rastup.console.view import read

NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
REST = "city=DEN&city=NYC&currency=EUR&release=rel_1"


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("range=7d", "range=30d"),
        ("range=today", "range=30d"),
        ("from=2026-10-25&to=2026-10-31", "from=2026-10-02&to=2026-10-31"),
        ("from=2026-11-14&to=2026-11-14", "from=2026-10-16&to=2026-11-14"),
    ],
)
def test_a_wider_range_ends_with_the_same_day_and_leaves_every_other_filter(narrow: str, wide: str) -> None:
    view = read(QueryParams(f"{narrow}&{REST}"), NOW)
    assert view.widened("30d").link("") == f"?{wide}&{REST}"
