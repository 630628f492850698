"""Segment's public SDKs, and RudderStack's, which speak the same: track, page, screen, identify, group and alias calls.

Source: segment.com/docs/connections/spec (common fields; `timestamp` is what the SDK corrected or the user set,
`originalTimestamp` and `sentAt` are the client's clock).
"""

from __future__ import annotations

from typing import Any

from rastup.contracts.calls import (
    ANONYMOUS,
    USER,
    Calls,
    as_object,
    event_id,
    link,
    moment,
    person,
    tell,
)
from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, get, hashed, put, put_city
from rastup.contracts.registry import Registry
from rastup.core.clock import Clock, rfc3339_ms, system_clock

CALLS = ("track", "page", "screen", "identify", "group", "alias")


class SegmentMapping:
    """Maps one call. Names of events, properties and contexts are data in `contracts/mapping/segment.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        self._calls = Calls(registry, tables)
        self._clock = clock
        self._cities = tables.cities
        self._roles = frozenset(tables.segment["roles"])
        self._events: dict[str, str] = tables.segment["calls"]
        self._fill: dict[str, dict[str, tuple[str, str]]] = tables.segment["fill"]
        self._context: dict[str, list[tuple[str, str]]] = {}
        for source, target in tables.segment["context"].items():
            section = source.partition(".")[0]
            self._context.setdefault(section, []).append((source, target))
        self._hashed: dict[str, str] = tables.segment["hashed"]

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
        get_member = message.get
        context: dict[str, Any] = {"role": "guest"}
        record: Message = {"event": self._event(call, message), "context": context, "ids": {}}
        record["occurred_at"], time_ms = self._occurred_at(message)
        record["event_id"] = event_id(get_member("messageId"), time_ms, message, "sentAt")
        if (user_id := person(get_member("userId"), USER)) is not None:
            record["user_id"] = user_id
        if (anon_id := person(get_member("anonymousId"), ANONYMOUS)) is not None:
            record["anon_id"] = anon_id
        properties = as_object(get_member("properties"), "$.properties")
        told = get_member("context")
        self._circumstances(record, told if isinstance(told, dict) else {}, properties, message)
        if call in ("identify", "alias"):
            # Traits are names, addresses and the like: personal data that no event may hold. What stays is the link.
            past = anon_id if call == "identify" else person(get_member("previousId"), ANONYMOUS)
            properties = link(record, user_id, past)
        elif call != "track" and (fill := self._fill.get(record["event"])):
            properties = {
                **properties,
                **{field: record.get(source, otherwise) for field, (source, otherwise) in fill.items()},
            }
        return self._calls.finish(record, properties)

    def _event(self, call: str, message: Message) -> str:
        if call != "track":
            return self._events[call]
        name = message.get("event")
        if not isinstance(name, str) or not name.strip():
            raise MappingError(Finding(ENVELOPE_INVALID, "$.event", "a track call names its event"))
        return self._calls.event(name, "$.event")

    def _occurred_at(self, message: Message) -> tuple[str, int]:
        for field in ("timestamp", "originalTimestamp"):
            if (value := message.get(field)) is not None:
                return moment(value, f"$.{field}")
        if (value := message.get("sentAt")) is not None:
            return moment(value, "$.sentAt")[0], 0
        return rfc3339_ms(self._clock()), 0

    def _circumstances(
        self, record: Message, context: Message, properties: Message, message: Message
    ) -> None:
        if "role" in properties or "traits" in context or "traits" in message:
            record["context"]["role"] = self._role(properties, context.get("traits"), message.get("traits"))
        for section in context:
            for source, target in self._context.get(section, ()):
                value = get(context, source)
                if isinstance(value, str | int) and not isinstance(value, bool):
                    tell(record, target, str(value))
            if section in self._hashed and isinstance(value := context[section], str) and value:
                put(record, self._hashed[section], hashed(value))
        if "city" in properties or "location" in context:
            city = properties.get("city") or get(context, "location.city")
            if isinstance(city, str) and city:
                put_city(record, city, self._cities)

    def _role(self, *places: Any) -> str:
        for place in places:
            if isinstance(place, dict) and isinstance(role := place.get("role"), str) and role in self._roles:
                return role
        return "guest"
