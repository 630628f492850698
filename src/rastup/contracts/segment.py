"""Segment's public SDKs, and RudderStack's, which speak the same: track, page, screen, identify, group and alias calls.

Source: segment.com/docs/connections/spec (common fields; `timestamp` is what the SDK corrected or the user set,
`originalTimestamp` and `sentAt` are the client's clock).
"""

from __future__ import annotations

from typing import Any

from rastup.contracts.calls import Calls, NothingToStore, as_object, event_id, link
from rastup.contracts.circumstances import Target, targets
from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, get, hashed, put, put_city
from rastup.contracts.moments import moment
from rastup.contracts.people import USERS, VISITORS
from rastup.contracts.registry import Registry
from rastup.core.clock import Clock, rfc3339_ms, system_clock

CALLS = ("track", "page", "screen", "identify", "group", "alias")
_UNSTEADY = ("sentAt",)


class SegmentMapping:
    """Maps one call. Names of events, properties and contexts are data in `contracts/mapping/segment.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        self._calls = Calls(registry, tables)
        self._plans = self._calls.plans
        self._clock = clock
        self._cities = tables.cities
        self._roles = frozenset(tables.segment["roles"])
        self._events: dict[str, str] = tables.segment["calls"]
        self._ignored: dict[str, str] = tables.segment["ignored"]
        self._fill: dict[str, dict[str, tuple[str, str]]] = tables.segment["fill"]
        self._context: dict[str, list[tuple[str, Target]]] = {}
        for source, target in targets(tables.segment["context"]).items():
            section = source.partition(".")[0]
            self._context.setdefault(section, []).append((source, target))
        self._hashed: dict[str, str] = tables.segment["hashed"]
        self._sections = frozenset((*self._context, *self._hashed, "location"))

    def from_segment(self, message: Any) -> Message:
        """The domain record of one call.

        Raises:
            NothingToStore: a call of which nothing is kept.
            MappingError: the message is not a call of Segment's.
        """
        if not isinstance(message, dict):
            raise MappingError(Finding(ENVELOPE_INVALID, "$", "expected an object"))
        call, name = message.get("type"), message.get("event")
        plan = self._plans.get(name) if call == "track" and isinstance(name, str) else None
        event = plan[0] if plan else self._event(call, name)
        value = message.get("timestamp")
        occurred_at, time_ms = moment(value, "$.timestamp") if value is not None else self._sent_at(message)
        properties = message.get("properties")
        # What is taken out of them stays in the message.
        properties = (
            properties.copy() if isinstance(properties, dict) else as_object(properties, "$.properties")
        )
        record: Message = {
            "event_id": event_id(message.get("messageId"), time_ms, message, _UNSTEADY, self._clock),
            "event": event,
            "occurred_at": occurred_at,
            "context": {"role": "guest"},
            "ids": {},
            "payload": properties,
        }
        if "userId" in message and (user_id := USERS.of(message["userId"])) is not None:
            record["user_id"] = user_id
        if "anonymousId" in message and (anon_id := VISITORS.of(message["anonymousId"])) is not None:
            record["anon_id"] = anon_id
        told = message.get("context")
        if isinstance(told, dict) and not self._sections.isdisjoint(told):
            self._circumstances(record, told)
        if "role" in properties or "traits" in message or (isinstance(told, dict) and "traits" in told):
            record["context"]["role"] = self._role(properties, get(told, "traits"), message.get("traits"))
        if "city" in properties and isinstance(city := properties["city"], str):
            put_city(record, city, self._cities)
        if plan is not None:
            return plan[1].fill(record, properties)
        if call != "track":
            properties = self._of_other_call(call, record, message, properties)
        return self._calls.finish(record, properties)

    def _of_other_call(self, call: Any, record: Message, message: Message, properties: Message) -> Message:
        if call in ("identify", "alias"):
            # Traits are names, addresses and the like: personal data that no event may hold. What stays is the link.
            past = record.get("anon_id") if call == "identify" else VISITORS.of(message.get("previousId"))
            return link(record, record.get("user_id"), past)
        fill = self._fill.get(record["event"], {})
        return properties | {
            name: record.get(source, otherwise) for name, (source, otherwise) in fill.items()
        }

    def _event(self, call: Any, name: Any) -> str:
        if call not in CALLS:
            raise MappingError(Finding(ENVELOPE_INVALID, "$.type", f"expected one of {', '.join(CALLS)}"))
        if call in self._ignored:
            raise NothingToStore("$.type", self._ignored[call])
        if call != "track":
            return self._events[call]
        if not isinstance(name, str) or not name.strip():
            raise MappingError(Finding(ENVELOPE_INVALID, "$.event", "a track call names its event"))
        return self._calls.event(name, "$.event")

    def _sent_at(self, message: Message) -> tuple[str, int]:
        """When a call was made that does not say so; another attempt is sent at another time, so ids do not hold it."""
        if (value := message.get("originalTimestamp")) is not None:
            return moment(value, "$.originalTimestamp")
        if (value := message.get("sentAt")) is not None:
            return moment(value, "$.sentAt")[0], 0
        return rfc3339_ms(self._clock()), 0

    def _circumstances(self, record: Message, context: Message) -> None:
        for section in context:
            for source, target in self._context.get(section, ()):
                value = get(context, source)
                if isinstance(value, str | int) and not isinstance(value, bool):
                    target.tell(record, str(value))
            if section in self._hashed and isinstance(value := context[section], str) and value:
                put(record, self._hashed[section], hashed(value))
        if "location" in context and isinstance(city := get(context, "location.city"), str) and city:
            put_city(record, city, self._cities)

    def _role(self, *places: Any) -> str:
        for place in places:
            if isinstance(place, dict) and isinstance(role := place.get("role"), str) and role in self._roles:
                return role
        return "guest"
