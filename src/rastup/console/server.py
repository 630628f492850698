"""Serves the console with Granian: one process, the engine in its threads."""

from __future__ import annotations

import os
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from rastup.console.hosts import hosts_of, is_open
from rastup.core import logs
from rastup.core.config import Settings
from rastup.core.lifeline import end_with_parent
from rastup.state.database import open_state
from rastup.state.leases import Lease

KILL_AFTER_S = 10
MOST_CONNECTIONS = 4_096
IDLE_MS = 10_000
log = logs.get_logger()


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM, then answers what is in flight and returns.

    Raises:
        RastupError: the state or the home's folder of leases cannot be opened; others can reach the console, and
            `console.allowed_hosts` is empty.
    """
    logs.configure(component="console")
    hosts = hosts_of(settings.console)
    if is_open(settings.console):
        log.warning(
            "the console has no log-in: whoever reaches it sees everything and may repair",
            listens_on=settings.console.host,
            answers_to=sorted(hosts),
        )
    open_state(settings.state_url).dispose()  # migrated here, before the worker opens it
    parent = os.getpid()
    server: Any = Granian(
        "rastup.console.app:create_app",
        address=settings.console.host,
        port=settings.console.port,
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        # Connections that say nothing take no room from those that do: there may be many, and none stays for long.
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_MS),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=KILL_AFTER_S,
        log_level=LogLevels.warning,
        log_access=False,
    )

    def load_app() -> Any:
        """Runs in the worker, which outlives its parent never."""
        from rastup.console.app import create_app

        end_with_parent(parent)
        logs.configure(component="console")
        return create_app(settings)

    with Lease(settings.home.console_lease(settings.console.port), purpose="console"):
        server.serve(target_loader=load_app, wrap_loader=False)
