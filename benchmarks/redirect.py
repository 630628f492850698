"""Guards the click redirect: a thousand people a second follow links, each once, and each is forwarded at once.

Budget: p99 ≤ 10 ms from the moment a click was due, at 1,000 a second, two workers. Replays and forged links beside them are
reported alone.
Run: `python -m benchmarks redirect [--seconds 10]`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.collector.base import lines_below
from benchmarks.deployment import Deployment
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result
from rastup.core.config import load
from rastup.ingest.redirect.keyring import signing_key
from rastup.ingest.redirect.tokens import Click, sign
from rastup.state.database import open_state

A_SECOND = 1_000
CONNECTIONS = 64
AT_MOST_MS = 10.0
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
CLICK = Click("digest.click", 1, {"digest": "weekly"}, user_id="usr_1", campaign={"utm_campaign": "bench"})


class UnsoundLoadError(RuntimeError):
    """Not every click was forwarded and stored once, so the figures mean nothing."""


@dataclass
class Clicks:
    """How a round went."""

    milliseconds: list[float]
    statuses: Counter[int]

    def percentile(self, share: float) -> float:
        """The latency that this share of the clicks did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run(options: Options, say: Say) -> Result:
    """One round of fresh links, then one of links that were used and one of links that nobody signed."""
    seconds = options.seconds or (3 if options.is_quick else 10)
    deployment = Deployment("redirect")
    figures: list[Figure] = []
    try:
        with deployment.serving("ingest", "serve", "--workers", "2") as pid:
            requests = _made(deployment.home, A_SECOND * seconds)
            rounds = {"fresh": requests, "used": requests, "forged": [_request("ct_x" * 60)] * len(requests)}
            for name, some in rounds.items():
                before = processes.cpu_seconds(pid)
                clicks = asyncio.run(_follow(deployment.port, some))
                cpu_us = (processes.cpu_seconds(pid) - before) / len(some) * 1e6
                unchecked = _unchecked(name, clicks)
                p50, p99 = clicks.percentile(0.5), clicks.percentile(0.99)
                say(f"{name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {cpu_us:.0f} µs of server CPU each")
                budget = AT_MOST_MS if name == "fresh" else None
                figures += [
                    Figure(f"{name}: p50", p50, "ms"),
                    Figure(f"{name}: p99", p99, "ms", at_most=budget),
                    Figure(f"{name}: server CPU", cpu_us, "µs"),
                ]
                if name == "used":
                    figures.append(Figure("used: forwarded unchecked", unchecked, "links"))
        stored = sum(
            b'"digest.click"' in line for line in lines_below(deployment.home / "spool", "*.ndjson*")
        )
        if stored != len(requests):
            raise UnsoundLoadError(f"{len(requests):,} links were followed, {stored:,} clicks are stored")
    finally:
        deployment.remove()
    return Result(tuple(figures), {"a_second": A_SECOND, "connections": CONNECTIONS, "seconds": seconds})


def _made(home: Path, count: int) -> list[bytes]:
    engine = open_state(load(home, environ={}).state_url)
    key, now = signing_key(engine), time.time()
    engine.dispose()
    return [_request(sign(CLICK, f"https://rastup.com/a/{n}", key, now)) for n in range(count)]


def _request(token: str) -> bytes:
    return f"GET /r/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}\r\n\r\n".encode()


def _unchecked(name: str, clicks: Clicks) -> int:
    """How many used links were forwarded before the store of used links answered; none of them is stored again."""
    wanted = {"fresh": 302, "used": 409, "forged": 401}[name]
    unchecked = clicks.statuses[302] if name == "used" else 0
    if clicks.statuses[wanted] + unchecked != clicks.statuses.total():
        raise UnsoundLoadError(f"{name}: expected {wanted} alone, got {dict(clicks.statuses)}")
    return unchecked


async def _follow(port: int, requests: list[bytes]) -> Clicks:
    """Sends each when it is due, whether the ones before it are answered or not."""
    clicks = Clicks([], Counter())
    start = time.perf_counter() + 0.2
    await asyncio.gather(
        *(_connection(port, requests, number, start, clicks) for number in range(CONNECTIONS))
    )
    return clicks


async def _connection(port: int, requests: list[bytes], first: int, start: float, clicks: Clicks) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(first, len(requests), CONNECTIONS):
        due = start + number / A_SECOND
        await asyncio.sleep(due - time.perf_counter())
        writer.write(requests[number])
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        clicks.milliseconds.append((time.perf_counter() - due) * 1000)
        clicks.statuses[int(head[9:12])] += 1
    writer.close()
