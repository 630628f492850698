"""Shows what a bus costs: records out to it, each confirmed, and in from it into the spool. No promise hangs on it.

Brokers are those of the tests: one process on this machine, which takes its own share of the cores.
Run: `python -m benchmarks buses [--quick]`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.deployment import WORK
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result
from rastup.core.config import Settings, load
from rastup.core.ids import ulid
from rastup.ingest.bus import Publisher, open_publisher, reader

TOPIC = "bench"
PARTITIONS = 4
A_SUBMISSION = 100
ALONE = 50
"""Events sent one at a time, to see how long one waits."""
BROKER = Path(__file__).resolve().parents[1] / ".venv" / "kafka-broker"


def run(options: Options, say: Say) -> Result:
    """One bus after the other."""
    figures: list[Figure] = []
    notes: list[str] = []
    events = 10_000 if options.is_quick else 100_000
    for kind, start, count in (
        ("spool", _nothing, events),
        ("kafka", _kafka, events),
        ("kinesis", _kinesis, events // 10),
    ):
        folder = WORK / f"bus-{kind}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            with start(folder) as environ:
                settings = load(folder / "home", environ={"RASTUP_BUS__KIND": kind, **environ})
                figures += _measure(settings, count, say)
        except FileNotFoundError as error:
            notes.append(f"{kind}: skipped: {error}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Result(
        tuple(figures), {"events a submission": A_SUBMISSION, "partitions": PARTITIONS}, tuple(notes)
    )


def _measure(settings: Settings, count: int, say: Say) -> list[Figure]:
    kind = settings.bus.kind
    seconds, cpu_s, alone_ms = _publish(settings, count)
    figures = [
        Figure(f"{kind}: events out, confirmed", count / seconds, "/s"),
        Figure(f"{kind}: our CPU an event out", cpu_s / count * 1e6, "µs"),
        Figure(f"{kind}: one event alone, median", alone_ms, "ms"),
    ]
    if kind != "spool":
        started, cpu = time.perf_counter(), time.process_time()
        read = reader.run(settings, threading.Event(), once=True).records
        figures += [
            Figure(f"{kind}: events in", read / (time.perf_counter() - started), "/s"),
            Figure(f"{kind}: our CPU an event in", (time.process_time() - cpu) / read * 1e6, "µs"),
        ]
    for figure in figures:
        say(f"{figure.name}: {figure.value:,.1f} {figure.unit}")
    return figures


def _publish(settings: Settings, count: int) -> tuple[float, float, float]:
    """Seconds and CPU seconds for all, and the median wait of one alone in milliseconds."""
    lines = [_event(n) for n in range(count)]
    answered = threading.Semaphore(0)
    refused: list[Exception] = []

    def hear(tokens: list[None], error: Exception | None) -> None:
        if error is not None:
            refused.append(error)
        answered.release(len(tokens))

    bus = open_publisher(settings, "bench", hear)
    _await_room(bus)
    started, cpu = time.perf_counter(), time.process_time()
    for first in range(0, count, A_SUBMISSION):
        _await_room(bus)
        bus.submit(b"".join(lines[first : first + A_SUBMISSION]), None)
    for _ in range(0, count, A_SUBMISSION):
        answered.acquire()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    waits = []
    for line in lines[:ALONE]:
        sent = time.perf_counter()
        bus.submit(line, None)
        answered.acquire()
        waits.append(time.perf_counter() - sent)
    bus.close()
    if refused:
        raise RuntimeError(f"the bus refused events: {refused[0]}")
    return seconds, cpu, sorted(waits)[len(waits) // 2] * 1000


def _await_room(bus: Publisher[None]) -> None:
    while bus.full_reason is not None:
        time.sleep(0.001)


def _event(number: int) -> bytes:
    record = {
        "event": "search.query",
        "v": 1,
        "event_id": "evt_" + ulid(1_780_000_000_000 + number, number.to_bytes(10, "big")),
        "occurred_at": "2026-11-06T15:00:00.000Z",
        "received_at": "2026-11-06T15:00:01.000Z",
        "anon_id": f"an_{number % 997}",
        "context": {"role": "guest", "env": "prod", "source": "web"},
        "ids": {},
        "payload": {"query_hash": f"{number:08x}", "results": 12, "q": "x" * 250},
    }
    return json.dumps(record).encode() + b"\n"


@contextmanager
def _nothing(_folder: Path) -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def _kafka(folder: Path) -> Iterator[dict[str, str]]:
    if not BROKER.exists():
        raise FileNotFoundError("no broker; `make test` builds one where Go is installed")
    port = _free_port()
    command = [str(BROKER), str(port), str(folder / "broker"), TOPIC, str(PARTITIONS)]
    with _running(command, port):
        yield {"RASTUP_BUS__TOPIC": TOPIC, "RASTUP_BUS__BROKERS": f"127.0.0.1:{port}"}


@contextmanager
def _kinesis(_folder: Path) -> Iterator[dict[str, str]]:
    if find_spec("moto") is None:
        raise FileNotFoundError("no moto")
    from rastup.ingest.bus.kinesis_client import client_of

    port = _free_port()
    os.environ |= {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
    environ = {
        "RASTUP_BUS__TOPIC": TOPIC,
        "RASTUP_BUS__KINESIS_ENDPOINT": f"http://127.0.0.1:{port}",
    }
    with _running([sys.executable, "-m", "moto.server", "-p", str(port)], port):
        client = client_of(load(environ={**environ, "RASTUP_BUS__KIND": "kinesis"}).bus)
        client.create_stream(StreamName=TOPIC, ShardCount=PARTITIONS)
        yield environ


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close())
        yield
    finally:
        process.kill()
        process.wait()


def _await(connect: Callable[[], None]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            return connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
