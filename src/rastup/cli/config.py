"""`rastup config show`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_rows, output_option
from rastup.core.config import PARTS, without_credentials


@click.group()
def config() -> None:
    """Show the configuration and where each value came from."""


@config.command()
@home_option
@output_option
def show(home: Path | None, output: str) -> None:
    """Every setting, its value and its source (default, the file, a variable). Secrets are not printed."""
    settings = settings_of(home)
    rows = []
    for part in PARTS:
        values = getattr(settings, part)
        for f in dataclasses.fields(values):
            key, value = f"{part}.{f.name}", getattr(values, f.name)
            shown = "(set)" if f.metadata["secret"] and value else value
            if isinstance(shown, str):
                shown = without_credentials(shown)
            rows.append(
                {
                    "key": key,
                    "value": list(shown) if isinstance(shown, tuple) else shown,
                    "source": settings.origin.get(key, "default"),
                    "variable": f"RASTUP_{part.upper()}__{f.name.upper()}",
                    "help": f.metadata["help"],
                }
            )
    emit_rows(rows, ["key", "value", "source", "variable", "help"], output, title=str(settings.home.root))
