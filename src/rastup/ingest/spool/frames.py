"""Frames: one group commit as bytes, and reading them back without believing any byte that is not proven.

{"_frame":{"offset":1200,"records":3,"bytes":1410,"crc":"9ab0c1d2"}}
three record lines, 1410 bytes with their newlines
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from os import SEEK_END
from typing import BinaryIO

from isal.isal_zlib import crc32

MARK = b'{"_frame":'
_HEADER = re.compile(
    rb'\{"_frame":\{"offset":(\d{1,18}),"records":(\d{1,12}),"bytes":(\d{1,12}),"crc":"([0-9a-f]{8})"\}\}\n'
)
_HEADER_MAX_BYTES = 128
_NEWLINE = 0x0A
_PIECE_BYTES = 256_000
"""Read at once from the end of a file; more where that does not hold a whole frame."""


def frame_header(offset: int, records: int, body: bytes) -> bytes:
    """The header line of a frame whose record lines are `body`."""
    return b'{"_frame":{"offset":%d,"records":%d,"bytes":%d,"crc":"%08x"}}\n' % (
        offset,
        records,
        len(body),
        crc32(body),
    )


@dataclass(frozen=True)
class Frame:
    """An intact frame: `body` are its record lines, `offset` that of the first one."""

    offset: int
    records: int
    body: bytes

    @property
    def end(self) -> int:
        """The offset after the last record."""
        return self.offset + self.records


@dataclass(frozen=True)
class Damage:
    """A stretch `[start, end)` of the file that is not an intact frame. `at_end`: nothing intact follows it."""

    start: int
    end: int
    reason: str
    at_end: bool


def read_frames(data: bytes | mmap, first_offset: int) -> Iterator[Frame | Damage]:
    """Every intact frame of a segment, and what lies between them.

    After damage it goes on at the next frame that proves intact. The checksum covers the records alone, so a header's
    offset is believed only where the frames before it leave it open.
    """
    position, expected, start_of_damage, reason = 0, first_offset, -1, ""
    size = len(data)
    while position < size:
        found = _frame_at(data, position)
        if isinstance(found, str):
            if start_of_damage < 0:
                start_of_damage, reason = position, found
            position = _next_mark(data, position + 1)
            continue
        frame, end = found
        if start_of_damage >= 0:
            yield Damage(start_of_damage, position, reason, at_end=False)
            frame = Frame(max(frame.offset, expected), frame.records, frame.body)
            start_of_damage = -1
        elif frame.offset != expected:
            header_end = end - len(frame.body)
            yield Damage(
                position, header_end, f"offset {frame.offset} where {expected} was due", at_end=False
            )
            frame = Frame(expected, frame.records, frame.body)
        yield frame
        position, expected = end, frame.end
    if start_of_damage >= 0:
        yield Damage(start_of_damage, size, reason, at_end=True)


def _frame_at(data: bytes | mmap, position: int) -> tuple[Frame, int] | str:
    """The intact frame that starts at `position` and where it ends, or what is wrong with it."""
    header = _HEADER.match(data[position : position + _HEADER_MAX_BYTES])
    if header is None:
        return "no frame header"
    offset, records, length = int(header[1]), int(header[2]), int(header[3])
    start = position + header.end()
    end = start + length
    if end > len(data):
        return "the frame ends before its last byte"
    body = data[start:end]
    if crc32(body) != int(header[4], 16):
        return "the checksum does not match"
    if body.count(b"\n") != records or (records and body[-1:] != b"\n"):
        return "the number of records does not match"
    return Frame(offset, records, body), end


def _next_mark(data: bytes | mmap, start: int) -> int:
    at = data.find(MARK, start)
    return len(data) if at < 0 else at


def read_frames_back(file: BinaryIO) -> Iterator[Frame]:
    """The intact frames of a segment as its file is now, newest first; what is not one is passed over.

    Reads no more than is asked for, in pieces and into memory: its writer may cut the file back, and a page that is mapped
    and gone kills who reads it.
    """
    end, piece = file.seek(0, SEEK_END), _PIECE_BYTES
    while end > 0:
        start = file.seek(max(0, end - piece))
        first = None
        for position, frame in _placed_back(file.read(end - start)):
            yield frame
            first = position
        if first is not None:
            end = start + first
        elif start > 0:
            piece *= 2
        else:
            return


def _placed_back(data: bytes) -> Iterator[tuple[int, Frame]]:
    """The intact frames, newest first, each with where it begins."""
    end = len(data)
    while (position := data.rfind(MARK, 0, end)) >= 0:
        found = _frame_at(data, position) if position == 0 or data[position - 1] == _NEWLINE else ""
        if not isinstance(found, str):
            yield position, found[0]
        end = position
