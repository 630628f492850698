"""How commands show their results: a table for people, JSON or CSV for programs. What a command prints goes through here."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import click

output_option = click.option(
    "--output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)

WIDTH = 160
"""Of a table that is read by no terminal."""
NARROWEST, GAP = 12, 2
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")


def emit_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    output: str,
    *,
    title: str | None = None,
    whole: Collection[str] = (),
    cut: Collection[str] = (),
) -> None:
    """Prints rows: a table with `title`, a JSON array of objects, or CSV with a header.

    In a table, columns of `whole` are never broken, so that what is in them can be copied; those of `cut` are kept
    to one line, with an ellipsis where they are too long; all others go on in further lines.
    """
    rows = list(rows)
    if output == "json":
        print(json.dumps([{c: row.get(c) for c in columns} for row in rows], indent=2, default=str))
    elif output == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[_csv_cell(row.get(c)) for c in columns] for row in rows])
        sys.stdout.write(buffer.getvalue())
    else:
        _print_table(rows, columns, title, whole, cut)


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


def _print_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    title: str | None,
    whole: Collection[str] = (),
    cut: Collection[str] = (),
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, collapse_padding=bool(whole)
    )
    for column in columns:
        numeric = bool(rows) and all(isinstance(r.get(column), int | float | type(None)) for r in rows)
        table.add_column(
            column, justify="right" if numeric else "left", overflow="fold", no_wrap=column in whole
        )
    for row in rows:
        cells = [_cell(row.get(c), is_one_line=c in whole or c in cut) for c in columns]
        table.add_row(
            *[
                Text(cell, no_wrap=True, overflow="ellipsis") if c in cut else Text(cell)
                for c, cell in zip(columns, cells, strict=True)
            ]
        )
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    # A terminal that is too narrow breaks the line itself, and what it has broken is still copied in one piece.
    console.width = max(console.width, _least_width(rows, columns, whole) if whole else 0)
    console.print(table)
    if not rows:
        click.echo("(nothing)")


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, default=str) if isinstance(value, dict | list) else value


def _least_width(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], whole: Collection[str]) -> int:
    longest = (
        max([len(c), *(len(_cell(row.get(c), is_one_line=True)) for row in rows)])
        if c in whole
        else NARROWEST
        for c in columns
    )
    return sum(width + GAP for width in longest)


def _cell(value: Any, *, is_one_line: bool) -> str:
    text = "" if value is None else _plain(value)
    return " ".join(text.split()) if is_one_line else text


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"  # without the tail of binary fractions; JSON and CSV have every digit
    text = json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)
    # What somebody sent must not steer the terminal of whoever looks at it.
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
