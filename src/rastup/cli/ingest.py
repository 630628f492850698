"""`rastup ingest serve | read | land`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from rastup.cli.interruption import interruption
from rastup.cli.options import home_option, settings_of
from rastup.cli.ports import require_free_port
from rastup.cli.render import emit_record, output_option
from rastup.core import logs


@click.group()
def ingest() -> None:
    """Serve the collector, read the bus, land the spool."""


@ingest.command()
@home_option
@click.option("--host", help="Address to listen on [ingest.host].")
@click.option("--port", type=int, help="Port to listen on [ingest.port].")
@click.option("--workers", type=int, help="Worker processes [ingest.workers].")
def serve(home: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Take events over HTTP until interrupted."""
    from rastup.ingest.server import serve as serve_collector

    logs.configure(component="collector")
    settings = settings_of(home, ingest__host=host, ingest__port=port, ingest__workers=workers)
    require_free_port(settings.ingest.host, settings.ingest.port, "ingest.port", "--port", settings.home)
    serve_collector(settings)


@ingest.command()
@home_option
@click.option("--once", is_flag=True, help="Read what the bus holds now, then end.")
@output_option
def read(home: Path | None, once: bool, output: str) -> None:
    """Move records from Kafka or Kinesis into the spool until interrupted [bus.kind]."""
    from rastup.ingest.bus import reader

    logs.configure(component="reader")
    count = reader.run(settings_of(home), interruption(), once)
    if once:
        emit_record(dataclasses.asdict(count), output, title="Read")


@ingest.command()
@home_option
@click.option("--once", is_flag=True, help="Land what is sealed or left by dead writers, then end.")
@output_option
def land(home: Path | None, once: bool, output: str) -> None:
    """Move the spool into Bronze until interrupted."""
    from rastup.ingest import lander

    logs.configure(component="lander")
    landed = lander.run(settings_of(home), interruption(), once)
    if once:
        emit_record(dataclasses.asdict(landed), output, title="Landed")
