"""Claims: once among workers, over restarts, and what happens when the store does not answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rastup.core.errors import ConfigError
from rastup.ingest.redirect import claims as claims_module
from rastup.ingest.redirect.claims import Claim, Claims, open_store

Kept = list[Claim]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'clicks.db'}"


def worker(url: str, kept: Kept, clock_s: Callable[[], float] = lambda: 1000.0) -> Claims:
    claims = Claims(open_store(url), 300, kept.extend, lambda _: None, clock_s)
    claims.start()
    return claims


def claimed(loop: asyncio.AbstractEventLoop, nonce: str, made_s: int = 1000) -> Claim:
    return Claim(made_s, nonce, b"line\n", "prod", loop.create_future())


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    one = asyncio.new_event_loop()
    yield one
    one.close()


def test_workers_that_race_claim_each_link_once(url: str, loop: asyncio.AbstractEventLoop) -> None:
    kept: list[Kept] = [[], [], []]
    workers = [worker(url, one) for one in kept]
    nonces = [f"n{number}" for number in range(300)]
    for nonce in nonces:
        for one in workers:
            one.submit(claimed(loop, nonce))
    for one in workers:
        one.close()
    everyone = [claim for one in kept for claim in one]
    assert len(everyone) == 900
    assert sorted(claim.nonce for claim in everyone if claim.is_first) == sorted(nonces)


def test_a_claim_survives_a_restart(url: str, loop: asyncio.AbstractEventLoop) -> None:
    for is_first in (True, False):
        kept: Kept = []
        one = worker(url, kept)
        one.submit(claimed(loop, "n"))
        one.close()
        assert [claim.is_first for claim in kept] == [is_first]


def test_old_claims_are_forgotten_and_fresh_ones_stay(url: str, loop: asyncio.AbstractEventLoop) -> None:
    kept: Kept = []
    one = worker(url, kept)
    one.submit(claimed(loop, "old", 1000))
    one.submit(claimed(loop, "fresh", 1700))
    one.close()
    later = worker(url, kept, lambda: 1300 + claims_module.KEPT_LONGER_S + 1.0)
    later.submit(claimed(loop, "any", 2700))
    later.close()
    path = url.removeprefix("sqlite:///")
    rows = sqlite3.connect(path).execute("select nonce from used_click_tokens order by 1").fetchall()
    assert rows == [("any",), ("fresh",)]


def test_a_click_is_kept_when_the_store_is_away(
    url: str, tmp_path: Path, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_module, "BUSY_WAIT_S", 0.05)
    kept: Kept = []
    one = worker(url, kept)
    holder = sqlite3.connect(tmp_path / "clicks.db", isolation_level=None)
    holder.execute("begin immediate")
    one.submit(claimed(loop, "n"))
    assert one.is_mine("n")
    one.close()
    holder.execute("rollback")
    assert [claim.is_first for claim in kept] == [True]


def test_a_store_that_is_neither_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"redirect\.store_url"):
        open_store("mysql://x/y")
