"""`rastup up`: everything on this machine."""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.ports import require_free_port, require_not_up
from rastup.cli.render import say
from rastup.console.hosts import hosts_of
from rastup.core import logs
from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.ops.demo import Demo
from rastup.ops.supervisor import Supervisor, hand_over, parts_of
from rastup.state.leases import Lease

LOUD = ("[warning", "[error", "[critical", '"level": "warning"', '"level": "error"', "Traceback", "rastup: ")

ONCE_SEGMENT_AGE_S = 5.0
"""`--once` waits until what it sent is released: files close earlier than they would."""


@click.command()
@home_option
@click.option("--port", type=int, help="The collector's port [8700].")
@click.option("--console-port", type=int, help="The console's port [8701].")
@click.option("--workers", type=int, help="Collector worker processes [2].")
@click.option(
    "--demo", is_flag=True, help="Fill an empty lake with a simulated marketplace and keep it living."
)
@click.option(
    "--once", is_flag=True, help="With --demo: build, send, wait, print the KPIs and the lag, check, exit."
)
@click.option(
    "--events", type=int, default=120_000, show_default=True, help="With --demo: events of history."
)
@click.option("--no-browser", is_flag=True, help="With --demo: do not open the console in a browser.")
@click.option("--json-logs", is_flag=True, help="Log lines as JSON.")
def up(
    home: Path | None,
    port: int | None,
    console_port: int | None,
    workers: int | None,
    demo: bool,
    once: bool,
    events: int,
    no_browser: bool,
    json_logs: bool,
) -> None:
    """Run collector, lander, pipeline and console on this machine. Ctrl-C drains and ends with exit code 0."""
    if once and not demo:
        raise click.UsageError("--once goes with --demo.")
    settings = settings_of(
        home,
        ingest__port=port,
        console__port=console_port,
        ingest__workers=workers,
        spool__segment_max_age_s=ONCE_SEGMENT_AGE_S if once else None,
    )
    logs.configure(json=json_logs, component="up")
    require_not_up(settings.home)
    ingest, console = settings.ingest, settings.console
    hosts_of(console)
    if ingest.port == console.port and ingest.port:
        raise UsageError(
            f"collector and console cannot both listen on port {ingest.port}; give --port or --console-port another one."
        )
    require_free_port(ingest.host, ingest.port, "ingest.port", "--port", settings.home)
    require_free_port(console.host, console.port, "console.port", "--console-port", settings.home)
    _open_state_once(settings)
    hand_over(settings, json_logs=json_logs)
    with Lease(settings.home.run / "up.lease", purpose="rastup up"):
        supervisor = Supervisor(settings, _quiet if demo else _loud)
        show = None if once or no_browser else f"{settings.console.url}/"
        story = (
            Demo(settings, supervisor, events=events, once=once, open_url=show, say=say, show=click.echo)
            if demo
            else None
        )
        sys.exit(_run(settings, supervisor, story))


def _open_state_once(settings: Settings) -> None:
    """What is wrong with the state is said here, not by every process again and again.

    In a process of its own: what it takes to migrate a database would stay in memory for as long as everything runs.

    Raises:
        RastupError: the state cannot be opened.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as once:
        once.submit(_open_and_close, settings.state_url).result()


def _open_and_close(url: str) -> None:
    from rastup.state.database import open_state

    open_state(url).dispose()


def _run(settings: Settings, supervisor: Supervisor, story: Demo | None) -> int:
    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        if not supervisor.stop.is_set():
            say("stopping: draining what is in flight …")
        supervisor.stop.set()

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    for part in parts_of(settings):
        # The demo starts the pipeline itself, once its history has landed, so as not to build it piece by piece.
        if story is None or part.name != "pipeline":
            supervisor.add(part.name, part.command, drain_s=part.drain_s)
    if story is None:
        say(f"collector  {settings.ingest.url}   console  {settings.console.url}   Ctrl-C stops.")
    else:
        threading.Thread(target=story.run, daemon=True).start()
    supervisor.watch()
    supervisor.drain()
    if supervisor.failure:
        say(f"rastup: {supervisor.failure}")
        return 2
    return story.exit_code if story else 0


def _loud(name: str, line: str) -> None:
    click.echo(f"{name:>9} │ {line}", err=True)


def _quiet(name: str, line: str) -> None:
    if any(mark in line for mark in LOUD):
        _loud(name, line)
