"""Segments and streams: the names of the spool's files, and which of them exist now.

`<spool>/<stream>/<first offset, 16 digits>.open.ndjson` while it is written, `….ndjson` once it is sealed. A stream
belongs to one writing process, which holds `<stream>/lock` as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

LOCK = "lock"
DAMAGED = "_damaged"
OPEN_SUFFIX = ".open.ndjson"
SEALED_SUFFIX = ".ndjson"
_NAME = re.compile(r"(\d{16})(\.open)?\.ndjson")


@dataclass(frozen=True, order=True)
class Segment:
    """One segment file. Segments of one stream sort by their offsets."""

    stream: str
    first_offset: int
    path: Path
    sealed: bool


def segment_name(first_offset: int, *, sealed: bool) -> str:
    """The file name of the segment that starts at `first_offset`."""
    return f"{first_offset:016d}{SEALED_SUFFIX if sealed else OPEN_SUFFIX}"


def sealed_path(segment: Segment) -> Path:
    """Where a segment is once it is sealed."""
    return segment.path.with_name(segment_name(segment.first_offset, sealed=True))


def list_streams(root: Path) -> list[Path]:
    """The folders of all streams of the spool, sorted by name."""
    try:
        with os.scandir(root) as entries:
            found = [e.path for e in entries if e.name[0] not in "._" and e.is_dir()]
    except FileNotFoundError:
        return []
    return [Path(path) for path in sorted(found)]


def list_segments(root: Path) -> list[Segment]:
    """Every un-landed segment of the spool at `root`, by stream and offset."""
    return [segment for stream in list_streams(root) for segment in stream_segments(stream)]


def stream_segments(folder: Path) -> list[Segment]:
    """The segments of one stream, by offset."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:  # the stream was drained and removed while we looked
        return []
    found = ((name, _NAME.fullmatch(name)) for name in names)
    return sorted(
        Segment(folder.name, int(match[1]), folder / name, sealed=not match[2])
        for name, match in found
        if match
    )


def measure(root: Path) -> int:
    """Bytes of all segments of the spool at `root`."""
    return sum(_sizes(root))


def _sizes(root: Path) -> Iterator[int]:
    for stream in list_streams(root):
        try:
            with os.scandir(stream) as entries:
                for entry in entries:
                    try:
                        yield entry.stat().st_size
                    except FileNotFoundError:  # landed while we looked
                        continue
        except FileNotFoundError:
            continue


def try_lock(stream: Path) -> int | None:
    """Takes the lock of a stream whose writer has died; None while the writer lives. Close the descriptor to let go."""
    try:
        fd = os.open(stream / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def opened(segment: Segment) -> BinaryIO:
    """The segment's file, for who does not hold its stream's lock.

    Raises:
        FileNotFoundError: it has landed.
    """
    try:
        return segment.path.open("rb")
    except FileNotFoundError:  # sealed since it was listed
        return sealed_path(segment).open("rb")


@contextmanager
def mapped(path: Path) -> Iterator[mmap | bytes]:
    """The file's bytes as they are now, without reading them into memory. For who alone may change it."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:  # an empty file cannot be mapped
            yield b""
            return
        with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            yield data


def sync_folder(path: Path) -> None:
    """Makes created, renamed and removed names in the folder durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
