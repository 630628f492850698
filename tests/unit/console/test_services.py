"""The console's work in threads: what takes too long is stopped, holds its thread until then, and a repair is none of it."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.console.inlet import Inlet, Page, example
from tests.unit.console.test_quarantine_repairs import PATH, STEPS, confirmed, states

from rastup.console.data.lake import LakeSource
from rastup.console.pages import repairs
from rastup.console.services import THREADS, Services
from rastup.core.config import ConsoleConfig, Settings
from rastup.core.errors import Unavailable
from rastup.ingest.quarantine import OPEN, REPLAYED
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


def test_a_repair_and_its_undo_that_take_longer_than_a_question_may_are_answered_with_their_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inlet = Inlet(tmp_path)
    inlet.settings = replace(inlet.settings, console=ConsoleConfig(query_timeout_s=LIMIT_S))
    inlet.bring(*({**example("search.query", n), "event": "search.qwery"} for n in range(3)))
    for name in ("carried", "_undone"):
        monkeypatch.setattr(repairs, name, _slow(getattr(repairs, name)))
    with inlet.console() as console:
        form = confirmed(Page(console.get(f"{PATH}/repair", params=STEPS).text))
        done = console.post(f"{PATH}/repair", data={**form, "confirm": "repair 3"})
        assert done.status_code == 200 and "3 events passed and went on" in Page(done.text).text
        assert states(inlet) == [REPLAYED] * 3
        undone = console.post(f"{done.url.path}/undo", data={"expected": "3", "confirm": "undo 3"})
        assert undone.status_code == 200 and "its records are open again" in Page(undone.text).text
        assert states(inlet) == [OPEN] * 3


def _slow(work: Any) -> Any:
    def slowly(*args: Any) -> Any:
        time.sleep(3 * LIMIT_S)
        return work(*args)

    return slowly
