"""What stays in the state database of releases and runs that are over: no more than is listed, however many there were."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from starlette.testclient import TestClient
from tests.unit.lake.released import publish

from rastup.console.app import create_app
from rastup.core.clock import now_ms, rfc3339_ms, system_clock
from rastup.core.config import LakeConfig, Settings
from rastup.core.errors import UsageError
from rastup.lake import releases, retention, runs
from rastup.lake.catalog import open_catalog
from rastup.lake.outcome import Outcome
from rastup.lake.releases import MAIN, NRT, ReleaseTable
from rastup.state.database import open_state
from rastup.state.schema import pipeline_runs, release_tables
from rastup.state.schema import releases as release_rows

KEPT, LISTED, RUNS = 2, 3, 4
TABLES = tuple(ReleaseTable(f"gold.t{n}", None, "", 0) for n in range(5))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LISTED_EXPIRED", LISTED)
    monkeypatch.setattr(runs, "KEPT", RUNS)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = open_state(settings.state_url)
    yield made
    made.dispose()


def _go_on(settings: Settings, engine: Engine, channel: str, number: int) -> list[str]:
    """Publishes and expires, release by release; a run that fails comes before each."""
    keeping = dataclasses.replace(
        settings, lake=LakeConfig(release_keep=KEPT, release_keep_hours=0, release_keep_days=0)
    )
    catalog, published = open_catalog(settings), []
    for _ in range(number):
        failed = runs.begin(engine, channel, "incremental", "test")
        with engine.begin() as connection:
            runs.end(connection, failed, runs.FAILED, Outcome(), message="refused")
        published.append(
            publish(
                engine, channel, tables=TABLES, at=None if channel == MAIN else "2026-01-01T00:00:00.000Z"
            )
        )
        retention.expire(keeping, engine, catalog, channel)
    return published


def _rows(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        assert connection.execute(text("pragma foreign_key_check")).all() == []
        tables = (release_rows, release_tables, pipeline_runs)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_the_newest_stay_listed_and_the_rest_is_forgotten(settings: Settings, engine: Engine) -> None:
    published = _go_on(settings, engine, MAIN, 20)
    listed = published[-(1 + KEPT + LISTED) :]
    assert [release.release_id for release in releases.list_releases(engine)] == listed[::-1]
    assert [releases.get(engine, one).expired for one in listed] == [True] * LISTED + [False] * (KEPT + 1)
    assert all(releases.get(engine, one).tables == TABLES for one in listed)
    # The runs of listed releases are there too, and the newest of those that came to nothing.
    of_releases = {releases.get(engine, one).run_id for one in listed}
    known = runs.list_runs(engine)
    assert of_releases <= {run.run_id for run in known}
    assert [run.state for run in known[:RUNS]] == [runs.PUBLISHED, runs.FAILED] * (RUNS // 2)


@pytest.mark.parametrize("channel", [MAIN, NRT])
def test_a_long_life_leaves_no_more_rows_than_a_short_one(
    settings: Settings, engine: Engine, channel: str
) -> None:
    _go_on(settings, engine, channel, 12)
    before = _rows(engine)
    _go_on(settings, engine, channel, 30)
    assert _rows(engine) == before


def test_runs_that_only_fail_are_forgotten_too(engine: Engine) -> None:
    for _ in range(3 * RUNS):
        with pytest.raises(OSError, match="away"), runs.begun(engine, NRT, "refresh", "test"):
            raise OSError("the store is away")
    found = runs.list_runs(engine, NRT)
    assert [(run.state, run.message) for run in found] == [(runs.FAILED, "the store is away")] * RUNS


def test_who_asks_for_an_old_release_is_told_what_became_of_it(settings: Settings, engine: Engine) -> None:
    published = _go_on(settings, engine, MAIN, 10)
    with pytest.raises(UsageError, match="has expired: its files are removed"):
        releases.require(engine, published[-2 - KEPT])
    for ask in (releases.require, lambda engine, one: releases.rollback(engine, one, who="me")):
        with pytest.raises(UsageError, match="unknown, or expired long ago"):
            ask(engine, published[0])
    assert releases.rollback(engine, published[-2], who="me", dry_run=True).undone == (published[-1],)


def test_the_page_of_the_oldest_listed_release_says_why_nothing_is_compared(
    settings: Settings, engine: Engine
) -> None:
    published = _go_on(settings, engine, MAIN, 10)
    oldest = releases.get(engine, published[-(1 + KEPT + LISTED)])
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        page = client.get(f"/pipeline/releases/{oldest.release_id}")
        assert (page.status_code, "the one before it has expired" in page.text) == (200, True)
        assert client.get(f"/pipeline/runs/{oldest.run_id}").status_code == 200


def test_a_run_stays_while_it_runs_though_the_clock_has_gone_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(RUNS + 2):
        ended = runs.begin(engine, NRT, "refresh", "test")
        with engine.begin() as connection:
            runs.end(connection, ended, runs.FAILED, Outcome(), message="refused")
    an_hour_ago = now_ms() - 3_600_000
    monkeypatch.setattr(runs, "now_ms", lambda: an_hour_ago)
    release_id = publish(engine, NRT)
    assert releases.current(engine, NRT) == releases.get(engine, release_id)


def test_the_last_release_of_each_hour_and_of_each_day_stays_readable(
    settings: Settings, engine: Engine
) -> None:
    now = system_clock()
    ages_h = [hours / 4 for hours in range(4 * 24 * 10, 0, -1)]  # one each quarter of an hour, for ten days
    published = {}
    for age_h in ages_h:
        at = rfc3339_ms(now - timedelta(hours=age_h))
        published[at] = publish(engine, MAIN, at=at)
    lake = LakeConfig(release_keep=2, release_keep_hours=24, release_keep_days=7)
    retention.expire(dataclasses.replace(settings, lake=lake), engine, open_catalog(settings), MAIN)
    moments = sorted(published)
    older = moments[:-3]  # than the current one and the newest two
    within = [
        {at[:13]: at for at in older if at > rfc3339_ms(now - timedelta(hours=24))},
        {at[:10]: at for at in older if at > rfc3339_ms(now - timedelta(days=7))},
    ]
    expected = {*moments[-3:], *within[0].values(), *within[1].values()}
    listed = releases.list_releases(engine, limit=5_000)
    assert {release.created_at for release in listed if not release.expired} == expected
    assert 30 <= len(expected) <= 3 + 25 + 8
