"""`rastup import`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, output_option, say
from rastup.core import logs
from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.ingest.importer import KEEP, NOW, Importer, Origin, Tally
from rastup.ingest.keys import SOURCE_RULE, is_source
from rastup.ingest.lander import Landing


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--received-at",
    type=click.Choice([KEEP, NOW]),
    default=KEEP,
    show_default=True,
    help="Keep each record's time of receipt (else its time of occurrence), or take this moment.",
)
@click.option(
    "--key-env",
    type=click.Choice(["dev", "stage", "prod"]),
    default="prod",
    show_default=True,
    help="Environment.",
)
@click.option("--source", default="import", show_default=True, help="Source that the events are noted under.")
@home_option
@output_option
def import_(
    files: tuple[Path, ...], received_at: str, key_env: str, source: str, home: Path | None, output: str
) -> None:
    """Import historical events: NDJSON, plain, gzip or Zstandard, in the domain or the web dialect.

    Events are validated, redacted and quarantined like any others, and have landed in Bronze when the command ends.
    Importing a file twice counts nothing twice: the same lines have the same event ids. Bronze and the
    quarantine keep what came.
    """
    if not is_source(source):
        raise UsageError(f"source {source[:64]!r} is not allowed; give {SOURCE_RULE}.")
    logs.configure(component="import", level="warning")
    settings = settings_of(home)
    tally = _import(settings, files, Origin(key_env, source, received_at))
    emit_record(
        {k: v for k, v in dataclasses.asdict(tally).items() if k != "bytes_read"}, output, title="Imported"
    )


def _import(settings: Settings, files: tuple[Path, ...], origin: Origin) -> Tally:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with (
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        Landing(settings) as landing,
    ):
        task = progress.add_task("reading", total=sum(path.stat().st_size for path in files))

        def on_progress(tally: Tally) -> None:
            description = f"{tally.accepted:,} events, {tally.quarantined:,} quarantined"
            progress.update(task, completed=tally.bytes_read, description=description)

        importer = Importer(
            settings, origin, on_progress=on_progress, on_wait=lambda why: say(f"waiting: {why}")
        )
        stream = importer.run(files)
        progress.update(task, description="landing in Bronze")
        landing.wait_for(stream)
        return importer.tally
