"""A record as a message of a bus: its key, its bound, and whether what was read is a record at all."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from rastup.contracts.explanation import Finding
from rastup.core.clock import canonical_time, rfc3339_ms
from rastup.core.ids import ulid
from rastup.ingest.admission import ENVELOPE_INVALID, Stamp, quarantine_line
from rastup.ingest.quarantine.records import MARK, parse

_METER = b'{"_meter":'
_ENVELOPE_ROOM = 4_096
"""What the rest of a quarantined line may take beside its original bytes."""


def messages_of(data: bytes, max_bytes: int) -> Iterator[tuple[bytes, bytes]]:
    """Key and line, without its newline, of each record in newline-terminated lines.

    A quarantined line is cut to `max_bytes`. Any other that is longer stays whole, and the bus says that it refuses it: one
    that has no room for the largest event is not ready in the first place.
    """
    for line in data[:-1].split(b"\n"):
        is_cut = len(line) > max_bytes and line.startswith(MARK)
        yield key_of(line), _cut(line, max_bytes) if is_cut else line


def key_of(line: bytes) -> bytes:
    """What keeps its order: one device, one person where no device is known, else one source.

    The device comes first because it stays the same when its person signs in.
    """
    record = orjson.loads(line)
    if line.startswith((MARK, _METER)):
        record = record.get("_bad") or record["_meter"]
        return str(record.get("source")).encode()
    return str(record.get("anon_id") or record.get("user_id") or record["event_id"]).encode()


def _cut(line: bytes, max_bytes: int) -> bytes:
    """A quarantined line that no message can carry, with the beginning of its original bytes alone."""
    bad = orjson.loads(line)["_bad"]
    raw = base64.b64decode(bad["raw"]) if bad["encoding"] == "base64" else bad["raw"].encode()
    kept = raw[: max(0, max_bytes - _ENVELOPE_ROOM) * 3 // 4]
    message = bad["message"][:1_000]
    bad |= {
        "raw": base64.b64encode(kept).decode(),
        "encoding": "base64",
        "message": f"{message}; of its {len(raw)} bytes the bus carried the first {len(kept)}",
    }
    return orjson.dumps({"_bad": bad})


def line_of(message: bytes, place: str, at_ms: int) -> bytes:
    """The line of a message, newline included: what is no record becomes a quarantined one, and stops nothing.

    The same message gives the same line whenever it is read.

    Args:
        message: one record, without a newline.
        place: where on the bus it lies; tells two equal messages apart.
        at_ms: when the bus took it.
    """
    return message + b"\n" if is_record(message) else _poison(message, place, at_ms)


def is_record(line: bytes) -> bool:
    """Whether a line is what a collector writes, as far as landing and every view rely on it."""
    try:
        record = orjson.loads(line)
        if b"\n" in line:  # JSON may hold newlines between its parts, a line of the spool may not
            return False
        if "_bad" in record:
            found, _ = parse([line])
            return bool(found)
        if "_meter" in record:
            return _is_time(record["_meter"]["received_at"])
        context = record["context"]
        return (
            "_frame" not in record
            and _is_text(record["event_id"], record["event"], context["env"], record["occurred_at"])
            and isinstance(record["payload"], dict)
            and _is_time(record["received_at"])
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return False


def _poison(line: bytes, place: str, at_ms: int) -> bytes:
    """The quarantined record of a message that is none."""
    tail = (zlib.crc32(place.encode()) << 48 | zlib.crc32(line) << 16).to_bytes(10, "big")
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return quarantine_line(
        line,
        Finding(ENVELOPE_INVALID, "$", f"a message on the bus is not a collector's record ({place})"),
        Stamp(rfc3339_ms(at), "unknown", "bus"),
        dialect="domain",
        event=None,
        bad_id="bad_" + ulid(at_ms, tail),
    )


def _is_text(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_time(value: object) -> bool:
    return isinstance(value, str) and canonical_time(value) == value
