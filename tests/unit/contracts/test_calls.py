"""Ids of calls that bring none: the promise is that a resend is the same event, and that the same words later are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rastup.contracts.calls import event_id

NOON = datetime(2026, 11, 6, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message_id", "time_ms", "is_one"), [(None, 0, False), (None, 1_762_430_400_000, True), ("m-1", 0, True)]
)
def test_a_call_is_one_event_by_its_id_or_its_time_and_else_by_the_minute(
    message_id: str | None, time_ms: int, is_one: bool
) -> None:
    def at(later: timedelta) -> str:
        message = {"type": "track", "event": "Search Query", "sentAt": str(NOON + later)}
        return event_id(message_id, time_ms, message, ("sentAt",), lambda: NOON + later)

    assert at(timedelta(0)) == at(timedelta(seconds=59))
    assert (at(timedelta(0)) == at(timedelta(days=1))) is is_one
