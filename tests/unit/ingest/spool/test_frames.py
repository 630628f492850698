"""Frames: what is intact is read, what is not is told, nothing is made up."""

from __future__ import annotations

import io
import json
import zlib
from typing import ClassVar
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.ingest.spool import frames
from rastup.ingest.spool.frames import Damage, Frame, frame_header, read_frames, read_frames_back

LINES = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3).map(
        lambda d: json.dumps(d).encode()
    ),
    min_size=1,
    max_size=4,
)


def segment_of(groups: list[list[bytes]], first_offset: int = 0) -> bytes:
    data, offset = b"", first_offset
    for lines in groups:
        body = b"".join(line + b"\n" for line in lines)
        data += frame_header(offset, len(lines), body) + body
        offset += len(lines)
    return data


def frames_of(data: bytes, first_offset: int = 0) -> list[Frame]:
    return [found for found in read_frames(data, first_offset) if isinstance(found, Frame)]


def test_header_is_a_json_line_with_zlibs_checksum() -> None:
    body = b'{"a":1}\n{"a":2}\n'
    header = frame_header(1200, 2, body)
    assert header.endswith(b"\n")
    assert json.loads(header) == {
        "_frame": {"offset": 1200, "records": 2, "bytes": len(body), "crc": f"{zlib.crc32(body):08x}"}
    }


@given(st.lists(LINES, max_size=6), st.integers(0, 10**12))
def test_reads_back_what_was_written(groups: list[list[bytes]], first_offset: int) -> None:
    found = list(read_frames(segment_of(groups, first_offset), first_offset))
    assert all(isinstance(frame, Frame) for frame in found)
    assert [frame.body.splitlines() for frame in found if isinstance(frame, Frame)] == groups
    offsets = [frame.offset for frame in found if isinstance(frame, Frame)]
    assert offsets == [first_offset + sum(map(len, groups[:i])) for i in range(len(groups))]


@given(st.lists(LINES, max_size=6), st.binary(max_size=80), st.binary(max_size=80), st.integers(1, 300))
def test_backwards_is_forwards_reversed_whatever_the_pieces_and_what_lies_between(
    groups: list[list[bytes]], between: bytes, torn: bytes, piece: int
) -> None:
    data = segment_of(groups) + between + b"\n" + segment_of(groups, sum(map(len, groups))) + torn
    with mock.patch.object(frames, "_PIECE_BYTES", piece):
        found = [frame.body for frame in read_frames_back(io.BytesIO(data))]
    assert found == [frame.body for frame in frames_of(data)][::-1]


def test_backwards_holds_little_at_once_and_reads_no_more_than_is_asked_for() -> None:
    class Watched(io.BytesIO):
        sizes: ClassVar[list[int]] = []

        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            self.sizes.append(len(found))
            return found

    data = segment_of([[b'{"n":%06d,"x":"%s"}' % (n, b"x" * 9_000)] for n in range(1_000)])
    found = read_frames_back(Watched(data))
    assert next(found).offset == 999 and sum(Watched.sizes) < 1_000_000
    assert sum(1 for _ in found) == 999
    assert max(Watched.sizes) < 1_000_000 < sum(Watched.sizes) < 1.1 * len(data)


def test_what_is_cut_back_while_it_is_read_backwards_is_passed_over() -> None:
    data = segment_of([[b'{"n":%06d,"x":"%s"}' % (n, b"x" * 9_000)] for n in range(100)])
    file = io.BytesIO(data)
    found = read_frames_back(file)
    assert next(found).offset == 99
    file.truncate(len(data) // 4)
    rest = [frame.offset for frame in found]
    assert rest == sorted(rest, reverse=True) and rest[-24:] == list(range(23, -1, -1))


@given(st.lists(LINES, min_size=1, max_size=5), st.data())
def test_torn_tail_is_the_end_and_costs_no_whole_frame(
    groups: list[list[bytes]], data: st.DataObject
) -> None:
    whole = segment_of(groups)
    cut = data.draw(st.integers(0, len(whole)))
    found = list(read_frames(whole[:cut], 0))
    complete = [
        frame for frame in frames_of(whole) if len(segment_of(groups[: _index(groups, frame)])) <= cut
    ]
    assert [frame for frame in found if isinstance(frame, Frame)] == complete
    damages = [item for item in found if isinstance(item, Damage)]
    assert all(item.at_end and item.end == cut for item in damages)
    assert len(damages) == (cut != len(segment_of(groups[: len(complete)])))


def _index(groups: list[list[bytes]], frame: Frame) -> int:
    return next(i for i in range(len(groups) + 1) if sum(map(len, groups[:i])) == frame.end)


def test_every_flipped_byte_costs_at_most_its_frame_and_invents_nothing() -> None:
    groups = [[b'{"n":%d,"x":"{\\"_frame\\":"}' % i for i in range(g, g + 2)] for g in range(0, 8, 2)]
    data = segment_of(groups)
    bodies = [frame.body for frame in frames_of(data)]
    starts = [len(segment_of(groups[:i])) for i in range(len(groups) + 1)]
    for position in range(len(data)):
        for mask in (0x01, 0x80, 0xFF):
            broken = bytearray(data)
            broken[position] ^= mask
            found = list(read_frames(bytes(broken), 0))
            frames = [item for item in found if isinstance(item, Frame)]
            hit = next(i for i in range(len(groups)) if starts[i] <= position < starts[i + 1])
            survivors = bodies[:hit] + bodies[hit + 1 :]
            got = [frame.body for frame in frames]
            assert got in (survivors, bodies), (position, mask)
            assert any(isinstance(item, Damage) for item in found), (position, mask)
            assert all(frame.offset == bodies.index(frame.body) * 2 for frame in frames), (position, mask)


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_garbage_holds_no_frame_and_is_covered_by_one_damage(data: bytes) -> None:
    found = list(read_frames(data, 0))
    assert not any(isinstance(item, Frame) for item in found)
    assert [(item.start, item.end) for item in found if isinstance(item, Damage)] == [(0, len(data))] * bool(
        data
    )


@given(st.lists(LINES, min_size=3, max_size=5), st.binary(max_size=60))
def test_every_byte_is_in_a_frame_or_in_a_damage(groups: list[list[bytes]], junk: bytes) -> None:
    data = segment_of(groups[:1]) + junk + segment_of(groups[1:], len(groups[0]))
    found = list(read_frames(data, 0))
    kept = sum(item.end - item.start for item in found if isinstance(item, Damage))
    framed = sum(
        len(frame_header(item.offset, item.records, item.body)) + len(item.body)
        for item in found
        if isinstance(item, Frame)
    )
    assert kept + framed == len(data)
    assert [frame.body.splitlines() for frame in found if isinstance(frame, Frame)] == groups


def test_a_frame_inside_a_record_is_not_a_frame() -> None:
    inner = frame_header(0, 1, b"{}\n")[:-1]
    data = segment_of([[b'{"a":' + inner + b"}"], [b'{"b":1}']])
    assert [frame.body for frame in read_frames_back(io.BytesIO(data))] == [
        b'{"b":1}\n',
        b'{"a":' + inner + b"}\n",
    ]
