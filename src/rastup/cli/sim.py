"""`rastup sim`: a simulated marketplace."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rastup.cli.interruption import interruption
from rastup.cli.render import emit_record, output_option, say
from rastup.core.clock import now_ms
from rastup.core.errors import Unavailable, UsageError

if TYPE_CHECKING:
    from rastup_sim.sending import Sent

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
    from rastup_sim.history import write_history
    from rastup_sim.market import Market, Scale, window_of

    if events is None:
        events = round(EVENTS_A_DAY * days * (scale or 1.0))
    elif scale is not None:
        raise click.UsageError("--scale goes without --events.")
    until_ms = _moment_ms(until)
    market = Market(seed, Scale(events, days, until_ms))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        written = write_history(market, window_of(until_ms, days), out, processes=processes)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written: {error.strerror or error}.") from error
    emit_record({"file": str(out), "events": written.events, "bytes": written.bytes}, output, title="Written")


@sim.command()
@click.option(
    "--to", "url", required=True, help="The collector's address, for example http://127.0.0.1:8700."
)
@click.option("--key", required=True, help="A write key (`rastup keys create`).")
@click.option("--rate", type=click.FloatRange(1), default=600.0, show_default=True, help="Events a minute.")
@click.option("--duration", type=click.FloatRange(0.1), help="Seconds [until Ctrl-C].")
@click.option("--seed", type=int, default=7, show_default=True, help="Of the history that it continues.")
@click.option(
    "--history-days", type=click.FloatRange(0.05), default=30.0, show_default=True, help="As --days there."
)
@click.option(
    "--history-events",
    type=click.IntRange(0),
    default=120_000,
    show_default=True,
    help="As --events there; 0: none.",
)
@click.option(
    "--catch-up",
    "catch_up_h",
    type=click.FloatRange(0),
    default=36.0,
    show_default=True,
    help="Hours of open orders to take up.",
)
@output_option
def live(
    url: str,
    key: str,
    rate: float,
    duration: float | None,
    seed: int,
    history_days: float,
    history_events: int,
    catch_up_h: float,
    output: str,
) -> None:
    """Send a marketplace's events as they happen, through /collect and /e, until Ctrl-C.

    Continues the history of the same seed: the same sellers and buyers, and its open orders move on. The orders of the last
    hours are sent again from --catch-up on, under the same event ids, so that none is left half done.
    """
    from rastup_sim.live import run_live
    from rastup_sim.market import Market, Scale
    from rastup_sim.sending import Sender, SendingRefusedError
    from rastup_sim.traffic import Traffic

    start_ms = now_ms()
    market = Market(seed, Scale(max(1, history_events), history_days, start_ms))
    stop = interruption()
    try:
        sender = Sender(url, key, stop, on_wait=lambda why: say(f"waiting: {why}"))
        traffic = Traffic(
            market, start_ms, rate, round(catch_up_h * 3_600_000), with_history=history_events > 0
        )
        sent = run_live(traffic, sender, stop, duration_s=duration, on_progress=_say_progress)
    except (SendingRefusedError, ValueError) as error:
        raise UsageError(f"{url} takes no events: {error}") from error
    if duration is not None and sender.waits_for:
        raise Unavailable(f"{url}: {sender.waits_for}; {sent.accepted:,} events were accepted before.")
    emit_record({"events": sent.events, **dataclasses.asdict(sent)}, output, title="Sent")


def _say_progress(sent: Sent, open_orders: int) -> None:
    say(f"{sent.events:,} events sent, {sent.quarantined:,} quarantined, {open_orders:,} orders open")


def _moment_ms(text: str) -> int:
    if text == "now":
        return now_ms()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until {text!r} is neither `now`, a date nor an RFC 3339 moment.") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
