"""Segment's public SDKs: track, page, screen, identify, group and alias calls into the domain dialect.

Source: segment.com/docs/connections/spec (common fields; `timestamp` is what the SDK corrected or the user set,
`originalTimestamp` and `sentAt` are the client's clock).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, get, hashed, move_ids, put, put_city
from rastup.contracts.registry import Contract, Registry
from rastup.contracts.versions import Versions
from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.ids import derive_event_id

CALLS = ("track", "page", "screen", "identify", "group", "alias")
_ULID = re.compile(r"^(evt_)?[0-7][0-9A-HJKMNP-TV-Z]{25}$")
_WORDS = re.compile(r"[\s.\-_]+")


class SegmentMapping:
    """Maps one call. Names of events, properties and contexts are data in `contracts/mapping/segment.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        self._versions = Versions(registry)
        self._tables = tables
        self._clock = clock
        self._properties = {
            name: [field] if isinstance(field, str) else field
            for name, field in tables.segment["properties"].items()
        }
        self._names = {c.event.replace(".", "_"): c.event for c in registry.contracts}

    def from_segment(self, message: Any) -> Message:
        """The domain record of one call.

        Raises:
            MappingError: the message is not a call of Segment's.
        """
        if not isinstance(message, dict):
            raise MappingError(Finding(ENVELOPE_INVALID, "$", "expected an object"))
        call = message.get("type")
        if call not in CALLS:
            raise MappingError(Finding(ENVELOPE_INVALID, "$.type", f"expected one of {', '.join(CALLS)}"))
        occurred = self._occurred_at(message)
        record: Message = {
            "occurred_at": rfc3339_ms(occurred),
            "context": {"role": self._role(message)},
            "ids": {},
        }
        record["event_id"] = event_id(message, occurred)
        record["event"] = self._event(call, message)
        self._who(message, record)
        self._circumstances(message, record)

        def finish(record: Message, contract: Contract | None) -> None:
            record["payload"] = self._payload(call, message, record, contract)
            move_ids(record, contract, self._tables.payload_ids)
            self._money(record, contract)

        return self._versions.read(record, finish)

    def _event(self, call: str, message: Message) -> str:
        if call != "track":
            return str(self._tables.segment["calls"][call])
        name = message.get("event")
        if not isinstance(name, str) or not name.strip():
            raise MappingError(Finding(ENVELOPE_INVALID, "$.event", "a track call names its event"))
        plain = _WORDS.sub("_", name.strip().lower())
        known: Mapping[str, str] = self._tables.segment["events"]
        return self._names.get(plain) or known.get(plain) or plain.replace("_", ".")[:128]

    def _occurred_at(self, message: Message) -> datetime:
        for field in ("timestamp", "originalTimestamp", "sentAt"):
            value = message.get(field)
            if value is None:
                continue
            try:
                moment = datetime.fromisoformat(value)
            except (TypeError, ValueError) as error:
                raise MappingError(
                    Finding(ENVELOPE_INVALID, f"$.{field}", "expected an ISO 8601 date-time")
                ) from error
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return self._clock()

    def _role(self, message: Message) -> str:
        properties, traits = message.get("properties"), get(message, "context.traits")
        for place in (properties, traits, message.get("traits")):
            if isinstance(place, dict) and place.get("role") in self._tables.segment["roles"]:
                return str(place["role"])
        return "guest"

    def _who(self, message: Message, record: Message) -> None:
        for field, prefix in (("userId", "usr_"), ("anonymousId", "an_")):
            value = message.get(field)
            if value not in (None, ""):
                record["user_id" if prefix == "usr_" else "anon_id"] = prefixed(str(value), prefix)

    def _circumstances(self, message: Message, record: Message) -> None:
        context = message.get("context")
        for source, target in self._tables.segment["context"].items():
            value = get(context, source)
            if isinstance(value, str | int) and not isinstance(value, bool):
                put(record, target, str(value)[:256])
        for source, target in self._tables.segment["hashed"].items():
            if isinstance(value := get(context, source), str) and value:
                put(record, target, hashed(value))
        city = get(message, "properties.city") or get(context, "location.city")
        if isinstance(city, str) and city:
            put_city(record, city, self._tables.cities)

    def _payload(self, call: str, message: Message, record: Message, contract: Contract | None) -> Message:
        if call in ("identify", "alias"):
            # Traits are names, addresses and the like: personal data that no event may hold. What stays is the link.
            anonymous = message.get("previousId") if call == "alias" else message.get("anonymousId")
            link = {"user_id": record.get("user_id")}
            if anonymous:
                link["anon_id"] = prefixed(str(anonymous), "an_")
            return {key: value for key, value in link.items() if value is not None}
        properties = message.get("properties") or {}
        if not isinstance(properties, dict):
            raise MappingError(Finding(ENVELOPE_INVALID, "$.properties", "expected an object"))
        known = {field.name for field in contract.fields} if contract else set()
        payload = dict(properties)
        for name, fields in self._properties.items():
            if name in payload and name not in known:
                field = next((field for field in fields if field in known), None)
                if field is not None:
                    payload.setdefault(field, payload.pop(name))
        if call != "track":
            for field, (source, otherwise) in self._tables.segment["fill"].get(record["event"], {}).items():
                payload[field] = record.get(source, otherwise)
        return payload

    def _money(self, record: Message, contract: Contract | None) -> None:
        if contract is None or "money" not in contract.schema["required"]:
            return
        payload = record["payload"]
        amount, currency = payload.get("amount_cents"), payload.get("currency", "USD")
        if amount is not None:
            record["money"] = {"amount_cents": amount, "currency": currency}


def prefixed(value: str, prefix: str) -> str:
    """An id with its prefix: kept when it has it, else derived so that equal ids stay equal and others differ."""
    rest = value.removeprefix(prefix)
    if value.startswith(prefix) and rest.isascii() and rest.isalnum() and len(value) <= 128:
        return value
    return prefix + sha256(value.encode("utf-8", "replace")).hexdigest()[:32]


def event_id(message: Message, occurred: datetime) -> str:
    """The event id of a call: its messageId when that is a ULID, else derived from it: a resend is the same event."""
    given = message.get("messageId")
    if isinstance(given, str) and _ULID.match(given):
        return "evt_" + given.removeprefix("evt_")
    if not isinstance(given, str) or not given:
        given = repr(sorted((k, v) for k, v in message.items() if k != "sentAt"))
    # The time of an id must not depend on the clock: a call without a timestamp is resent with another `sentAt`.
    has_time = "timestamp" in message or "originalTimestamp" in message
    time_ms = int(occurred.timestamp() * 1000) if has_time else 0
    return derive_event_id(time_ms, given.encode("utf-8", "replace"))
