"""The console's work in threads: what takes too long is stopped, and holds its thread until then."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from rastup.console.data.lake import LakeSource
from rastup.console.services import THREADS, Services
from rastup.core.config import ConsoleConfig, Settings
from rastup.core.errors import Unavailable
from rastup.lake import releases, runs
from rastup.lake.releases import MAIN, Release
from rastup.state.database import open_state

ENDLESS = "select sum(hash(a.range, b.range)) from range(10000000) a, range(10000000) b"
LIMIT_S = 0.2


@pytest.fixture
def services(settings: Settings) -> Services:
    """A console over a release without tables, with little time for each question."""
    of = replace(settings, console=ConsoleConfig(query_timeout_s=LIMIT_S))
    engine = open_state(of.state_url)
    run_id = runs.begin(engine, MAIN, "incremental", "tests")
    release = Release("rel_1", MAIN, None, run_id, "2026-11-06T15:30:00.000Z", "", None, None, False, ())
    with engine.begin() as connection:
        releases.publish(connection, release)
    return Services(of, engine, LakeSource(of))


def test_questions_that_take_too_long_are_stopped_and_their_threads_are_free_when_they_are_answered(
    services: Services,
) -> None:
    ended: list[int] = []

    def ask() -> None:
        try:
            services.source.pin().query(ENDLESS)
        finally:
            ended.append(threading.get_ident())

    async def asked() -> tuple[list[Any], int, int]:
        found = await asyncio.gather(*(services.run(ask) for _ in range(THREADS)), return_exceptions=True)
        assert services.limiter is not None
        return found, len(ended), services.limiter.borrowed_tokens

    found, number, taken = asyncio.run(asked())
    assert [type(one) for one in found] == [Unavailable] * THREADS
    assert all("no answer within 0.2 s (console.query_timeout_s)" in str(one) for one in found)
    assert (number, taken) == (THREADS, 0)


def test_the_questions_of_one_request_share_its_time(services: Services) -> None:
    snapshot = services.source.pin()
    for sql in (ENDLESS, ENDLESS.replace("sum", "min")):
        with pytest.raises(Unavailable, match=r"no answer within 0\.2 s"):
            snapshot.query(sql)


def test_who_finds_no_free_thread_in_time_is_told_that_nothing_was_begun(services: Services) -> None:
    let_go, begun = threading.Event(), threading.Event()

    async def asked() -> None:
        busy = [asyncio.create_task(services.run(let_go.wait)) for _ in range(THREADS)]
        await asyncio.sleep(0)
        try:
            with pytest.raises(Unavailable, match=r"the console is busy: .* Try again in a moment"):
                await services.run(begun.set)
        finally:
            let_go.set()
        # They have had far more time than a question has, and their results all the same.
        assert await asyncio.gather(*busy) == [True] * THREADS

    asyncio.run(asked())
    assert not begun.is_set()
