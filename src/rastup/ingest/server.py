"""Serves the collector with Granian: worker processes that share a port and come back when they are killed."""

from __future__ import annotations

import gc
import os
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core import logs
from rastup.core.config import Settings
from rastup.core.lifeline import end_with_parent
from rastup.ingest import user_agents
from rastup.ingest.bus import publisher as bus
from rastup.ingest.collector.app import Collector
from rastup.ingest.collector.enrichment import open_geo_database
from rastup.ingest.collector.tokens import TokenVerifier
from rastup.ingest.redirect import endpoint as redirect
from rastup.ingest.webhooks import reception as webhooks
from rastup.state.database import open_state

RESPAWN_S = 0.2
KILL_AFTER_S = 15


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM; then commits what is in flight, seals the spool and returns.

    Raises:
        RastupError: the state cannot be opened, or a setting is wrong.
    """
    logs.configure(component="collector")
    _check(settings)
    open_state(settings.state_url).dispose()  # migrated once here, not by each worker
    parent = os.getpid()
    validator = _load_shared()
    server: Any = Granian(
        "rastup.ingest.collector.app:Collector",
        address=settings.ingest.host,
        port=settings.ingest.port,
        interface=Interfaces.RSGI,
        workers=settings.ingest.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=2048,
        backpressure=1024,
        http1_settings=HTTP1Settings(header_read_timeout=int(settings.ingest.read_timeout_s * 1000)),
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_S,
        workers_kill_timeout=KILL_AFTER_S,
        log_level=LogLevels.warning,
        log_access=False,
    )

    def load_worker() -> Collector:
        """Runs in each worker: a worker outlives its parent never."""
        end_with_parent(parent)
        logs.configure(component="collector")
        return Collector(settings, validator)

    server.serve(target_loader=load_worker, wrap_loader=False)


def _load_shared() -> Validator:
    """What every worker needs and none changes, before they are forked: they share its memory, and come back at once."""
    validator = Validator(load_registry())
    validator.compile_all()
    user_agents.load()
    gc.freeze()
    return validator


def _check(settings: Settings) -> None:
    """Opens once what each worker will open, because a worker that cannot only dies and comes back."""
    webhooks.check(settings, load_registry())
    bus.check(settings)
    redirect.check(settings)
    if settings.ingest.geo_database:
        open_geo_database(settings.ingest.geo_database).close()
    if settings.ingest.jwks:
        TokenVerifier(settings.ingest)
