"""Times as the platform writes them, against the standard library's own parser and formatter."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from rastup.core.clock import rfc3339_ms, rfc3339_now


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones()))
def test_a_written_time_is_read_back_to_the_millisecond(moment: datetime) -> None:
    read = datetime.fromisoformat(rfc3339_ms(moment))
    assert 0 <= (moment - read).total_seconds() < 0.001


def test_now_is_between_before_and_after_in_every_thread() -> None:
    wrong = []

    def look() -> None:
        for _ in range(20_000):
            before, text, after = datetime.now(UTC), rfc3339_now(), datetime.now(UTC)
            if not rfc3339_ms(before) <= text <= rfc3339_ms(after):
                wrong.append((before, text, after))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
