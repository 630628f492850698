"""Guards what the routes of public SDKs cost beside `/collect`: the same event, said as each library says it.

Budget: server CPU an event at most 1.25 times that of `/collect`, in batches of 100 and in requests of one.
Run: `python -m benchmarks sdks [--seconds 4] [--rounds 3]`.
"""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks.collector import load, rounds
from benchmarks.collector.benchmark import UnsoundLoadError
from benchmarks.collector.bodies import BATCH, SINGLE, Shape
from benchmarks.collector.ours import Collector
from benchmarks.collector.rounds import Round
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result
from benchmarks.sdks.requests import COLLECT, PIXEL, ROUTES, Route

TIMES_COLLECT = 1.25
CONNECTIONS = {BATCH: 16, SINGLE: 64}


def run(options: Options, say: Say) -> Result:
    """Drives each route in turn within each round."""
    if (reason := load.missing()) is not None:
        return Result((), notes=(f"skipped: {reason}",))
    seconds = options.seconds or (1 if options.is_quick else 4)
    count = options.rounds or (1 if options.is_quick else 3)
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    server = Collector()
    try:
        for shape in (BATCH, SINGLE):
            routes = (COLLECT, *ROUTES) if shape is BATCH else (COLLECT, *ROUTES, PIXEL)
            found = _drive(server, shape, routes, seconds, count, say)
            details[shape.name] = {name: [asdict(one) for one in done] for name, done in found.items()}
            figures += _figures(shape, found)
    finally:
        server.close()
    return Result(tuple(figures), details)


def _drive(
    server: Collector, shape: Shape, routes: tuple[Route, ...], seconds: int, count: int, say: Say
) -> dict[str, list[Round]]:
    found: dict[str, list[Round]] = {route.name: [] for route in routes}
    for number in range(count):
        for route in routes:
            folder = rounds.folder_of(server)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "plain").write_bytes(route.request(shape.events, server.key))
            one = rounds.drive(server, shape, CONNECTIONS[shape], seconds)
            _check(route, shape, one)
            found[route.name].append(one)
            say(
                f"{shape.name} {number + 1}/{count} {route.name}: {one.events_per_s:,.0f} events/s, "
                f"{one.cpu_s_per_million:.1f} CPU-s/M"
            )
    return found


def _check(route: Route, shape: Shape, one: Round) -> None:
    """Every answered event is stored once and valid.

    Raises:
        UnsoundLoadError: it is not so.
    """
    on_the_way = 2 * CONNECTIONS[shape] * shape.events
    is_whole = one.answered_events <= one.stored_unique <= one.answered_events + on_the_way
    if not is_whole or one.refused or one.errors:
        raise UnsoundLoadError(
            f"{route.name}, {shape.name}: {one.answered_events:,} events answered, {one.stored_unique:,} stored, "
            f"{one.refused:,} refused, {one.errors:,} failed requests"
        )


def _figures(shape: Shape, found: dict[str, list[Round]]) -> list[Figure]:
    label = shape.name.replace("_", " ")
    cost = {name: median(one.cpu_s_per_million for one in done) for name, done in found.items()}
    rate = {name: median(one.events_per_s for one in done) for name, done in found.items()}
    figures = []
    for name in found:
        figures.append(Figure(f"{label}, {name}: events", rate[name], "/s"))
        figures.append(Figure(f"{label}, {name}: server CPU", cost[name], "s/million"))
        if name != COLLECT.name:
            times = cost[name] / cost[COLLECT.name]
            figures.append(Figure(f"{label}, {name}: CPU beside /collect", times, "x", at_most=TIMES_COLLECT))
    return figures
