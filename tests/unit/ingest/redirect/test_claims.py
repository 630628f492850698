"""Claims: once among workers, over restarts, and what happens when the store does not answer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from rastup.core.errors import ConfigError, StoreUnavailable
from rastup.ingest.redirect import claims as claims_module
from rastup.ingest.redirect.claims import Claim, Claims, open_claims_store

Kept = list[Claim]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'clicks.db'}"


def worker(url: str, kept: Kept, clock_s: Callable[[], float] = lambda: 1000.0) -> Claims:
    claims = Claims(open_claims_store(url), 300, kept.extend, lambda _: None, clock_s)
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


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite+nodriver:///x", "postgresql+psycopg_none://x/y"])
def test_a_store_that_cannot_be_used_is_refused_by_its_setting(url: str) -> None:
    with pytest.raises(ConfigError, match=r"redirect\.store_url"):
        open_claims_store(url)


def test_a_driver_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(claims_module, "create_engine", absent)
    with pytest.raises(ConfigError, match=r"redirect\.store_url .*psycopg"):
        open_claims_store("postgresql+psycopg://x/y")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="folder"):
        open_claims_store(f"sqlite:///{tmp_path / 'file' / 'clicks.db'}")


def test_a_fault_of_the_thread_is_logged_and_ends_its_use(url: str, loop: asyncio.AbstractEventLoop) -> None:
    def fail(_: Kept) -> None:
        raise RuntimeError("a fault of ours")

    one = Claims(open_claims_store(url), 300, fail, lambda _: None, lambda: 1000.0)
    with structlog.testing.capture_logs() as logs:
        one.start()
        one.submit(claimed(loop, "n"))
        deadline = time.monotonic() + 10
        while not one.has_ended:
            assert time.monotonic() < deadline
            time.sleep(0.005)
    (said,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert said["clicks"] == 1 and said["exc_info"]
    one.submit(claimed(loop, "late"))
    assert one.close() == 2


def test_what_is_being_kept_while_it_closes_is_kept_once(
    url: str, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims_module, "BUSY_WAIT_S", 0.05)
    begun, go_on, kept = threading.Event(), threading.Event(), Counter[str]()

    def keep(claims: Kept) -> None:
        kept.update(claim.nonce for claim in claims)
        begun.set()
        go_on.wait(10)

    one = Claims(open_claims_store(url), 300, lambda _: None, keep, lambda: 1000.0)
    one.start()
    one.submit(claimed(loop, "n"))
    assert begun.wait(10)
    one.submit(claimed(loop, "next"))
    assert one.close() == 2  # neither is known to be kept
    go_on.set()
    deadline = time.monotonic() + 10
    while not one.has_ended:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert kept == {"n": 1, "next": 1}


def test_all_that_was_submitted_is_kept_when_it_closes(url: str, loop: asyncio.AbstractEventLoop) -> None:
    kept: Kept = []
    one = Claims(open_claims_store(url), 300, lambda _: None, kept.extend, lambda: 1000.0)
    one.start()
    for number in range(50):
        one.submit(claimed(loop, f"n{number}"))
    assert one.close() == 0
    assert sorted(claim.nonce for claim in kept) == sorted(f"n{number}" for number in range(50))


def test_forgetting_loses_no_claim_made_meanwhile(url: str) -> None:
    one = Claims(open_claims_store(url), 300, lambda _: None, lambda _: None, lambda: 1000.0)

    class Racing(dict[str, int]):
        def items(self) -> Any:
            found = list(super().items())
            self["meanwhile"] = 2000  # what the worker's loop does while the thread looks
            return found

    one._mine = Racing(old=1, fresh=2000)
    one._forget(1000)
    assert [one.is_mine(nonce) for nonce in ("old", "fresh", "meanwhile")] == [False, True, True]
    one.close()
