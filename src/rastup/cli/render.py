"""How commands show their results: a table for people, JSON or CSV for programs. What a command prints goes through here."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

output_option = click.option(
    "--output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)


_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")


def emit_rows(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], output: str, *, title: str | None = None
) -> None:
    """Prints rows: a table with `title`, a JSON array of objects, or CSV with a header."""
    rows = list(rows)
    if output == "json":
        print(json.dumps([{c: row.get(c) for c in columns} for row in rows], indent=2, default=str))
    elif output == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([["" if row.get(c) is None else row.get(c) for c in columns] for row in rows])
        sys.stdout.write(buffer.getvalue())
    else:
        _print_table(rows, columns, title)


def emit_record(record: Mapping[str, Any], output: str, *, title: str | None = None) -> None:
    """Prints one thing: `field  value` lines, a JSON object, or a CSV of one row."""
    if output == "json":
        print(json.dumps(dict(record), indent=2, default=str))
    elif output == "csv":
        emit_rows([record], list(record), "csv")
    else:
        _print_table([{"field": k, "value": v} for k, v in record.items()], ["field", "value"], title)


def say(message: str) -> None:
    """A word to the person at the terminal, on standard error so that results stay clean."""
    click.echo(message, err=True)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        numeric = bool(rows) and all(isinstance(r.get(column), int | float | type(None)) for r in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[Text("" if row.get(c) is None else _plain(row.get(c))) for c in columns])
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    if not rows:
        click.echo("(nothing)")


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"  # without the tail of binary fractions; JSON and CSV have every digit
    text = json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)
    # What somebody sent must not steer the terminal of whoever looks at it.
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
