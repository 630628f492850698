"""What a look at a deployment says of its collector and its console, against servers that really answer."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import pytest

from rastup.core.config import ConsoleConfig, IngestConfig, Settings, load
from rastup.ingest.collector.meters import STALE_AFTER_S, Meters
from rastup.ops.status import Component, collect
from rastup.state.leases import Lease


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@pytest.fixture
def somebody() -> Iterator[HTTPServer]:
    """A server that says that it is ready."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def collector_of(settings: Settings, server: HTTPServer) -> Component:
    found = collect(replace(settings, ingest=IngestConfig(port=server.server_port)))
    return next(part for part in found.components if part.name == "collector")


def test_the_collector_of_another_home_is_not_taken_for_this_ones(
    settings: Settings, somebody: HTTPServer, tmp_path: Path
) -> None:
    Meters(load(tmp_path / "other", environ={}).home.meters).publish()
    found = collector_of(settings, somebody)
    assert found.state == "down"
    assert found.message.startswith(f"127.0.0.1:{somebody.server_port} answers, but not from this home")


def test_a_collector_is_well_while_its_workers_count(settings: Settings, somebody: HTTPServer) -> None:
    Meters(settings.home.meters).publish()
    assert collector_of(settings, somebody).state == "ok"
    [note] = settings.home.meters.iterdir()
    long_ago = note.stat().st_mtime - STALE_AFTER_S - 1
    os.utime(note, (long_ago, long_ago))
    assert collector_of(settings, somebody).state == "down"


def test_the_console_of_another_home_is_not_taken_for_this_ones(
    settings: Settings, somebody: HTTPServer
) -> None:
    port = somebody.server_port
    here = replace(settings, console=ConsoleConfig(port=port))

    def console() -> Component:
        return next(part for part in collect(here).components if part.name == "console")

    with Lease(settings.home.console_lease(port), purpose="console"):
        assert (console().state, console().message) == ("ok", f"127.0.0.1:{port}")
    assert console().state == "down"
    assert console().message.startswith(f"127.0.0.1:{port} answers, but not from this home")
