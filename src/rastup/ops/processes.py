"""One supervised process: started in a session of its own, its output kept and shown, started again when it dies.

A child dies with its supervisor, however the supervisor ends: the kernel is asked for it on Linux, so that a killed
`rastup up` leaves no collector on the port and no holder of a lease.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from rastup.core.lifeline import end_with_parent

FIRST_BACK_OFF_S = 0.5
LONGEST_BACK_OFF_S = 10.0
HEALTHY_AFTER_S = 20.0
"""A process that ran this long is taken for healthy: its next failure starts with the first back-off again."""

SUPERVISED_BY = "RASTUP_SUPERVISED_BY"
"""Names the supervisor's process id to its children."""


@dataclass(frozen=True)
class ProcessSpec:
    """What to run: a short name, the arguments after `rastup`, and how long it may take to drain when asked to stop."""

    name: str
    arguments: tuple[str, ...]
    drain_s: float = 20.0


@dataclass
class Process:
    """A supervised process and its history. `on_line` sees every line that it prints."""

    spec: ProcessSpec
    log_file: Path
    on_line: Callable[[str, str], None]
    restarts: int = 0
    last_exit: int | None = None
    started_at: float = 0.0
    next_start_at: float = 0.0
    was_healthy: bool = False
    _back_off_s: float = FIRST_BACK_OFF_S
    _popen: subprocess.Popen[str] | None = field(default=None, repr=False)
    _reader: threading.Thread | None = field(default=None, repr=False)

    @property
    def never_worked(self) -> bool:
        """Whether its very first start ended before it could be taken for healthy."""
        return self.restarts == 1 and not self.was_healthy

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    def start(self) -> None:
        """Starts it now."""
        self.started_at = time.monotonic()
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "rastup", *self.spec.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops all in order
            env=_environment(),
        )
        self._reader = threading.Thread(target=self._read, args=(self._popen,), daemon=True)
        self._reader.start()

    def look(self) -> int | None:
        """The exit code when the process has just been found dead (and plans the next start), else None."""
        if self._popen is None or (code := self._popen.poll()) is None:
            return None
        if time.monotonic() - self.started_at > HEALTHY_AFTER_S:
            self._back_off_s = FIRST_BACK_OFF_S
            self.was_healthy = True
        self.next_start_at = time.monotonic() + self._back_off_s
        self._back_off_s = min(self._back_off_s * 2, LONGEST_BACK_OFF_S)
        self.last_exit, self._popen = code, None
        self.restarts += 1
        return code

    def is_due(self) -> bool:
        """Whether it is dead and its back-off is over."""
        return self._popen is None and time.monotonic() >= self.next_start_at

    def stop(self) -> int | None:
        """Asks it to drain, waits, and kills it when it does not end. Returns its exit code."""
        popen = self._popen
        if popen is None:
            return self.last_exit
        if popen.poll() is None:
            popen.send_signal(signal.SIGINT)
        try:
            popen.wait(self.spec.drain_s)
        except subprocess.TimeoutExpired:
            _kill_session(popen.pid)
            popen.wait()
        if self._reader:
            self._reader.join(timeout=2)
        self.last_exit, self._popen = popen.returncode, None
        return popen.returncode

    def _read(self, popen: subprocess.Popen[str]) -> None:
        stream = popen.stdout
        if stream is None:
            return
        log = _LogFile(self.log_file, maxBytes=10_000_000, backupCount=2, encoding="utf-8", delay=True)
        with stream:
            for line in stream:
                line = line.rstrip("\n")
                log.handle(logging.makeLogRecord({"msg": line}))
                with suppress(OSError):  # a terminal that is gone; as for the log
                    self.on_line(self.spec.name, line)
        with suppress(OSError):
            log.close()


class _LogFile(RotatingFileHandler):
    """A log whose file is opened by the first line, and after a failure by the next one."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Nothing: a full disk must not stop the child, which would wait for somebody who reads."""


def _kill_session(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _environment() -> dict[str, str]:
    # An arena of malloc's for every thread would keep memory that builds have long given back.
    return {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONUNBUFFERED": "1", SUPERVISED_BY: str(os.getpid())}


def follow_supervisor() -> None:
    """Called by a command as it starts: when a supervisor started it, end with that supervisor."""
    if supervisor := os.environ.pop(SUPERVISED_BY, None):
        end_with_parent(int(supervisor))


class Task:
    """A command that runs once, to its end; `stop` may be called from another thread."""

    def __init__(self, arguments: Sequence[str], on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "rastup", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            env=_environment(),
        )

    def wait(self) -> int:
        """Hands its lines to `on_line` until it ends; returns its exit code."""
        stream = self._popen.stdout
        if stream is not None:
            with stream:
                for line in stream:
                    self._on_line(line.rstrip("\n"))
        return self._popen.wait()

    def stop(self) -> None:
        """Ends it as Ctrl-C would, and for certain after ten seconds."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGINT)
            try:
                self._popen.wait(10)
            except subprocess.TimeoutExpired:
                _kill_session(self._popen.pid)
