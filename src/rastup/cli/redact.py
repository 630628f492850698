"""`rastup redact`: what ingest would take out of a text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
import orjson

from rastup.core.errors import CheckFailed, UsageError
from rastup.ingest.redaction import redact as redacted


@click.command()
@click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "--output",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="A JSON object for each line, or only its redacted text.",
)
@click.option(
    "--json-lines", is_flag=True, help="Each line is a JSON string, so that a text may have line breaks."
)
@click.option("--check", is_flag=True, help="End with exit code 1 when something was found.")
def redact(files: tuple[Path, ...], output: str, json_lines: bool, check: bool) -> None:
    """Redact lines of text, from FILES or standard input, as ingest does with free text, page paths and referrers.

    One JSON object comes out for each line, as soon as it is read: `kinds`, `counts` and `redacted`. Kinds are email,
    url_token, iban, card, ssn, phone and address. Bytes that are no UTF-8 become U+FFFD.

    Exit codes: 0 done, 1 something was found (with --check), 2 a line is no JSON string (with --json-lines) or a file
    cannot be read.
    """
    found = 0
    with ExitStack() as stack:
        for number, text in enumerate(_lines(files, stack), start=1):
            clean, counts = redacted(_decoded(text, number) if json_lines else text)
            found += sum(counts.values())
            line = {"kinds": sorted(counts), "counts": counts, "redacted": clean}
            click.echo(clean if output == "text" else orjson.dumps(line))
    if check and found:
        raise CheckFailed(f"{found:,} pieces of personal data were found.")


def _lines(files: tuple[Path, ...], stack: ExitStack) -> Iterator[str]:
    for path in files or (Path("-"),):
        try:
            stream = sys.stdin.buffer if str(path) == "-" else stack.enter_context(path.open("rb"))
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}. Give a file that can be read.") from error
        for line in stream:
            yield line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace")


def _decoded(line: str, number: int) -> str:
    try:
        value = orjson.loads(line)
    except ValueError as error:
        raise UsageError(f"line {number}: expected a JSON string; {error}.") from error
    if not isinstance(value, str):
        raise UsageError(f"line {number}: expected a JSON string, got {type(value).__name__}.")
    return value
