"""A collector whose links are made and followed as people do."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.collector.conftest import Collector

from rastup.contracts.registry import load_registry
from rastup.core.config import RedirectConfig
from rastup.ingest.redirect.minting import Mint
from rastup.ingest.redirect.tokens import Click
from rastup.state.database import open_state

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
TARGET = "https://www.rastup.com/alerts?x=1"
CLICK = Click("digest.click", 1, {"digest": "weekly"}, user_id="usr_1", campaign={"utm_campaign": "autumn"})
REGISTRY = load_registry()


class Links:
    """Makes links and follows them."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self._digests = itertools.count(1)

    def mint(self, *, age_s: float = 0.0, target: str = TARGET, click: Click = CLICK, **config: Any) -> str:
        engine = open_state(self.collector.settings.state_url)
        mint = Mint(engine, RedirectConfig(**config), REGISTRY, lambda: time.time() - age_s)
        token = mint.mint(click, target)
        engine.dispose()
        return token

    def follow(
        self, token: str, agent: str | None = BROWSER, method: str = "GET", **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["user-agent"] = agent or ""
        return httpx.request(method, f"{self.collector.url}/r/{token}", headers=sent, timeout=20)

    def clicks(self, token: str, at_least: int = 0) -> list[dict[str, Any]]:
        """What is on disk of a token's clicks, once there are so many."""
        head, _, signature = token.split(".")
        deadline = time.monotonic() + 10
        while True:
            found = [
                record
                for record in self.collector.spooled()
                if record.get("campaign", {}).get("click_token") == f"{head}..{signature}"
            ]
            if len(found) >= at_least or time.monotonic() > deadline:
                return sorted(found, key=lambda record: str(record["occurred_at"]))
            time.sleep(0.02)

    def rastup(self, *arguments: str, code: int = 0) -> Any:
        """What a `rastup tokens` command prints."""
        command = [sys.executable, "-m", "rastup", "tokens", *arguments, "--home", str(self.collector.home)]
        done = subprocess.run([*command, "--output", "json"], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Links]:
    """One collector of two workers for all tests of a module that only send."""
    folder = tmp_path_factory.mktemp("redirect")
    collector = Collector(folder / "home")
    yield Links(collector)
    assert collector.stop() == 0
    assert "Traceback" not in (folder / "home.log").read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Links]]:
    """Starts a collector with settings of its own, on the same folder each time; it is ended after the test."""
    started: list[Links] = []

    def start_one(**environ: str) -> Links:
        started.append(Links(Collector(tmp_path / "home", **environ)))
        return started[-1]

    yield start_one
    for one in started:
        one.collector.stop()
