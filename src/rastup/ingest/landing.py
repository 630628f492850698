"""Landing one segment: verify, partition, compress, store, note, delete. Killed anywhere, it does the same again."""

from __future__ import annotations

import os
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.errors import DamageFound
from rastup.core.ids import ulid, ulid_time_ms
from rastup.core.logs import get_logger
from rastup.ingest.spool.damage import DAMAGE, TORN, keep_aside
from rastup.ingest.spool.frames import Damage, Frame, read_frames
from rastup.ingest.spool.segments import Segment, mapped, sealed_path, sync_folder
from rastup.lake.bronze import PackedFile, Partition, pack, partition_of, unpack
from rastup.lake.ledger import LandedFile, insert_files
from rastup.lake.storage import ObjectStore

Steps = Callable[[str], None]
"""Called with the name of each step as it is done: `sealed`, `packed`, `stored`, `noted`, `removed`, `closed`."""

_log = get_logger(__name__)


def no_steps(_name: str) -> None:
    """Watches nothing."""


@dataclass(frozen=True)
class Landed:
    """What became of one segment."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    damaged: int = 0

    def __add__(self, other: Landed) -> Landed:
        return Landed(
            self.files + other.files,
            self.records + other.records,
            self.bytes + other.bytes,
            self.damaged + other.damaged,
        )


def seal_dead(root: Path, segment: Segment, steps: Steps = no_steps) -> Segment:
    """Seals the open segment of a dead writer (the caller holds its stream's lock), its torn tail cut aside."""
    tail: Damage | None = None
    with mapped(segment.path) as data:
        for found in read_frames(data, segment.first_offset):
            tail = found if isinstance(found, Damage) and found.at_end else None
        if tail:
            keep_aside(root, segment, tail, data[tail.start : tail.end], TORN)
    if tail:
        os.truncate(segment.path, tail.start)
    sealed = sealed_path(segment)
    segment.path.rename(sealed)
    sync_folder(sealed.parent)
    steps("sealed")
    return Segment(segment.stream, segment.first_offset, sealed, sealed=True)


def land_segment(
    root: Path,
    segment: Segment,
    store: ObjectStore,
    engine: Engine,
    *,
    file_max_bytes: int,
    steps: Steps = no_steps,
) -> Landed:
    """Lands one sealed segment of the spool at `root`.

    Raises:
        StoreUnavailable: the store or the state database is away; the segment is still there.
    """
    verified = _verify(root, segment)
    part = f"{segment.stream}-{segment.first_offset}-{verified.end_offset}"
    packed = [
        file
        for partition, lines in verified.partitions.items()
        for file in pack(partition, lines, part, max_bytes=file_max_bytes)
    ]
    steps("packed")
    stored = _store(store, packed)
    steps("stored")
    landed_at = rfc3339_ms(system_clock())
    insert_files(engine, [_row(file, segment, verified.end_offset, landed_at) for file in stored])
    steps("noted")
    segment.path.unlink()
    steps("removed")
    return Landed(
        len(stored),
        sum(file.records for file in stored),
        sum(len(file.data) for file in stored),
        verified.damaged,
    )


@dataclass(frozen=True)
class _Verified:
    partitions: dict[Partition, list[bytes]]
    end_offset: int
    damaged: int


def _verify(root: Path, segment: Segment) -> _Verified:
    """Reads every intact frame and keeps what is not one aside."""
    partitions: dict[Partition, list[bytes]] = {}
    end_offset, damaged = segment.first_offset, 0
    fallback = _stream_time(segment.stream)
    with mapped(segment.path) as data:
        for found in read_frames(data, segment.first_offset):
            if isinstance(found, Damage):
                keep_aside(root, segment, found, data[found.start : found.end], DAMAGE)
                damaged += 1
                continue
            end_offset = found.end
            for partition, line in _records(found, segment, fallback):
                lines = partitions.get(partition)
                if lines is None:
                    partitions[partition] = [line]
                else:
                    lines.append(line)
    return _Verified(partitions, end_offset, damaged)


def _records(frame: Frame, segment: Segment, fallback: datetime) -> Iterator[tuple[Partition, bytes]]:
    loads = orjson.loads
    lines = frame.body.split(b"\n")
    lines.pop()
    for number, line in enumerate(lines):
        try:
            partition = partition_of(loads(line), fallback)
        except (orjson.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
            # The checksum holds, so a writer wrote this: it goes where people look for what could not be read.
            line = _unreadable(line, segment, frame.offset + number, fallback, error)
            partition = partition_of(loads(line), fallback)
        yield partition, line


def _unreadable(line: bytes, segment: Segment, offset: int, at: datetime, error: Exception) -> bytes:
    place = f"{segment.stream}/{offset}".encode()
    tail = (zlib.crc32(place) << 48 | zlib.crc32(line) << 16).to_bytes(10, "big")
    bad = {
        "id": "bad_" + ulid(int(at.timestamp() * 1000), tail),
        "received_at": rfc3339_ms(at),
        "source": None,
        "env": None,
        "dialect": "domain",
        "event": None,
        "code": "EVENT_ENVELOPE_INVALID",
        "path": "$",
        "message": f"a spooled line is not a record ({type(error).__name__})",
        "raw": b64encode(line).decode(),
        "encoding": "base64",
    }
    return orjson.dumps({"_bad": bad})


def _stream_time(stream: str) -> datetime:
    """When the stream's writer started: inside the ULID that ends its name."""
    try:
        return datetime.fromtimestamp(ulid_time_ms(stream[-26:]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _store(store: ObjectStore, packed: list[PackedFile]) -> list[PackedFile]:
    """Stores what is not there yet. A name that is taken must hold the same records: an earlier try was killed."""
    by_key = {file.key: file for file in packed}
    for key in store.put_all((file.key, file.data) for file in packed):
        mine = by_key[key]
        if not _same_records(store.get(key), mine):
            other = key.removesuffix(".json.gz") + f"-x{zlib.crc32(mine.data):08x}.json.gz"
            _log.error("bronze file differs from its segment; stored beside it", file=key, beside=other)
            by_key[key] = PackedFile(other, mine.partition, mine.records, mine.data)
            store.put_if_absent(other, mine.data)
    return list(by_key.values())


def _same_records(stored: bytes, mine: PackedFile) -> bool:
    if stored == mine.data:
        return True
    try:
        return unpack(stored, mine.key) == unpack(mine.data, mine.key)  # another version of the compressor
    except DamageFound:
        return False


def _row(file: PackedFile, segment: Segment, end_offset: int, landed_at: str) -> LandedFile:
    where = file.partition
    return LandedFile(
        path=file.key,
        kind=where.kind,
        dt=where.dt,
        hour=where.hour,
        env=where.env,
        event=where.event,
        records=file.records,
        bytes=len(file.data),
        stream=segment.stream,
        first_offset=segment.first_offset,
        end_offset=end_offset,
        landed_at=landed_at,
    )
