"""The wires of public SDKs: where a body holds its calls and its key, and what the SDK expects to be told.

What a call means is the dialect's; here is only its transport. Sources: `segment-analytics-python` 2 (request.py),
`rudder-sdk-python` 2 (request.py), `posthog` 7 (request.py, capture_v1.py), `snowplow-tracker` 1.1 (emitters.py), and of npm
`@segment/analytics-node` 3 and `@rudderstack/rudder-sdk-node` 3.
"""

from __future__ import annotations

import abc
import binascii
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import orjson

from rastup.contracts.segment import CALLS
from rastup.contracts.snowplow import PACKED, decoded
from rastup.core.errors import Rejected
from rastup.ingest.admission import is_plain_text
from rastup.ingest.collector.bodies import NOT_JSON, inflate, parse, too_many
from rastup.ingest.collector.exchange import Query
from rastup.ingest.collector.intake import Taken
from rastup.ingest.dialects import POSTHOG, SEGMENT, SNOWPLOW

GIF = binascii.unhexlify(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""One transparent pixel: what a `GET /i` of a page's image is answered with."""
KEY_PREFIX = "rk_"
MAX_PAIRS = 200
_SUSPICIOUS = re.compile(rb"@|\\|%(?:[01]|40|5[Cc])")
"""What `is_plain_text` looks for, as a query string has it; any backslash, because what follows may be escaped too."""


@dataclass(slots=True)
class Sent:
    """The calls of one request.

    Attributes:
        messages: in the SDK's dialect, without the key.
        key: the write key, when the body has it.
        is_plain: as for `Admission.admit`, of all of them.
        key_in_address: the write key, when the address has it, which logs and proxies keep.
    """

    messages: list[Any]
    key: str | None
    is_plain: bool = False
    key_in_address: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request: its bytes after inflation, and its calls."""

    max_bytes: int
    max_calls: int


class Wire(abc.ABC):
    """One SDK's way to send.

    Attributes:
        dialect: of its calls.
        final_status: statuses of ours that the SDK would take for "try again", and the one that it takes as final.
        content_type: of its answers.
    """

    dialect: str
    final_status: dict[int, int] = {}  # noqa: RUF012  never changed
    content_type = "application/json"

    @abc.abstractmethod
    def read(self, plain: bytes, query: Query, limits: Limits) -> Sent:
        """The calls in a body without its content encoding, or in a query string.

        Raises:
            Rejected: there are none.
        """

    @abc.abstractmethod
    def answer(self, sent: Sent, taken: Taken) -> bytes:
        """The body of the answer once all is stored."""


class SegmentWire(Wire):
    """Segment and RudderStack: one call a path, or `{"batch": [...]}`; the key as Basic user name or as `writeKey`."""

    dialect = SEGMENT

    def __init__(self, call: str) -> None:
        self._call = call

    def read(self, plain: bytes, query: Query, limits: Limits) -> Sent:
        """The calls of a body."""
        document = _object(plain)
        key, in_address = _text(document.pop("writeKey", None)), _first(query, "writeKey")
        if self._call != "batch":
            return Sent([{**document, "type": self._call}], key, is_plain_text(plain), in_address)
        messages = _checked(document.get("batch"), "batch", limits)
        self._share(messages, document.get("context"), document.get("sentAt"))
        return Sent(messages, key, is_plain_text(plain), in_address)

    def answer(self, sent: Sent, taken: Taken) -> bytes:  # noqa: ARG002
        """What the SDK reads as done."""
        return taken.answer(success=True)

    @staticmethod
    def _share(messages: list[Any], context: Any, sent_at: Any) -> None:
        """Gives each call what is said for all; the time of sending, which another attempt changes, only in need.

        A key beside it is in none: what is refused is kept as it was sent.
        """
        for message in messages:
            if isinstance(message, dict):
                message.pop("writeKey", None)
                if context is not None:
                    message.setdefault("context", context)
                if sent_at is not None and "timestamp" not in message and "originalTimestamp" not in message:
                    message.setdefault("sentAt", sent_at)


class PosthogWire(Wire):
    """PostHog's older wire: one event, an array, or `{"batch": [...]}`; the key as `api_key`, or as `token` of an event.

    Browsers pack bodies by `?compression=`: `gzip-js`, or `base64` in a form's `data`.
    """

    dialect = POSTHOG

    def read(self, plain: bytes, query: Query, limits: Limits) -> Sent:
        """The events of a body."""
        plain = self._unpacked(plain, query, limits.max_bytes)
        document = _document(plain)
        key = None
        if isinstance(document, dict):
            key = _pop_key(document)
            sent_at = document.get("sent_at")
            messages = document.get("batch", [document])
        elif isinstance(document, list):
            messages, sent_at = document, None
        else:
            raise Rejected(400, NOT_JSON, "Expected an event, or `batch`, an array of events.", position=0)
        messages = _checked(messages, "batch", limits)
        for message in messages:
            if isinstance(message, dict):
                told = self._take_key(message)
                key = key or told
                if sent_at is not None and "timestamp" not in message:
                    message.setdefault("sent_at", sent_at)
        return Sent(messages, key, is_plain_text(plain), _first(query, "api_key") or _first(query, "token"))

    def answer(self, sent: Sent, taken: Taken) -> bytes:  # noqa: ARG002
        """What the SDK reads as done."""
        return taken.answer(status=1)

    @staticmethod
    def _unpacked(plain: bytes, query: Query, limit_bytes: int) -> bytes:
        if plain.startswith(b"data="):
            data = dict(_pairs(plain)).get("data", "")
            return data.encode() if data.startswith(("{", "[")) else (decoded(data) or "").encode()
        if _first(query, "compression") in ("gzip-js", "gzip") and plain.startswith(b"\x1f\x8b"):
            return inflate(plain, "gzip", limit_bytes)
        return plain

    @staticmethod
    def _take_key(message: dict[str, Any]) -> str | None:
        """The key of an event; posthog-js has it among the properties, where a `token` may be the sender's own too."""
        found, properties = _pop_key(message), message.get("properties")
        if isinstance(properties, dict):
            for name in ("token", "api_key"):
                if name in properties and str(properties[name]).startswith(KEY_PREFIX):
                    found = found or properties[name]
                    del properties[name]
        return found


class PosthogV1Wire(PosthogWire):
    """PostHog's newer wire: `{"created_at", "batch"}`, a bearer key, and an answer for each event's uuid."""

    def answer(self, sent: Sent, taken: Taken) -> bytes:
        """A verdict for each uuid."""
        results: dict[str, dict[str, str]] = {}
        uuids = [m.get("uuid") if isinstance(m, dict) else None for m in sent.messages]
        for uuid in uuids:
            if isinstance(uuid, str):
                results[uuid] = {"result": "ok"}
        for told in taken.results:
            uuid = uuids[told["index"]]
            if not isinstance(uuid, str):
                continue
            if told["status"] == "quarantined":
                why = f"{told['code']} {told['path']}: {told['message']}; kept in quarantine"
                results[uuid] = {"result": "drop", "details": why}
            elif told["status"] == "ignored":
                results[uuid] = {"result": "warning", "details": told["message"]}
        return orjson.dumps({"results": results})


class SnowplowWire(Wire):
    """Snowplow by POST: `{"schema", "data": [...]}`. It knows no keys: Basic in the URL, or the key as app id."""

    dialect = SNOWPLOW
    # Trackers send again for ever what is refused with any other status than these: 400, 401, 403, 410, 422.
    final_status = {404: 422, 405: 422, 413: 422, 415: 422}  # noqa: RUF012  never changed

    def read(self, plain: bytes, query: Query, limits: Limits) -> Sent:  # noqa: ARG002
        """The calls of a body."""
        messages = _checked(_object(plain).get("data"), "data", limits)
        return self._sent(messages, is_plain_text(plain))

    def answer(self, sent: Sent, taken: Taken) -> bytes:  # noqa: ARG002
        """What the SDK reads as done."""
        return taken.answer()

    @staticmethod
    def _sent(messages: list[Any], is_plain: bool) -> Sent:
        key = None
        for message in messages:
            if not isinstance(message, dict):
                continue
            if "stm" in message and "dtm" in message:
                del message["stm"]  # another attempt changes it, and then the same event looks like two
            if "aid" in message and isinstance(app := message["aid"], str) and app.startswith(KEY_PREFIX):
                if key is not None and app != key:
                    raise Rejected(400, NOT_JSON, "The events of one request name several write keys.")
                key = app
                del message["aid"]
            for packed, name in PACKED:
                if (
                    packed in message
                    and name not in message
                    and (text := decoded(message[packed])) is not None
                ):
                    del message[packed]
                    message[name] = text
                    is_plain = is_plain and is_plain_text(text.encode())
        return Sent(messages, key, is_plain)


class SnowplowPixelWire(SnowplowWire):
    """Snowplow by GET: one event in the query string, answered with a pixel."""

    content_type = "image/gif"

    def read(self, plain: bytes, query: Query, limits: Limits) -> Sent:  # noqa: ARG002
        """The calls of a body."""
        pairs = dict(_pairs(plain))
        if not pairs:
            raise Rejected(400, NOT_JSON, "There is no event in the query string.")
        sent = self._sent([pairs], is_plain=_SUSPICIOUS.search(plain) is None)
        return replace(sent, key=None, key_in_address=sent.key)

    def answer(self, sent: Sent, taken: Taken) -> bytes:  # noqa: ARG002
        """What the SDK reads as done."""
        return GIF


PIXEL = "/i"
WIRES: dict[str, Wire] = {
    **{f"/v1/{call}": SegmentWire(call) for call in CALLS},
    "/v1/batch": SegmentWire("batch"),
    "/v1/import": SegmentWire("batch"),
    **dict.fromkeys(("/batch/", "/batch", "/i/v0/e/", "/i/v0/e", "/capture/", "/capture"), PosthogWire()),
    "/i/v1/analytics/events": PosthogV1Wire(),
    "/com.snowplowanalytics.snowplow/tp2": SnowplowWire(),
    PIXEL: SnowplowPixelWire(),
}
"""By path. All take POST, but the pixel takes GET."""


def _checked(messages: Any, name: str, limits: Limits) -> list[Any]:
    """The calls, before anything is done for each of them."""
    if not isinstance(messages, list):
        raise Rejected(400, NOT_JSON, f"Expected `{name}` to be an array of calls.", position=0)
    if len(messages) > limits.max_calls:
        raise too_many(len(messages), limits.max_calls)
    return messages


def _pairs(plain: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(plain.decode("utf-8", "replace"), max_num_fields=MAX_PAIRS)
    except ValueError as error:
        raise Rejected(400, NOT_JSON, f"More than {MAX_PAIRS} name-value pairs.") from error


def _document(plain: bytes) -> Any:
    parsed = parse(plain, is_ndjson=False, max_events=1_000_000)
    is_array = plain.lstrip()[:1] == b"["
    return parsed.records if is_array or len(parsed.records) != 1 else parsed.records[0]


def _object(plain: bytes) -> dict[str, Any]:
    document = _document(plain)
    if not isinstance(document, dict):
        raise Rejected(400, NOT_JSON, "Expected one JSON object.", position=0)
    return document


def _pop_key(place: dict[str, Any]) -> str | None:
    if "token" not in place and "api_key" not in place:
        return None
    token, key = _text(place.pop("token", None)), _text(place.pop("api_key", None))
    return key or token


def _first(query: Query, name: str) -> str | None:
    return query.get(name, [None])[0]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
