"""`rastup up --demo`: a marketplace that lives. History once, then live events, through the same doors as anyone's."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from rastup.core.config import Settings
from rastup.core.errors import CheckFailed, RastupError, Unavailable
from rastup.core.logs import get_logger
from rastup.ops.supervisor import PARTS, Supervisor

HISTORY_DAYS = 30
SEED = 7
LIVE_EVENTS_PER_MIN = 120
"""Fast enough that numbers move while one looks, slow enough that an hour is not more than a day or two of the history."""
ONCE_LIVE_S = 8
_log = get_logger(__name__)


class Demo:
    """The demo's story, told from a thread beside the supervisor; `exit_code` is what `rastup up` ends with.

    `say` is told how it goes, `show` what `--once` has found.
    """

    def __init__(
        self,
        settings: Settings,
        supervisor: Supervisor,
        *,
        events: int,
        once: bool,
        open_url: str | None,
        say: Callable[[str], None],
        show: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._supervisor = supervisor
        self._events = events
        self._once = once
        self._open_url = open_url
        self._say = say
        self._show = show
        self.exit_code = 0

    def run(self) -> None:
        """Builds what is missing, then sends events until the supervisor stops."""
        try:
            self._tell()
        except RastupError as error:
            self._end(str(error), error.exit_code)
        except Exception as error:  # a demo that is not told to its end must not go on half done
            _log.exception("the demo failed")
            self._end(f"internal error: {type(error).__name__}: {error}", 1)

    def _end(self, why: str, exit_code: int) -> None:
        if not self._supervisor.stop.is_set():
            self._say(f"rastup: {why}")
            self.exit_code = exit_code
            self._supervisor.stop.set()

    def _tell(self) -> None:
        settings = self._settings
        base = settings.ingest.url
        with self._step("collector ready"):
            self._wait_for(f"{base}/health/ready")
        key = self._key()
        if not self._has_release():
            self._build_history()
        if self._once:
            self._once_through(base, key)
            return
        self._supervisor.add("pipeline", _command("pipeline"), drain_s=120.0)
        rate = ("--rate", str(LIVE_EVENTS_PER_MIN))
        live = ("sim", "live", "--to", base, "--key", key, *rate, *self._continued())
        self._supervisor.add("simulator", live)
        console = f"{settings.console.url}/"
        with self._step("console ready"):
            self._wait_for(console)
        self._say(
            f"\n  The marketplace lives:  {console}\n  Events go to:           {base}\n  Ctrl-C stops all of it.\n"
        )
        if self._open_url and _has_display():
            webbrowser.open(self._open_url)

    def _build_history(self) -> None:
        file = self._settings.home.run / "demo-history.ndjson.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        days = ("--days", str(HISTORY_DAYS), "--events", str(self._events), "--seed", str(SEED))
        with self._step(f"simulating {HISTORY_DAYS} days, about {self._events:,} events"):
            self._command("sim", "history", *days, "--out", str(file))
        with self._step("importing them: validated, redacted, landed in Bronze"):
            self._command("import", str(file))
        with self._step("building Silver and Gold, checking, publishing the first release"):
            self._command("pipeline", "run")
        file.unlink(missing_ok=True)

    def _continued(self) -> tuple[str, ...]:
        """Says which history live traffic continues."""
        days, events = str(HISTORY_DAYS), str(self._events)
        return ("--seed", str(SEED), "--history-days", days, "--history-events", events)

    def _once_through(self, base: str, key: str) -> None:
        # Loaded here alone: its engine would stay in the supervisor's memory for as long as that runs.
        from rastup.ops.demo_checks import check_demo

        live = ("--rate", "6000", "--duration", str(ONCE_LIVE_S), *self._continued())
        self._supervisor.add("pipeline", _command("pipeline"), drain_s=120.0)
        with self._step("sending live events"):
            self._command("sim", "live", "--to", base, "--key", key, *live)
        with self._step("waiting until they are visible, and checking"):
            report = check_demo(self._settings, self._supervisor.stop)
        for line in report.lines:
            self._show(line)
        if report.failures:
            raise CheckFailed("the demo's checks failed: " + "; ".join(report.failures))
        self._say("all checks passed")
        self._supervisor.stop.set()

    def _command(self, *arguments: str) -> None:
        lines: list[str] = []
        code = self._supervisor.run_once(tuple(arguments), lines.append)
        if code != 0:
            last = next((line for line in reversed(lines) if line.strip()), "no word")
            raise CheckFailed(f"`rastup {' '.join(arguments[:2])}` ended with {code}: {last}")

    def _key(self) -> str:
        """The demo's write key: made once and kept beside the demo's data, readable by its owner alone."""
        from rastup.ingest.keys import create_key
        from rastup.state.database import open_state

        note = self._settings.home.state / "demo-key.json"
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError):  # cut short, it is made again
            return str(json.loads(note.read_text())["key"])
        created = create_key(open_state(self._settings.state_url), source="demo", env="prod")
        _write_private(note, json.dumps({"key": created.key}))
        return created.key

    def _has_release(self) -> bool:
        from rastup.lake.releases import current
        from rastup.state.database import open_state

        return current(open_state(self._settings.state_url)) is not None

    def _wait_for(self, url: str, timeout_s: float = 60.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not self._supervisor.stop.is_set():
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own address
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"{url} did not answer within {timeout_s:.0f} s; see {self._settings.home.logs}."
                )
            time.sleep(0.1)
        raise Unavailable("stopped")

    @contextlib.contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self._say(f"… {what}")
        started = time.monotonic()
        yield
        self._say(f"✓ {what} ({time.monotonic() - started:.1f} s)")


def _command(name: str) -> tuple[str, ...]:
    return next(part.command for part in PARTS if part.name == name)


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
