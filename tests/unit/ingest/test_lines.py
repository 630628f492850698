"""Files of lines: all of them whatever they are packed in, in bounded pieces, and never a part for the whole."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from rastup.core.errors import UsageError
from rastup.ingest.lines import read_lines

LINES = [b'{"n":%d}' % number for number in range(50_000)]
TEXT = b"\n".join(LINES) + b"\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstandard": zstandard.compress,
}


def read(path: Path) -> list[bytes]:
    return [line for lines in read_lines(path) for line in lines]


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_every_line_is_read_of_one_part_and_of_several(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "events"
    path.write_bytes(pack(TEXT))
    assert read(path) == LINES
    path.write_bytes(pack(TEXT) + pack(b"") + pack(b"last"))
    assert read(path) == [*LINES, b"last"]


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_what_unpacks_to_much_comes_in_pieces(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "events"
    path.write_bytes(pack((b"x" * 99 + b"\n") * 300_000))
    pieces = [sum(map(len, lines)) for lines in read_lines(path)]
    assert sum(pieces) == 99 * 300_000
    assert max(pieces) <= 2_000_000


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("missing", [1, 3, 1_000])
@pytest.mark.parametrize("parts", [1, 2])
def test_a_file_that_is_cut_off_is_no_whole_one(
    tmp_path: Path, pack: Callable[[bytes], bytes], missing: int, parts: int
) -> None:
    path = tmp_path / "events"
    path.write_bytes((pack(TEXT) * parts)[:-missing])
    with pytest.raises(UsageError, match=r"events: .*mend the file and import it again"):
        read(path)
