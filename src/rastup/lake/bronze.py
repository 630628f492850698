"""Bronze's layout: which file a record belongs to, what the file is called, and its bytes.

    events/dt=…/hour=…/env=…/event=…/part-<stream>-<first>-<end>[-k][-x<crc>].json.gz
    _bad/dt=…/hour=…/part-….json.gz      _meter/dt=…/hour=…/part-….json.gz

All of it is a function of the records alone: the same segment gives the same names with the same bytes. `-x<crc>` has what
was landed where other records already had its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from isal import isal_zlib

from rastup.core.errors import DamageFound

EVENTS, BAD, METER = "events", "bad", "meter"
UNDONE, DAMAGED = "undone", "damaged"
"""Kinds that only the ledger knows: events that were withdrawn; refused events whose file cannot be read."""
OTHER = "_other"
_LEVEL = 2
_GZIP = 31  # zlib's window size 15, plus 16 for a gzip header, whose time isal leaves at zero
_CHUNK_BYTES = 262_144
_INFLATE_ERRORS: tuple[type[Exception], ...] = (
    isal_zlib.IsalError,  # type: ignore[assignment]  # its stub says an instance
    EOFError,
    ValueError,
)
_CONFINED = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Partition:
    """One folder of Bronze. `env` and `event` are None outside of `events`."""

    kind: str
    dt: str
    hour: int
    env: str | None = None
    event: str | None = None

    @property
    def folder(self) -> str:
        """The folder relative to Bronze's root."""
        time = f"dt={self.dt}/hour={self.hour:02d}"
        if self.kind == EVENTS:
            return f"events/{time}/env={self.env}/event={self.event}"
        return f"_{self.kind}/{time}"


@dataclass(frozen=True)
class PackedFile:
    """A file ready to be stored: its key relative to Bronze's root and its compressed bytes."""

    key: str
    partition: Partition
    records: int
    data: bytes


def partition_of(record: Mapping[str, Any], fallback: datetime) -> Partition:
    """Where a spooled record belongs; `fallback` is its time when its own cannot be read."""
    if "_bad" in record:
        return _timed(BAD, record["_bad"].get("received_at"), fallback)
    if "_meter" in record:
        return _timed(METER, record["_meter"].get("received_at"), fallback)
    env = record["context"].get("env")
    return _events(
        _hour_of(record.get("received_at"), fallback), confined(env), confined(record.get("event"))
    )


def confined(value: object) -> str:
    """The value when it may be part of a path, else `_other`. Contracts allow no more; this holds if one ever does."""
    return value if isinstance(value, str) and _CONFINED.fullmatch(value) else OTHER


def pack(partition: Partition, lines: list[bytes], part: str, *, max_bytes: int) -> Iterator[PackedFile]:
    """Compresses record lines (without newlines) into as many files as `max_bytes` of compressed data ask for."""
    files = list(_compress(lines, max_bytes))
    for number, (records, data) in enumerate(files):
        suffix = f"-{number}" if len(files) > 1 else ""
        yield PackedFile(f"{partition.folder}/part-{part}{suffix}.json.gz", partition, records, data)


def unpack(data: bytes, key: str) -> list[bytes]:
    """The record lines of one Bronze file, without newlines.

    Raises:
        DamageFound: names the file; its bytes are no whole gzip file.
    """
    try:
        lines: list[bytes] = isal_zlib.decompress(data, wbits=_GZIP).split(b"\n")
    except _INFLATE_ERRORS as error:
        raise DamageFound(
            f"Bronze's file {key} fails its checksum ({error}). Put it back from a copy."
        ) from error
    return lines[:-1]


def _timed(kind: str, received_at: object, fallback: datetime) -> Partition:
    dt, hour = _hour_of(received_at, fallback)
    return Partition(kind, dt, hour)


@lru_cache(maxsize=4_096)
def _events(time: tuple[str, int], env: str, event: str) -> Partition:
    return Partition(EVENTS, *time, env, event)


def _hour_of(received_at: object, fallback: datetime) -> tuple[str, int]:
    if isinstance(received_at, str):
        if received_at.endswith("Z") and len(received_at) <= 30:
            found = _utc_hour(received_at[:13])
            if found:
                return found
        try:
            fallback = datetime.fromisoformat(received_at).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    return fallback.strftime("%Y-%m-%d"), fallback.hour


@lru_cache(maxsize=4_096)
def _utc_hour(prefix: str) -> tuple[str, int] | None:
    """Of `2026-11-06T15`; cached because records of one hour come together."""
    try:
        moment = datetime.strptime(prefix, "%Y-%m-%dT%H")
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%d"), moment.hour


def _compress(lines: Iterable[bytes], max_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Files of whole lines; one closes as soon as its compressed bytes reach `max_bytes`."""
    stream, done, records = isal_zlib.compressobj(_LEVEL, wbits=_GZIP), [], 0
    size = 0
    for chunk in _chunks(lines):
        done.append(stream.compress(b"\n".join(chunk) + b"\n"))
        records += len(chunk)
        size += len(done[-1])
        if size >= max_bytes:
            yield records, b"".join([*done, stream.flush()])
            stream, done, records, size = isal_zlib.compressobj(_LEVEL, wbits=_GZIP), [], 0, 0
    if records:
        yield records, b"".join([*done, stream.flush()])


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line) + 1
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
