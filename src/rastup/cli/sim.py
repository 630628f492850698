"""`rastup sim`: a simulated marketplace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rastup.cli.render import emit_record, output_option
from rastup.core.clock import now_ms
from rastup.core.errors import UsageError

EVENTS_A_DAY = 4_000


@click.group()
def sim() -> None:
    """Simulate a marketplace: its history as a file, or its life as traffic."""


@sim.command()
@click.option("--days", type=click.FloatRange(0.05, 3660), default=30.0, show_default=True, help="Length.")
@click.option("--until", default="now", show_default=True, help="`now`, a date, or an RFC 3339 moment.")
@click.option("--events", type=click.IntRange(1), help=f"About how many events [{EVENTS_A_DAY:,} a day].")
@click.option("--scale", type=click.FloatRange(0.001), help="Instead of --events: times the default.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="NDJSON[.gz].")
@click.option("--processes", type=click.IntRange(0, 64), default=0, help="Processes [a core each if large].")
@output_option
def history(
    days: float,
    until: str,
    events: int | None,
    scale: float | None,
    seed: int,
    out: Path,
    processes: int,
    output: str,
) -> None:
    """Write the history of a marketplace as a file for `rastup import`.

    About N events of all families in both dialects, ordered by their time of receipt, among them late ones, duplicates,
    malformed ones and personal data where it should not be.
    """
    from rastup_sim.history import window_of, write_history
    from rastup_sim.market import Market, Scale

    if events is None:
        events = round(EVENTS_A_DAY * days * (scale or 1.0))
    elif scale is not None:
        raise click.UsageError("--scale goes without --events.")
    until_ms = _moment_ms(until)
    market = Market(seed, Scale(events, days, until_ms))
    out.parent.mkdir(parents=True, exist_ok=True)
    written = write_history(market, window_of(until_ms, days), out, processes=processes)
    emit_record({"file": str(out), "events": written.events, "bytes": written.bytes}, output, title="Written")


def _moment_ms(text: str) -> int:
    if text == "now":
        return now_ms()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until {text!r} is neither `now`, a date nor an RFC 3339 moment.") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
