"""One worker's links, called as the collector calls them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import IngestConfig, RedirectConfig
from rastup.ingest.admission import Admission
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import Answer
from rastup.ingest.dialects import Dialects
from rastup.ingest.redirect.claims import Claim, Claims, Told, open_claims_store
from rastup.ingest.redirect.endpoint import Redirect, Worker
from rastup.ingest.redirect.keyring import Keyring, believed
from rastup.ingest.redirect.minting import Mint
from rastup.ingest.redirect.tokens import Click, record_of, verify
from rastup.ingest.user_agents import AgentFields
from rastup.state.database import open_state

REGISTRY = load_registry()
CITIES = Dialects(REGISTRY).tables.cities
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"}
CLICK = Click("digest.click", 1, {"digest": "weekly"}, user_id="usr_1", campaign={"utm_campaign": "autumn"})
TARGET = "https://www.rastup.com/alerts"


class Spool:
    """Takes lines, and syncs at once."""

    full_reason = None

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lines: list[bytes] = []
        self._loop = loop

    def submit(self, data: bytes, stored: asyncio.Future[None]) -> None:
        self.lines += data.splitlines()
        self._loop.call_soon_threadsafe(stored.set_result, None)


class Meters:
    """Counts outcomes."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def redirect(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def took(self, *_: Any) -> None: ...

    def refused(self, *_: Any) -> None: ...


async def follow(
    folder: Path, make: Callable[[Told, Told], Claims], *, links: int = 1
) -> tuple[list[Answer], Spool, Meters, list[str]]:
    """Makes links, follows them one after another, and closes."""
    loop = asyncio.get_running_loop()
    spool: Any = Spool(loop)
    meters: Any = Meters()
    state = open_state(f"sqlite:///{folder / 'state.db'}")
    config = RedirectConfig(store_wait_ms=10_000)
    tokens = [Mint(state, config, REGISTRY).mint(CLICK, TARGET) for _ in range(links)]
    ingest = IngestConfig()
    enrichment = Enrichment(AgentFields(REGISTRY.root), ingest.geo_database, ingest.trusted_proxies, CITIES)
    worker = Worker(Admission(Validator(REGISTRY)), enrichment, meters, spool, loop)
    redirect = Redirect(config, worker, Keyring(state), make)
    redirect.start()
    answers = [await redirect.answer("GET", f"/r/{token}", BROWSER, "192.0.2.1:1") for token in tokens]
    redirect.close()
    await asyncio.sleep(0)
    proofs = [verify(token, believed(state)).proof for token in tokens]
    state.dispose()
    return answers, spool, meters, proofs


def test_what_is_recorded_is_what_was_checked_when_the_link_was_made(tmp_path: Path) -> None:
    def make(tell: Told, keep: Told) -> Claims:
        return Claims(open_claims_store(f"sqlite:///{tmp_path / 'clicks.db'}"), 300, tell, keep)

    answers, spool, meters, (proof,) = asyncio.run(follow(tmp_path, make))
    assert [(type(one), one.status, one.body) for one in answers] == [(Answer, 302, b"")]
    (record,) = [orjson.loads(line) for line in spool.lines]
    checked = record_of(CLICK, record["occurred_at"])
    assert record["campaign"].pop("click_token") == proof
    assert {name: record[name] for name in checked} == {
        **checked,
        "context": {"role": "guest", "device_class": "desktop", "env": "prod", "source": "redirect"},
    }
    assert meters.outcomes == {"person": 1}


def test_without_the_thread_links_lead_on_and_each_click_is_counted_as_unrecorded(tmp_path: Path) -> None:
    class Ended(Claims):
        """Its thread fails at the first click."""

        def start(self) -> None:
            super().start()
            self._tell = self._fail
            self.submit(Claim(1, "x", b"", "", None))
            deadline = time.monotonic() + 10
            while not self.has_ended and time.monotonic() < deadline:
                time.sleep(0.005)

        def _fail(self, _: list[Claim]) -> None:
            raise RuntimeError("a fault of ours")

    def make(tell: Told, keep: Told) -> Claims:
        return Ended(open_claims_store(f"sqlite:///{tmp_path / 'clicks.db'}"), 300, tell, keep)

    answers, spool, meters, _ = asyncio.run(follow(tmp_path, make, links=3))
    assert [one.status for one in answers] == [302] * 3 and spool.lines == []
    assert meters.outcomes == {"person": 3, "unrecorded": 4}  # the one of the fault is counted when it closes
