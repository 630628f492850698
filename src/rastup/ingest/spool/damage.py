"""Damage: bytes of the spool that do not match their checksum are kept aside, with a line that says why.

`<spool>/_damaged/<stream>-<segment>-<start>.bin` and one line of JSON each in `<spool>/_damaged/report.jsonl`.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.logs import get_logger
from rastup.ingest.spool.frames import Damage
from rastup.ingest.spool.segments import DAMAGED, Segment, sync_folder

REPORT = "report.jsonl"
TORN = "torn"
DAMAGE = "damage"
_log = get_logger(__name__)


def keep_aside(root: Path, segment: Segment, damage: Damage, data: bytes, kind: str) -> None:
    """Keeps the bytes of one damaged stretch and reports it, durably; doing it again changes nothing.

    Args:
        root: the spool's folder.
        segment: where the damage was found.
        damage: its place and reason.
        data: its bytes.
        kind: `damage`, or `torn` for the end of a segment whose writer died while it wrote: nobody was answered.
    """
    folder = root / DAMAGED
    folder.mkdir(exist_ok=True)
    kept = folder / f"{segment.stream}-{segment.first_offset:016d}-{damage.start}.bin"
    if kept.exists():
        return
    line = {
        "at": rfc3339_ms(system_clock()),
        "kind": kind,
        "stream": segment.stream,
        "segment": segment.first_offset,
        "start": damage.start,
        "bytes": len(data),
        "reason": damage.reason,
        "kept": kept.name,
    }
    _write(kept.with_suffix(".part"), data, os.O_TRUNC)
    _write(folder / REPORT, json.dumps(line).encode() + b"\n", os.O_APPEND)
    kept.with_suffix(".part").rename(kept)
    sync_folder(folder)
    say = _log.info if kind == TORN else _log.error
    say("spool bytes kept aside", **{k: v for k, v in line.items() if k != "at"})


def read_reports(root: Path) -> list[Mapping[str, Any]]:
    """Every report of the spool at `root`, oldest first; without those of which a crash left half a line."""
    try:
        lines = (root / DAMAGED / REPORT).read_text().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def _write(path: Path, data: bytes, how: int) -> None:
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC | how, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]
        os.fsync(fd)
    finally:
        os.close(fd)
