"""Lines of NDJSON files, plain, gzip or Zstandard, told apart by their first bytes; no line is held beyond a bound."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from isal import igzip
from isal.igzip_lib import IsalError

from rastup.core.errors import UsageError

LINE_MAX_BYTES = 1_000_000
_BLOCK_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"
INFLATE_ERROR: type[Exception] = IsalError  # type: ignore[assignment]  # its stub says an instance
_BROKEN: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, INFLATE_ERROR)


def read_lines(path: Path, on_bytes: Callable[[int], None] = lambda _position: None) -> Iterator[list[bytes]]:
    """The file's lines without their newlines, a block at a time; of a longer line than a megabyte the first megabyte.

    Args:
        path: the file.
        on_bytes: told now and then how many bytes of the file (as it lies there) have been read.

    Raises:
        UsageError: the file is not there, not readable, or its compression is damaged or cut off.
    """
    try:
        with path.open("rb") as file:
            yield from _blocks(_inflated(file), lambda: on_bytes(file.tell()))
    except _BROKEN as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise UsageError(
            f"{path}: {reason}. Lines before that were read; mend the file and import it again: nothing counts twice."
        ) from error


def _inflated(file: IO[bytes]) -> Iterator[bytes]:
    magic = file.read(4)
    file.seek(0)
    stream: Any = file
    if magic[:2] == b"\x1f\x8b":
        gzip: Any = igzip
        stream = gzip.IGzipFile(fileobj=file, mode="rb")
    elif magic == b"\x28\xb5\x2f\xfd":
        # Of zstandard's own readers one knows no bound, and the other takes a file that is cut off for a whole one.
        import pyarrow as pa

        stream = pa.input_stream(file, compression="zstd")
    return iter(lambda: stream.read(_BLOCK_BYTES), b"")


def _blocks(blocks: Iterator[bytes], on_block: Callable[[], None]) -> Iterator[list[bytes]]:
    rest, is_first = b"", True
    for block in blocks:
        if is_first:
            block, is_first = block.removeprefix(_BOM), False
        lines = block.split(b"\n")
        lines[0] = rest + lines[0]
        # The unfinished line; beyond the bound only that it is too long matters, so its end is dropped.
        rest = lines.pop()[: LINE_MAX_BYTES + 1]
        on_block()
        yield lines
    if rest:
        yield [rest]
