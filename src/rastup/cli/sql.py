"""`rastup sql`: one reading statement over one release."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from rastup.cli.interruption import interruptible
from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_rows, say
from rastup.core.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

TABLE_ROWS = 1_000


@click.command()
@click.argument("statement", required=False)
@click.option("--release", "release_id", help="The release to read [the current one].")
@click.option(
    "--output",
    type=click.Choice(["table", "json", "csv", "parquet"]),
    default="table",
    show_default=True,
    help="Form of the rows.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@home_option
def sql(
    statement: str | None, release_id: str | None, output: str, out: Path | None, home: Path | None
) -> None:
    """Ask the lake: bronze.events, silver.*, gold.* and nrt.*, all from one release.

    Without STATEMENT it is read from the standard input.
    """
    from rastup.lake.reader import ReaderPool

    if statement is None:
        if sys.stdin.isatty():
            raise UsageError('give a statement, for example: rastup sql "select * from gold.kpi_gmv_daily"')
        statement = sys.stdin.buffer.read().decode(errors="surrogateescape")  # as the shell's arguments are
    if output == "parquet" and out is None and sys.stdout.isatty():
        raise UsageError("Parquet is binary; add --out FILE or redirect the output.")
    settings = settings_of(home)
    pool = ReaderPool(settings, memory_mb=settings.lake.engine_memory_mb)

    def ask() -> pa.Table:
        reader = pool.pin(release_id)
        reader.lock()
        return reader.query(statement)

    rows = interruptible(ask, pool.interrupt)
    try:
        with out.open("wb") if out else contextlib.nullcontext(sys.stdout.buffer) as target:
            _write(rows, output, target)
    except OSError as error:
        if out is None:
            raise
        raise UsageError(f"{out}: {error.strerror}.") from error
    if out:
        count = min(rows.num_rows, TABLE_ROWS) if output == "table" else rows.num_rows
        say(f"{count:,} {'row' if count == 1 else 'rows'} written to {out}")


def _write(rows: pa.Table, output: str, target: BinaryIO) -> None:
    from rastup.lake.values import records

    if output == "parquet":
        _write_parquet(rows, target)
        return
    shown = rows.slice(0, TABLE_ROWS) if output == "table" else rows
    text = io.TextIOWrapper(target, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(text):
        emit_rows(records(shown), rows.column_names, output)
    text.detach()
    if shown.num_rows < rows.num_rows:
        say(f"… {rows.num_rows - shown.num_rows:,} more rows; --output csv shows all of them.")


def _write_parquet(rows: pa.Table, target: BinaryIO) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.write_table(rows, target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"Parquet cannot hold a column: {reason}. Cast it, or use --output json.") from error
