"""A history: everything that arrives in a window of time, ordered by arrival, as an importable file.

The window is cut into blocks of hours, made by as many processes; since an hour follows from the seed alone, the bytes do
not depend on how many there are. Memory holds one hour, and what is open.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isal import isal_zlib

from rastup_sim.market import Market, Window
from rastup_sim.wire import HOUR, Event

Pending = defaultdict[int, list[tuple[int, str]]]


@dataclass(frozen=True)
class Written:
    """What was written."""

    events: int
    bytes: int


def lines_of(market: Market, window: Window, hours: range) -> Iterator[tuple[int, int, bytes]]:
    """Each of the hours in which something arrives: how many events, and their lines."""
    pending: Pending = defaultdict(list)

    def keep(events: Iterator[Event]) -> None:
        for received_ms, _, line in events:
            if received_ms < window.until_ms:
                pending[received_ms // HOUR].append((received_ms, line))

    keep(market.arriving_from(hours.start, window.hours.start))
    for hour in hours:
        keep(market.begun_in(hour))
        arrived = pending.pop(hour, [])
        arrived.sort()
        if arrived:
            yield hour, len(arrived), ("\n".join([line for _, line in arrived]) + "\n").encode()


def write_history(
    market: Market,
    window: Window,
    out: Path,
    *,
    processes: int = 0,
    on_progress: Callable[[float], None] = lambda _share: None,
) -> Written:
    """Writes the history of a window into a file, gzipped when its name ends in `.gz`; appears whole or not at all.

    Args:
        market: whose.
        window: of arrival.
        out: the file.
        processes: to make it with; 0 means one a core where it is worth it.
        on_progress: called with the share that is done.
    """
    blocks = _blocks(window, processes or _worthwhile(market))
    parts = [out.with_name(f".{out.name}.part{number}") for number in range(len(blocks))]
    try:
        counts = _write_parts(market, window, list(zip(blocks, parts, strict=True)), on_progress)
        with parts[0].open("ab") as first:
            for part in parts[1:]:
                with part.open("rb") as rest:
                    shutil.copyfileobj(rest, first, 1 << 20)
                part.unlink()
        written = Written(sum(counts), parts[0].stat().st_size)
        parts[0].replace(out)
        return written
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


Block = tuple[range, Path]


def _write_parts(
    market: Market, window: Window, blocks: list[Block], on_progress: Callable[[float], None]
) -> list[int]:
    if len(blocks) == 1:
        hours, part = blocks[0]
        return [_write_part(market, window, hours, part, lambda done: on_progress(done / len(hours)))]
    context = multiprocessing.get_context("spawn")
    with context.Pool(len(blocks)) as pool:
        results = [pool.apply_async(_write_part, (market, window, hours, part)) for hours, part in blocks]
        for number, result in enumerate(results, 1):
            result.wait()
            on_progress(number / len(blocks))
        return [result.get() for result in results]


def _write_part(
    market: Market,
    window: Window,
    hours: range,
    part: Path,
    on_hours: Callable[[int], None] = lambda _done: None,
) -> int:
    """Writes a block: a gzip member a day, so that the bytes depend neither on the clock nor on the blocks."""
    was_collecting = gc.isenabled()
    gc.disable()  # millions of short-lived tuples without a cycle among them: looking for some takes a third of the time
    try:
        return _write_lines(market, window, hours, part, on_hours)
    finally:
        if was_collecting:
            gc.enable()


def _write_lines(
    market: Market, window: Window, hours: range, part: Path, on_hours: Callable[[int], None]
) -> int:
    events = 0
    is_packed = ".gz.part" in part.name
    with part.open("wb") as file:
        packer, day = _packer(), -1
        for hour, count, lines in lines_of(market, window, hours):
            if is_packed and (hour - window.hours.start) // 24 != day:
                if day >= 0:
                    file.write(packer.flush())
                packer, day = _packer(), (hour - window.hours.start) // 24
            file.write(packer.compress(lines) if is_packed else lines)
            events += count
            on_hours(hour + 1 - hours.start)
        if day >= 0:
            file.write(packer.flush())
    return events


def _packer() -> Any:
    return isal_zlib.compressobj(1, isal_zlib.DEFLATED, 31)  # 31: a gzip header and trailer


def _worthwhile(market: Market) -> int:
    return (os.cpu_count() or 1) if market.scale.events >= 500_000 else 1


def _blocks(window: Window, processes: int) -> list[range]:
    """Contiguous blocks of whole days, at most one a process."""
    hours = window.hours
    days = -(-len(hours) // 24)
    cuts = [min(hours.start + 24 * (days * number // processes), hours.stop) for number in range(processes)]
    return [range(a, b) for a, b in itertools.pairwise([*cuts, hours.stop]) if b > a]
