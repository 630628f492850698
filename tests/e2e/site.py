"""A platform as a browser meets it: a lake with some weeks in it, a collector and a console, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rastup.contracts.registry import load_registry
from rastup.core.clock import now_ms, rfc3339_ms
from rastup.core.config import Settings
from rastup.core.ids import ulid
from rastup.ingest.importer import Importer, Origin
from rastup.ingest.keys import create_key
from rastup.ingest.lander import Landing
from rastup.ingest.spool.segments import list_segments
from rastup.lake import releases
from rastup.lake.nrt import Views
from rastup.state.database import open_state
from rastup_sim.history import write_history
from rastup_sim.market import Market, Scale, window_of
from tests.drill.running import free_port
from tests.integration.deployment import Deployment

Record = dict[str, Any]
DAYS = 28
EVENTS = 4_000
READY_WITHIN_S = 40


class Server:
    """One process of the platform on a free port, until `stop`."""

    def __init__(self, home: Path, *command: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home.parent / f"{home.name}-{command[0]}.log"
        environ = {name: value for name, value in os.environ.items() if not name.startswith("RASTUP_")}
        environ["RASTUP_SPOOL__MIN_FREE_DISK_BYTES"] = "0"
        line = [sys.executable, "-m", "rastup", *command, "--home", str(home), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(line, env=environ, stdout=log, stderr=log)

    def wait(self, path: str) -> None:
        """Waits until the address answers with 200."""
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + path, timeout=2):
                    return
            except OSError:  # refused, or not ready: URLError and HTTPError are of this kind
                time.sleep(0.05)
        raise AssertionError(f"{self.url}{path} did not answer:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends it as Ctrl-C would."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Site:
    """The whole of it. The processes are started first, so that they warm up while the lake is built."""

    def __init__(self, folder: Path) -> None:
        self.deployment = Deployment(folder, environ={"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"})
        self._folder = folder
        self.home = self.settings.home.root
        self._engine = open_state(self.settings.state_url)
        self.key = create_key(self._engine, source="shop", env="prod").key
        self.collector = Server(self.home, "ingest", "serve")
        self.console = Server(self.home, "console", "serve")
        self._bring_history()
        self.deployment.run()
        self.refresh_views()
        self.collector.wait("/health/ready")
        self.console.wait("/health/live")

    @property
    def settings(self) -> Settings:
        """Of the deployment."""
        return self.deployment.settings

    @property
    def release_id(self) -> str:
        """The current release."""
        found = releases.current(self._engine)
        assert found is not None
        return found.release_id

    def _bring_history(self) -> None:
        market, file = Market(7, Scale(EVENTS, DAYS, now_ms())), self._folder / "history.ndjson.gz"
        write_history(market, window_of(now_ms(), DAYS), file, processes=1)
        importer = Importer(self.settings, Origin("prod", "history"))
        with Landing(self.settings) as landing:
            landing.wait_for(importer.run([file]))

    def refresh_views(self) -> None:
        """Brings the operations views to what has landed by now."""
        views = Views(self.deployment.pipeline, list)
        views.refresh()
        views.close()

    def land(self) -> None:
        """Lands what is sealed in the spool."""
        with Landing(self.settings) as landing:
            for segment in list_segments(self.settings.home.spool):
                if segment.sealed:
                    landing.wait_for(segment.stream)

    def post(self, *records: Record) -> dict[str, Any]:
        """Sends events to the collector; returns its answer."""
        request = urllib.request.Request(
            f"{self.collector.url}/collect",
            data=b"\n".join(json.dumps(record).encode() for record in records),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/x-ndjson"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:  # an answer too: it says what was refused
            found = json.load(error)
        return found

    def close(self) -> None:
        """Ends the processes and closes the lake."""
        self.console.stop()
        self.collector.stop()
        self._engine.dispose()
        self.deployment.close()


def event(name: str, **changes: Any) -> Record:
    """A valid event of this moment, with an id of its own."""
    contract = load_registry().newest(name)
    assert contract is not None, name
    at = rfc3339_ms(datetime.now(UTC) - timedelta(seconds=1))
    return {**contract.examples[0], "event_id": f"evt_{ulid(now_ms())}", "occurred_at": at, **changes}
