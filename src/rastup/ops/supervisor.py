"""`rastup up`: starts every part of one machine, restarts what dies, and stops all of it in the order of the flow.

Stopping goes with the stream: first who sends, then the collector (which commits what it took), then the lander
(which lands what was committed), then the pipeline and the console. So nothing waits for something already gone.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.logs import JSON_LOGS, get_logger
from rastup.ops.processes import Process, ProcessSpec, Task

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
log = get_logger()


@dataclass(frozen=True)
class Part:
    """A part of the platform and its place in the order of starting; it is stopped in the same order."""

    name: str
    command: tuple[str, ...]
    drain_s: float = 20.0


PARTS = (
    Part("collector", ("ingest", "serve")),
    Part("reader", ("ingest", "read")),
    Part("lander", ("ingest", "land"), drain_s=60.0),
    Part("pipeline", ("pipeline", "watch"), drain_s=120.0),
    Part("console", ("console", "serve")),
)


def parts_of(settings: Settings) -> tuple[Part, ...]:
    """The parts that a deployment needs: where the spool is the bus, nobody reads it but the lander."""
    return tuple(part for part in PARTS if part.name != "reader" or settings.bus.kind != "spool")


class Supervisor:
    """Runs processes until `stop` is set.

    Processes get the deployment's folder and its settings through the environment, as `hand_over` puts them there.

    Args:
        settings: of the deployment.
        on_line: sees each line that a process prints, with the process's name.
    """

    def __init__(self, settings: Settings, on_line: Callable[[str, str], None]) -> None:
        self._settings = settings
        self._on_line = on_line
        self._processes: dict[str, Process] = {}
        self._tasks: list[Task] = []
        self._lock = threading.Lock()
        self.stop = threading.Event()
        self.failure: str | None = None

    def add(self, name: str, command: tuple[str, ...], *, drain_s: float = 20.0) -> None:
        """Has a process started, and kept running from then on, by the thread that watches.

        Not by the caller's: the kernel ends a process together with the *thread* that started it (see `core.lifeline`).
        """
        spec = ProcessSpec(name, command, drain_s)
        process = Process(spec, self._settings.home.logs / f"{name}.log", self._on_line)
        with self._lock:
            self._processes[name] = process

    def run_once(self, command: tuple[str, ...], on_line: Callable[[str], None]) -> int:
        """Runs a command to its end beside the processes; returns its exit code, or 130 when all is being stopped."""
        if self.stop.is_set():
            return EXIT_INTERRUPTED
        task = Task(command, on_line)
        with self._lock:
            self._tasks.append(task)
        code = task.wait()
        with self._lock:
            self._tasks.remove(task)
        return EXIT_INTERRUPTED if self.stop.is_set() else code

    def watch(self) -> None:
        """Restarts what dies until `stop` is set or a process says at its first start that its configuration is wrong."""
        while not self.stop.wait(0.2):
            with self._lock:
                for process in self._processes.values():
                    self._look_after(process)

    def drain(self) -> None:
        """Stops all processes, senders first, each after it has finished what it holds."""
        with self._lock:
            tasks = list(self._tasks)
        for task in tasks:
            task.stop()
        order = [n for n in self._processes if n not in {p.name for p in PARTS}] + [p.name for p in PARTS]
        for name in order:
            if process := self._processes.get(name):
                code = process.stop()
                if code not in (0, None):
                    log.warning("ended with an error", process=name, exit_code=code)
        (self._settings.home.run / "up.json").unlink(missing_ok=True)

    def _look_after(self, process: Process) -> None:
        code = process.look()
        if code is not None:
            if code == EXIT_USAGE and process.never_worked:
                # A wrong setting does not mend itself: trying again would only repeat the message. What has run with
                # its settings is another matter: one part in trouble must not take the others with it.
                self.failure = f"{process.spec.name} refused its configuration (see the line above)"
                self.stop.set()
                return
            wait_s = round(max(0.0, process.next_start_at - time.monotonic()), 1)
            log.warning(
                "ended; will be started again", process=process.spec.name, exit_code=code, in_s=wait_s
            )
            self._note()
        if process.is_due():
            process.start()
            self._note()

    def _note(self) -> None:
        settings = self._settings
        addresses = {"collector": settings.ingest.netloc, "console": settings.console.netloc}
        note = {
            "at": rfc3339_ms(system_clock()),
            "processes": [
                {
                    "name": p.spec.name,
                    "pid": p.pid,
                    "restarts": p.restarts,
                    "last_exit": p.last_exit,
                    "address": addresses.get(p.spec.name),
                }
                for p in self._processes.values()
            ],
        }
        folder = settings.home.run
        scratch = folder / "up.json.tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            scratch.write_text(json.dumps(note))
            scratch.replace(folder / "up.json")
        except OSError as error:  # a full disk must not end who watches, and with it all that runs
            log.warning("what runs cannot be noted", file=str(folder / "up.json"), error=str(error))


def hand_over(settings: Settings, *, json_logs: bool = False) -> None:
    """Puts the folder and the flags of this command into the environment that every process inherits."""
    os.environ["RASTUP_HOME"] = str(settings.home.root)
    if json_logs:
        os.environ[JSON_LOGS] = "1"
    for key, source in settings.origin.items():
        if source == "flag":
            part, _, name = key.partition(".")
            os.environ[f"RASTUP_{part.upper()}__{name.upper()}"] = str(getattr(getattr(settings, part), name))
