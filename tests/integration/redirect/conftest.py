"""A collector whose links are made and followed as people do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from tests.integration.collector.conftest import Collector

from rastup.cli.main import cli
from rastup.contracts.registry import load_registry
from rastup.core.config import RedirectConfig
from rastup.core.errors import RastupError
from rastup.ingest.redirect.minting import Mint
from rastup.ingest.redirect.tokens import Click
from rastup.ingest.spool.segments import list_segments
from rastup.state.database import open_state

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
TARGET = "https://www.rastup.com/alerts?x=1"
CLICK = Click("digest.click", 1, {"digest": "weekly"}, user_id="usr_1", campaign={"utm_campaign": "autumn"})
REGISTRY = load_registry()


class Links:
    """Makes links and follows them."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self._http = httpx.Client(timeout=20, limits=httpx.Limits(max_connections=32))

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
        return self._http.request(method, f"{self.collector.url}/r/{token}", headers=sent)

    def clicks(self, token: str, at_least: int = 0) -> list[dict[str, Any]]:
        """What is on disk of a token's clicks, once there are so many."""
        deadline = time.monotonic() + 10
        while True:
            found = [
                record
                for record in self.collector.spooled()
                if record.get("campaign", {}).get("click_token") == proof_of(token)
            ]
            if len(found) >= at_least or time.monotonic() > deadline:
                return sorted(found, key=lambda record: str(record["occurred_at"]))
            time.sleep(0.02)

    def all_clicks(self, token: str) -> list[dict[str, Any]]:
        """What is on disk of a token's clicks, once every worker has recorded what it was asked before."""
        behind = {segment.stream for segment in list_segments(self.collector.settings.home.spool)}
        deadline = time.monotonic() + 20
        while behind:
            sentinel = self.mint()
            # A connection of its own: some worker takes it.
            answer = httpx.get(f"{self.collector.url}/r/{sentinel}", headers={"user-agent": BROWSER})
            assert answer.status_code == 302
            while (stream := self._stream_of(sentinel)) is None:
                assert time.monotonic() < deadline, "a click was not recorded"
                time.sleep(0.01)
            behind.discard(stream)
            assert time.monotonic() < deadline, f"nobody records in {behind}"
        return self.clicks(token)

    def _stream_of(self, token: str) -> str | None:
        proof = proof_of(token).encode()
        segments = list_segments(self.collector.settings.home.spool)
        return next((one.stream for one in segments if proof in one.path.read_bytes()), None)

    def count(self, outcome: str) -> int:
        """How often a link had this outcome, as `/metrics` says."""
        name = f'rastup_redirects_total{{outcome="{outcome}"}} '
        lines = httpx.get(f"{self.collector.url}/metrics").text.splitlines()
        return sum(int(float(line.removeprefix(name))) for line in lines if line.startswith(name))

    def rastup(self, *arguments: str, code: int = 0) -> Any:
        """What a `rastup tokens` command prints, or the error that it ends with."""
        command = ["--home", str(self.collector.home), "tokens", *arguments, "--output", "json"]
        done = CliRunner().invoke(cli, command)
        error = done.exception
        assert error is None or isinstance(error, RastupError), error
        assert (0 if error is None else error.exit_code) == code
        return json.loads(done.stdout) if done.stdout else str(error)

    def close(self) -> None:
        self._http.close()


def proof_of(token: str) -> str:
    """What the record of a click keeps of its token."""
    head, _, signature = token.split(".")
    return f"{head}..{signature}"


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Links]:
    """One collector of two workers for all tests of a module that only send."""
    folder = tmp_path_factory.mktemp("redirect")
    # However busy this machine is, each click is to wait for the store here.
    collector = Collector(folder / "home", RASTUP_REDIRECT__STORE_WAIT_MS="10000")
    running = Links(collector)
    yield running
    running.close()
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
        one.close()
        one.collector.stop()
