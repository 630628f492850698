"""Request bodies: inflated within a bound, then parsed into records that remember their original bytes."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard
from isal import isal_zlib

from rastup.core.errors import Rejected
from rastup.ingest.admission import TOO_LARGE
from rastup.ingest.lines import INFLATE_ERROR

NOT_JSON = "EVENT_ENVELOPE_INVALID"
MOST_MEMBERS = 100
"""Of one body: each costs a copy of what follows it."""
ZSTD_MAX_WINDOW = 8 * 1024 * 1024
_STRUCTURE = re.compile(rb'[\[\]{},]|"(?:[^"\\]|\\.)*"', re.S)
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Parsed:
    """The records of a body. `broken` holds lines of NDJSON that are not JSON: place, bytes, why.

    `places` are the records' own places among the lines, when there are broken ones between them.
    """

    records: list[Any]
    broken: list[tuple[int, bytes, str]]
    raw_of: Callable[[int], bytes]
    places: list[int] | None = None


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its content encoding.

    Raises:
        Rejected: 415 for an encoding we do not know, 413 beyond `limit` bytes (noticed while inflating), 400 for
            bytes that are not of the encoding.
    """
    if encoding in ("", "identity"):
        return body
    try:
        inflater = _INFLATERS[encoding.strip().lower()]
    except KeyError:
        allowed = "identity, gzip, zstd, deflate"
        raise Rejected(
            415, NOT_JSON, f"Content-Encoding {encoding[:40]!r} is not supported; use one of {allowed}."
        ) from None
    try:
        plain = inflater(body, limit + 1)
    except (zlib.error, INFLATE_ERROR, zstandard.ZstdError, EOFError) as error:
        raise Rejected(
            400, NOT_JSON, f"The body is not complete {encoding[:40]}: {str(error)[:120]}."
        ) from error
    if len(plain) > limit:
        raise too_large(limit)
    return plain


def too_large(limit: int) -> Rejected:
    """The refusal of a body beyond its bound."""
    return Rejected(
        413, TOO_LARGE, f"The body is larger than {limit} bytes after inflation; send smaller batches."
    )


def parse(body: bytes, *, is_ndjson: bool, max_events: int) -> Parsed:
    """One object, an array, or NDJSON.

    Raises:
        Rejected: 400 with the byte position where JSON ends to be JSON; 413 for too many events.
    """
    if body.startswith(_BOM):
        body = body[3:]
    if is_ndjson:
        return _lines(body, max_events)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        # Several lines of JSON are NDJSON whatever the content type says.
        if _may_be_lines(body) and (lines := _lines(body, max_events)).records and _has_object(lines):
            return lines
        raise _not_json(body, error) from error
    if isinstance(document, list):
        if len(document) > max_events:
            raise too_many(len(document), max_events)
        return Parsed(document, [], _ArrayBytes(body).__getitem__)
    return Parsed([document], [], lambda _: body)


def _may_be_lines(body: bytes) -> bool:
    """Several lines, and no array that was cut off."""
    trimmed = body.strip()
    return b"\n" in trimmed and not trimmed.startswith(b"[")


def _has_object(parsed: Parsed) -> bool:
    return any(isinstance(record, dict) for record in parsed.records)


def _lines(body: bytes, max_events: int) -> Parsed:
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > max_events:
        raise too_many(len(lines), max_events)
    records: list[Any] = []
    broken: list[tuple[int, bytes, str]] = []
    whole: list[bytes] = []
    places: list[int] = []
    for index, line in enumerate(lines):
        try:
            records.append(orjson.loads(line))
            whole.append(line)
            places.append(index)
        except orjson.JSONDecodeError as error:
            broken.append((index, line, f"not JSON: {error.msg} at byte {error.pos}"))
    if not records:
        try:
            orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise _not_json(body, error) from error
        raise Rejected(
            400, NOT_JSON, "The body is empty; send one event, an array of events, or NDJSON.", position=0
        )
    return Parsed(records, broken, whole.__getitem__, places if broken else None)


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> Rejected:
    if not body.strip():
        return Rejected(
            400, NOT_JSON, "The body is empty; send one event, an array of events, or NDJSON.", position=0
        )
    # orjson counts characters; a client counts bytes.
    position = len(error.doc[: error.pos].encode("utf-8", "replace")) if error.doc else error.pos
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        position = wrong.start
    return Rejected(
        400, NOT_JSON, f"The body is not JSON: {error.msg[:120]} (byte {position}).", position=position
    )


def too_many(count: int, limit: int) -> Rejected:
    """The refusal of a request with more events than one may have."""
    return Rejected(
        413, TOO_LARGE, f"The request has {count} events; at most {limit} are taken. Send smaller batches."
    )


class _ArrayBytes:
    """The original bytes of each element of a JSON array; found only when somebody asks, for the few that are refused."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._spans: list[bytes] | None = None

    def __getitem__(self, index: int) -> bytes:
        if self._spans is None:
            self._spans = self._find()
        return self._spans[index]

    def _find(self) -> list[bytes]:
        # By brackets and strings alone: JSON it is already, and a parser may be led deeper than it can go.
        spans: list[bytes] = []
        depth, start = 0, 0
        for token in _STRUCTURE.finditer(self._body):
            mark = token.group()
            if mark in (b"[", b"{"):
                depth += 1
                start = token.end() if depth == 1 else start
            elif mark in (b"]", b"}"):
                depth -= 1
            if (depth == 1 and mark == b",") or depth == 0:
                if element := self._body[start : token.start()].strip():
                    spans.append(element)
                start = token.end()
            if depth == 0:
                break
        return spans


def _gunzip(body: bytes, limit: int) -> bytes:
    plain = b""
    for _ in range(MOST_MEMBERS):
        one = isal_zlib.decompressobj(wbits=31)
        plain += one.decompress(body, limit - len(plain))
        if len(plain) >= limit:
            return plain
        if not one.eof:
            raise EOFError("it ends too early")
        body = one.unused_data
        if not body:
            return plain
    raise EOFError(f"it has more than {MOST_MEMBERS} parts")


def _zlib(body: bytes, limit: int) -> bytes:
    # Clients say `deflate` for zlib streams, as HTTP has it, and for raw deflate.
    wbits = 15 if len(body) >= 2 and (body[0] & 15) == 8 and (body[0] << 8 | body[1]) % 31 == 0 else -15
    one = isal_zlib.decompressobj(wbits=wbits)
    plain = one.decompress(body, limit)
    if len(plain) < limit and not one.eof:
        raise EOFError("it ends too early")
    return plain


def _unzstd(body: bytes, limit: int) -> bytes:
    context = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW)
    with context.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        plain = reader.read(limit)
    if len(plain) < limit and not _is_whole_zstd(body):
        raise EOFError("it ends too early")
    return plain


def _is_whole_zstd(body: bytes) -> bool:
    # The stream reader ends quietly on a cut stream; the object that inflates one frame at a time knows.
    for _ in range(MOST_MEMBERS):
        one = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW).decompressobj()
        one.decompress(body)
        if not one.eof:
            return False
        body = one.unused_data
        if not body:
            return True
    raise EOFError(f"it has more than {MOST_MEMBERS} parts")


_INFLATERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _zlib,
    "zstd": _unzstd,
}
