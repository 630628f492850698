"""`rastup console serve`."""

from __future__ import annotations

from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.ports import require_free_port


@click.group()
def console() -> None:
    """Serve the web console."""


@console.command()
@home_option
@click.option("--host", help="Address to listen on [console.host].")
@click.option("--port", type=int, help="Port to listen on [console.port].")
def serve(home: Path | None, host: str | None, port: int | None) -> None:
    """Show pages until interrupted."""
    from rastup.console.server import serve as serve_console

    settings = settings_of(home, console__host=host, console__port=port)
    require_free_port(settings.console.host, settings.console.port, "console.port", "--port", settings.home)
    serve_console(settings)
