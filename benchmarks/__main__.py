"""`python -m benchmarks [NAME…]`: runs benchmarks and writes `benchmarks/results`."""

from __future__ import annotations

import sys
import time

import click

from benchmarks import machine, results
from benchmarks.registry import MODULES, Options, benchmark
from benchmarks.results import Result, number


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MODULES)))
@click.option("--quick", is_flag=True, help="Smaller and shorter: a first look, not a result.")
@click.option("--events", type=click.IntRange(10_000), help="pipeline: events of the lake [1,000,000].")
@click.option("--seconds", type=click.IntRange(1), help="collector: length of a round [6].")
@click.option("--rounds", type=click.IntRange(1), help="collector: rounds of each server [3].")
@click.option("--minutes", type=click.FloatRange(0.2), help="freshness: live traffic at each rate [3].")
@click.option("--keep", is_flag=True, help="pipeline: use and leave the lakes in benchmarks/.work.")
@click.option("--dry", is_flag=True, help="Print the figures; write no results.")
def main(
    names: tuple[str, ...],
    quick: bool,
    events: int | None,
    seconds: int | None,
    rounds: int | None,
    minutes: float | None,
    keep: bool,
    dry: bool,
) -> None:
    """Measure RastUp against its promises. Without names: everything, one after the other."""
    options = Options(quick, events, seconds, rounds, minutes, keep)
    missed = 0
    for name in names or tuple(MODULES):
        was_busy = machine.is_busy()
        if was_busy:
            _say("others are using this machine: figures will be too low")
        _say(f"== {name}")
        started = time.monotonic()
        result = benchmark(name)(options, _say)
        missed += _show(result)
        if not dry:
            path = results.write(name, result, options.given(), was_busy=was_busy)
            _say(f"written: {path.name} ({time.monotonic() - started:.0f} s)")
    if missed:
        _say(f"{missed} promises missed")


def _show(result: Result) -> int:
    for figure in result.figures:
        mark = {True: "ok    ", False: "MISSED", None: "      "}[figure.is_kept]
        _say(f"{mark} {figure.name}: {number(figure.value)} {figure.unit}  {figure.promise}")
    for note in result.notes:
        _say(f"note: {note}")
    return sum(figure.is_kept is False for figure in result.figures)


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    sys.exit(main())
