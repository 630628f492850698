"""Guards the collector's throughput: durable answers, against Benthos doing the same work on the same machine.

Budget: batches of 100, plain and gzipped, at least 180,000 events a second at no more than 9 server CPU-seconds a million,
and 5 times Benthos; single events on 64 connections at least 20,000 requests a second, p99 at most 10 ms, 1.2 times Benthos.
Run: `python -m benchmarks collector [--seconds 6] [--rounds 3]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.collector import benthos, load, rounds
from benchmarks.collector.base import Server
from benchmarks.collector.bodies import BATCH, BATCH_GZIP, SINGLE, Shape
from benchmarks.collector.ours import Collector
from benchmarks.collector.rounds import Round
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result


@dataclass(frozen=True)
class Promise:
    """What is promised for one shape of request."""

    shape: Shape
    connections: int
    requests_per_s: float
    times_peer: float
    cpu_s_per_million: float | None = None
    p99_ms: float | None = None


PROMISES = (
    Promise(BATCH, 16, 1_800, 5.0, cpu_s_per_million=9.0),
    Promise(BATCH_GZIP, 16, 1_800, 5.0, cpu_s_per_million=9.0),
    Promise(SINGLE, 64, 20_000, 1.2, p99_ms=10.0),
)


class UnsoundLoadError(RuntimeError):
    """A server has not stored what it answered for, so its figures mean nothing."""


def run(options: Options, say: Say) -> Result:
    """Drives both, shape by shape."""
    if (reason := load.missing()) is not None:
        return Result((), notes=(f"skipped: {reason}",))
    notes: tuple[str, ...] = ()
    servers: list[Server] = [Collector()]
    if (reason := benthos.missing()) is not None:
        notes = (f"no peer: {reason}",)
    else:
        servers.append(benthos.Benthos())
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    try:
        for promise in PROMISES:
            found = rounds.run(
                servers,
                promise.shape,
                connections=promise.connections,
                seconds=options.seconds or (2 if options.is_quick else 6),
                rounds=options.rounds or (1 if options.is_quick else 3),
                say=say,
            )
            for name, done in found.items():
                _check(name, promise, done)
            details[promise.shape.name] = {name: rounds.summary(done) for name, done in found.items()}
            figures += _figures(promise, details[promise.shape.name])
    finally:
        for server in servers:
            server.close()
    return Result(tuple(figures), details, notes)


def _check(name: str, promise: Promise, done: Sequence[Round]) -> None:
    """Every answered event is stored once and valid; at most what was on its way when wrk stopped comes on top.

    Raises:
        UnsoundLoadError: it is not so.
    """
    for one in done:
        on_the_way = 2 * promise.connections * promise.shape.events
        is_whole = one.answered_events <= one.stored_unique <= one.answered_events + on_the_way
        if not is_whole or one.refused or one.errors:
            raise UnsoundLoadError(
                f"{name}, {promise.shape.name}: {one.answered_events:,} events answered, {one.stored_unique:,} stored, "
                f"{one.refused:,} refused, {one.errors:,} failed requests"
            )


def _figures(promise: Promise, found: dict[str, Any]) -> list[Figure]:
    shape, ours = promise.shape, found["rastup"]
    label = shape.name.replace("_", " ")
    figures = [
        Figure(
            f"{label}: events", ours["events_per_s"], "/s", at_least=promise.requests_per_s * shape.events
        ),
        Figure(
            f"{label}: server CPU", ours["cpu_s_per_million"], "s/million", at_most=promise.cpu_s_per_million
        ),
        Figure(f"{label}: p50", ours["p50_ms"], "ms"),
        Figure(f"{label}: p99", ours["p99_ms"], "ms", at_most=promise.p99_ms),
    ]
    if peer := found.get("benthos"):
        times = ours["events_per_s"] / peer["events_per_s"]
        figures += [
            Figure(f"{label}: Benthos", peer["events_per_s"], "/s"),
            Figure(f"{label}: times Benthos", times, "x", at_least=promise.times_peer),
        ]
    return figures
