"""How values are written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rastup.console import formatting

NOW = datetime(2026, 11, 14, 15, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("2026-11-14T15:00:00.000Z", "this hour"),
        ("2026-11-14T14:00:00.000Z", "14:00 – 15:00"),
        ("2026-11-14T00:00:00.000Z", "00:00 – 01:00"),
        ("2026-11-13T23:00:00.000Z", None),  # the hour alone would be taken for one to come
        (None, None),
    ],
)
def test_an_hour_is_not_written_as_a_moment(start: str | None, text: str | None) -> None:
    assert formatting.recent_hour(start, NOW) == text
