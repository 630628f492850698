"""Admission: one record in the domain dialect becomes the line that Bronze will hold, or a finding that says why not.

The same for a request, an import and a replay. This is the hot path: at 200,000 events a second each line of `admit` that
every record passes costs a fifth of a percent of a core; what few records need is in a function of its own.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from rastup.contracts.explanation import Finding
from rastup.contracts.validation import Compiled, Record, Validator
from rastup.core.clock import epoch_ms
from rastup.core.ids import derive_event_id, new_event_id
from rastup.ingest.redaction import Redaction, Redactor

TOO_LARGE = "EVENT_TOO_LARGE"
ENVELOPE_INVALID = "EVENT_ENVELOPE_INVALID"
FIRST_DAY, LAST_DAY = "0001-01-02", "9999-12-30"
"""Between these every reader of the lake can show a time, in any time zone."""
SERVER_FIELDS_BYTES = 160
"""What the server's own fields may add to an event; they do not count against the sender's limit."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the server knows of a request: its time (RFC 3339), and the environment and source of its key."""

    received_at: str
    env: str
    source: str


class Admission:
    """Turns records into lines.

    Args:
        validator: of the contracts.
        max_event_bytes: largest event.
        max_depth: deepest nesting of an event, the event itself counted.
    """

    def __init__(self, validator: Validator, *, max_event_bytes: int = 32_768, max_depth: int = 32) -> None:
        self._validator = validator
        self._compiled = validator.compiled
        self._harmless = validator.harmless
        prose, codes = Redactor(), Redactor(are_codes=True)
        self._prose, self._codes = prose, codes
        self._closed_parts = (
            ("device", codes),
            ("app", codes),
            ("page", prose),
            ("campaign", codes),
            ("geo", codes),
        )
        self._max_line = max_event_bytes + SERVER_FIELDS_BYTES
        self._max_event_bytes = max_event_bytes
        self._max_depth = max_depth

    def admit_plain(self, record: Any, stamp: Stamp) -> bytes | Finding:
        """As `admit`, and sooner: for a record from bytes of which `is_plain_text` holds, with no flags to set."""
        try:
            compiled = self._compiled[record["event"], record["v"]]
            is_plain = compiled.is_plain
            if is_plain is not None and is_plain(record) and self._is_clean(compiled, record):
                if "event_id" not in record:
                    record["event_id"] = _derived_id(record, stamp.env)
                line = self._stamped(record, stamp)
                return line if len(line) <= self._max_line else self._too_large(line)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            pass  # not compiled yet, no good record, or null where an object may be: `admit` says which
        return self.admit(record, stamp)

    def admit(
        self, record: Any, stamp: Stamp, extra_flags: Mapping[str, Any] | None = None
    ) -> bytes | Finding:
        """The canonical line of a record, newline included, or why it is refused. Changes `record` to it.

        Args:
            record: in the domain dialect.
            stamp: of its request.
            extra_flags: for its `schema_flags`.
        """
        try:
            if (finding := self._validator.check(record)) is not None:
                return finding
        except (ValueError, RecursionError):  # nested beyond what the validator converts
            return self.too_deep()
        if not _is_time(record["occurred_at"]):
            return Finding(
                ENVELOPE_INVALID, "$.occurred_at", "expected an RFC 3339 date-time that a calendar has"
            )
        compiled = self._compiled[record["event"], record["v"]]
        try:
            if "event_id" not in record:
                record["event_id"] = _derived_id(record, stamp.env)
            self._flag(record, compiled, extra_flags)
            return self._look_closer(record, self._stamped(record, stamp))
        except RecursionError:  # beyond what the redactor looks into
            return self.too_deep()
        except orjson.JSONEncodeError:  # beyond what is written as JSON
            if _depth(record) > self._max_depth:
                return self.too_deep()
            raise

    @staticmethod
    def _stamped(record: Record, stamp: Stamp) -> bytes:
        """The line of a record, with what the server knows in it."""
        record["received_at"] = stamp.received_at
        context = record["context"]
        context["env"] = stamp.env
        context["source"] = stamp.source
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)

    def _is_clean(self, compiled: Compiled, record: Record) -> bool:
        """Whether nothing that people wrote, no text of an open part and no name in one is or may hide personal data."""
        prose, payload, context = self._prose, record["payload"], record["context"]
        if len(context) > 1 and not self._is_clean_object(context):  # one is the role, which has to be there
            return False
        for part, redactor in self._closed_parts:
            if part in record:
                values = record[part].values()
                if not redactor.clean.issuperset(values) and not redactor.is_clean(values):
                    return False
        for name in compiled.flat_fields:
            if name in payload and not self._is_clean_object(payload[name]):
                return False
        for name in compiled.free_text:
            if name in payload and not _is_clean_text(payload[name]):
                return False
        return "city" not in record or record["city"] in prose.clean or prose.is_clean([record["city"]])

    def _is_clean_object(self, part: Record) -> bool:
        """Whether no name and no scalar of an object may hide anything."""
        prose, values = self._prose, part.values()
        return (
            self._harmless.issuperset(part)
            and (prose.clean.issuperset(part) or prose.is_clean(part))
            and (prose.clean.issuperset(values) or prose.is_clean(values))
        )

    def _flag(self, record: Record, compiled: Compiled, extra_flags: Mapping[str, Any] | None) -> None:
        """Redacts what people wrote and every part that the contract leaves open, and notes it in `schema_flags`."""
        flags: dict[str, Any] = dict(extra_flags) if extra_flags else {}
        redaction = Redaction()
        payload, prose = record["payload"], self._prose
        for name in compiled.free_text:
            if name in payload:
                payload[name] = redaction.everywhere(payload[name])
        for name in compiled.open_fields:
            if name in payload:
                payload[name] = prose.redacted(payload[name], redaction)
        if unknown := payload.keys() - compiled.known:
            payload.update(prose.redacted({name: payload.pop(name) for name in sorted(unknown)}, redaction))
            flags["unknown"] = self._validator.unknown_fields(record)
        for part in ("context", "page", "city"):
            if part in record:
                record[part] = prose.redacted(record[part], redaction)
        for part in ("device", "app", "campaign", "geo"):
            if part in record:
                record[part] = self._codes.redacted(record[part], redaction)
        self._redact_ids(record["ids"], compiled, redaction)
        _note(record, flags, redaction.counts)

    def _redact_ids(self, ids: dict[str, str], compiled: Compiled, redaction: Redaction) -> None:
        names = sorted(ids.keys() - compiled.ids)
        values = [self._redacted_id(ids.pop(name), redaction) for name in names]
        ids.update(zip(self._prose.redacted(dict.fromkeys(names), redaction), values, strict=True))

    def _redacted_id(self, value: str, redaction: Redaction) -> str:
        of_id = Redaction()
        self._codes.redacted(value, of_id)
        for kind in of_id.counts:
            redaction.count(kind)
        # All of it goes, as `[kind]` is not of an id's form.
        return "redacted:" + "-".join(sorted(of_id.counts)) if of_id.counts else value

    def _look_closer(self, record: Record, line: bytes) -> bytes | Finding:
        """What few lines need: size, depth, NUL, and e-mail addresses wherever an `@` was seen, ids included."""
        if len(line) > self._max_line:
            return self._too_large(line)
        if _depth(record) > self._max_depth:
            return self.too_deep()
        if b"\\u0000" in line and _has_nul(record):
            return Finding("EVENT_SCHEMA_INVALID", "$", "a NUL character is not text")
        if b"@" in line:
            redaction = Redaction()
            record["payload"] = redaction.emails(record["payload"])
            if redaction.counts:
                _note(record, {}, redaction.counts)
                return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        return line

    def _too_large(self, line: bytes) -> Finding:
        size = len(line) - SERVER_FIELDS_BYTES
        return Finding(TOO_LARGE, "$", f"expected at most {self._max_event_bytes} bytes, got about {size}")

    def too_deep(self) -> Finding:
        """The finding of an event that is nested too deep, or so deep that nobody can look into it."""
        return Finding(TOO_LARGE, "$", f"expected at most {self._max_depth} levels of nesting")


def is_plain_text(body: bytes) -> bool:
    """Whether no text in a body holds an address or a NUL: neither `@` nor an escape that stands for one is in it."""
    # Most bodies have no escape at all, and a single byte is looked for thirty times as fast as two.
    return b"@" not in body and (b"\\" not in body or b"\\u" not in body)


def _is_clean_text(value: Any) -> bool:
    redaction = Redaction()
    redaction.everywhere(value)
    return not (redaction.counts or redaction.needed_close_reading)


def quarantine_line(
    raw: bytes, finding: Finding, stamp: Stamp, *, dialect: str, event: Any, bad_id: str | None = None
) -> bytes:
    """The `_bad` line of a refused event: its original bytes and why it was refused."""
    try:
        text, encoding = raw.decode(), "utf8"
    except UnicodeDecodeError:
        text, encoding = base64.b64encode(raw).decode(), "base64"
    bad = {
        "id": bad_id or "bad_" + new_event_id(epoch_ms(stamp.received_at)).removeprefix("evt_"),
        "received_at": stamp.received_at,
        "source": stamp.source,
        "env": stamp.env,
        "dialect": dialect,
        "event": event[:128] if isinstance(event, str) else None,
        "code": finding.code,
        "path": finding.path,
        "message": finding.message,
        "raw": text,
        "encoding": encoding,
    }
    return orjson.dumps({"_bad": bad}, option=orjson.OPT_APPEND_NEWLINE)


def _note(record: Record, flags: dict[str, Any], counts: dict[str, int]) -> None:
    flags = {**record.get("schema_flags", {}), **flags}
    if counts:
        flags["redacted"] = dict(Counter(flags.get("redacted", {})) + Counter(counts))
    if flags:
        record["schema_flags"] = flags


def _derived_id(record: Record, env: str) -> str:
    """An id from the event's time, environment and bytes: a retry is the same event, a rehearsal of it is another one."""
    content = {key: value for key, value in record.items() if key != "received_at"}
    return derive_event_id(
        epoch_ms(record["occurred_at"]), env.encode() + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    )


def _is_time(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return FIRST_DAY <= moment.isoformat() < LAST_DAY


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            below
            for entry in level
            if isinstance(entry, dict | list)
            for below in (entry.values() if isinstance(entry, dict) else entry)
        ]
    return deepest


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or _has_nul(below) for key, below in value.items())
    return isinstance(value, list) and any(_has_nul(below) for below in value)
