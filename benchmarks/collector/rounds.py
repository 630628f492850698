"""Rounds of load, the servers taking turns within each, so that what else the machine does meets them alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import processes
from benchmarks.collector import bodies, load
from benchmarks.collector.base import Server
from benchmarks.collector.bodies import PACKED_WARM_UP, Shape
from benchmarks.deployment import WORK

WARM_UP_S = 1
PACKED_A_SECOND = 1_500
"""Packed requests a second and thread that are made beforehand: more than any server here takes."""


@dataclass(frozen=True)
class Round:
    """One run of one server."""

    events_per_s: float
    requests_per_s: float
    cpu_s_per_million: float
    p50_ms: float
    p99_ms: float
    answered_events: int
    stored_unique: int
    refused: int
    errors: int


def run(
    servers: Sequence[Server],
    shape: Shape,
    *,
    connections: int,
    seconds: int,
    rounds: int,
    say: Callable[[str], None],
) -> dict[str, list[Round]]:
    """Interleaved rounds of one shape of request."""
    found: dict[str, list[Round]] = {server.name: [] for server in servers}
    for server in servers:
        packed = PACKED_WARM_UP + PACKED_A_SECOND * seconds
        folder = folder_of(server)
        bodies.write_requests(folder, shape, server.key, threads=load.THREADS, packed=packed)
    for number in range(rounds):
        for server in servers:
            one = drive(server, shape, connections, seconds)
            found[server.name].append(one)
            say(
                f"{shape.name} {number + 1}/{rounds} {server.name}: {one.events_per_s:,.0f} events/s, "
                f"{one.cpu_s_per_million:.1f} CPU-s/M, p50 {one.p50_ms:.1f} ms, p99 {one.p99_ms:.1f} ms"
            )
    return found


def folder_of(server: Server) -> Path:
    """Where the load generator finds a server's requests."""
    return WORK / f"requests-{server.name}"


def drive(server: Server, shape: Shape, connections: int, seconds: int) -> Round:
    """One run of one server with the requests that are in its folder."""
    with server.running(shape) as (pid, url):
        warm = load.drive(url, folder_of(server), connections=connections, seconds=WARM_UP_S)
        before = processes.cpu_seconds(pid)
        measured = load.drive(
            url, folder_of(server), connections=connections, seconds=seconds, skip=PACKED_WARM_UP
        )
        cpu_s = processes.cpu_seconds(pid) - before
    stored = server.stored()
    events = measured.requests * shape.events
    return Round(
        events_per_s=events / measured.seconds,
        requests_per_s=measured.requests / measured.seconds,
        cpu_s_per_million=cpu_s / events * 1e6,
        p50_ms=measured.p50_ms,
        p99_ms=measured.p99_ms,
        answered_events=(measured.requests + warm.requests) * shape.events,
        stored_unique=stored.unique,
        refused=stored.refused,
        errors=measured.socket_errors + measured.status_errors,
    )


def summary(rounds: Sequence[Round]) -> dict[str, Any]:
    """The median of each figure, and the rounds themselves."""
    names = ("events_per_s", "requests_per_s", "cpu_s_per_million", "p50_ms", "p99_ms")
    middle = {name: round(median(getattr(one, name) for one in rounds), 2) for name in names}
    return middle | {"rounds": [asdict(one) for one in rounds]}
