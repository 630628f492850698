"""`rastup status`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, emit_rows, output_option
from rastup.ops.status import Status, collect

COLUMNS = ["name", "state", "pid", "restarts", "lag_s", "message"]


@click.command()
@home_option
@output_option
def status(home: Path | None, output: str) -> None:
    """What runs, what is fresh, what lags. Exit code 0 when all is well, 1 when not (yet), 3 when nothing runs."""
    found = collect(settings_of(home))
    if output == "json":
        emit_record(dataclasses.asdict(found), "json")
    else:
        emit_rows([dataclasses.asdict(c) for c in found.components], COLUMNS, output, title="Components")
        if output == "table":
            _flow(found)
    alive = any(c.state != "down" for c in found.components)
    is_well = not found.problems and all(c.state == "ok" for c in found.components)
    sys.exit(0 if is_well else 1 if alive else 3)


def _flow(found: Status) -> None:
    backlog = found.backlog
    oldest = "" if backlog.spool_oldest_s is None else f", oldest {backlog.spool_oldest_s:.0f} s"
    emit_record(
        {
            "spool": f"{backlog.spool_bytes:,} bytes in {backlog.spool_segments} segments{oldest}",
            "bronze": f"{found.events_landed:,} events landed, {backlog.pending_records:,} in no release yet",
            "quarantine": f"{found.quarantined_open:,} open",
            "release": "none yet"
            if found.main is None
            else f"{found.main.release_id}, {found.main.age_s:.0f} s old",
            "operations views": "none yet" if found.nrt is None else f"{found.nrt.age_s:.0f} s old",
        },
        "table",
        title="Flow",
    )
    for problem in found.problems:
        click.echo(f"! {problem}")
