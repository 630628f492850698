"""`rastup doctor`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_rows, output_option
from rastup.ops.doctor import BAD, examine


@click.command()
@home_option
@output_option
def doctor(home: Path | None, output: str) -> None:
    """Check disk, clocks, ports, versions, leases, damage and lag. Exit code 1 when something is bad."""
    findings = examine(settings_of(home))
    emit_rows([dataclasses.asdict(f) for f in findings], ["check", "state", "found", "advice"], output)
    sys.exit(1 if any(f.state == BAD for f in findings) else 0)
