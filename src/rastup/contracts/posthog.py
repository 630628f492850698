"""PostHog's public SDKs: captured events, in the shape of `/batch/` and in that of `/i/v1/analytics/events`.

Source: the `posthog` package 7 (client.py, capture_v1.py) and posthog-js. Both shapes have `event`, `distinct_id`, `uuid`,
`timestamp` and `properties`; the newer one lifts some properties out: `session_id`, `options.process_person_profile`.
"""

from __future__ import annotations

import re
from typing import Any

from rastup.contracts.calls import (
    ANONYMOUS,
    IDENTITY_LINK,
    SESSION,
    USER,
    Calls,
    NothingToStore,
    as_object,
    event_id,
    link,
    moment,
    path_of,
    person,
    tell,
)
from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, hashed, put, put_city
from rastup.contracts.registry import Registry
from rastup.core.clock import Clock, rfc3339_ms, system_clock

_OWN = "$"


class PosthogMapping:
    """Maps one captured event. What PostHog names itself is data in `contracts/mapping/posthog.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        own = tables.posthog
        self._calls = Calls(registry, tables)
        self._clock = clock
        self._cities = tables.cities
        self._events: dict[str, str] = own["events"]
        self._links: dict[str, str] = own["links"]
        self._ignored: dict[str, str] = own["ignored"]
        self._fields: dict[str, str] = own["fields"]
        self._hashed: dict[str, str] = own["hashed"]
        self._of_machines = frozenset(own["not_of_servers"])
        self._properties: dict[str, str] = own["properties"]
        self._taken = {*self._fields, *own["credentials"], "distinct_id"}
        self._is_anonymous = re.compile("|".join(own["anonymous"])).match
        self._roles = frozenset(tables.segment["roles"])
        self._fill: dict[str, dict[str, tuple[str, str]]] = tables.segment["fill"]

    def from_posthog(self, message: Any) -> Message:
        """The domain record of one captured event.

        Raises:
            NothingToStore: PostHog's own event, of which nothing is kept.
            MappingError: the message is not an event of PostHog's.
        """
        if not isinstance(message, dict):
            raise MappingError(Finding(ENVELOPE_INVALID, "$", "expected an object"))
        name = message.get("event")
        if not isinstance(name, str) or not name.strip():
            raise MappingError(Finding(ENVELOPE_INVALID, "$.event", "expected the name of an event"))
        if name in self._ignored:
            raise NothingToStore("$.event", self._ignored[name])
        told = as_object(message.get("properties"), "$.properties")
        record: Message = {"event": self._event(name), "context": {"role": "guest"}, "ids": {}}
        record["occurred_at"], time_ms = self._occurred_at(message)
        record["event_id"] = event_id(message.get("uuid"), time_ms, message, "sent_at", "offset")
        distinct_id = message.get("distinct_id", told.get("distinct_id"))
        if (session := person(message.get("session_id", told.get("$session_id")), SESSION)) is not None:
            record["session_id"] = session
        if name in self._links:
            return self._calls.finish(record, self._link(record, name, distinct_id, told))
        self._who(record, message, distinct_id, told)
        properties = self._properties_of(record, told)
        if name[0] == _OWN and (fill := self._fill.get(record["event"])):
            properties |= {
                field: record.get(source, otherwise) for field, (source, otherwise) in fill.items()
            }
        return self._calls.finish(record, properties)

    def _event(self, name: str) -> str:
        if name[0] != _OWN:
            return self._calls.event(name, "$.event")
        if name in self._links:
            return IDENTITY_LINK
        return self._events.get(name) or self._calls.event(name, "$.event")

    def _occurred_at(self, message: Message) -> tuple[str, int]:
        if (value := message.get("timestamp")) is not None:
            return moment(value, "$.timestamp")
        if (value := message.get("sent_at")) is not None:
            return moment(value, "$.sent_at")[0], 0
        return rfc3339_ms(self._clock()), 0

    def _link(self, record: Message, name: str, distinct_id: Any, told: Message) -> Message:
        """Whichever of the two ids is the person's: in aliases PostHog's SDKs do not agree on the order."""
        one, other = distinct_id, told.get(self._links[name])
        if name == "$identify":
            return link(record, person(one, USER), person(other, ANONYMOUS))
        is_first_person = self._is_person(one) and not self._is_person(other)
        user, past = (one, other) if is_first_person else (other, one)
        return link(record, person(user, USER), person(past, ANONYMOUS))

    def _is_person(self, value: Any) -> bool:
        return isinstance(value, str) and (value.startswith(USER) or not self._is_anonymous(value))

    def _who(self, record: Message, message: Message, distinct_id: Any, told: Message) -> None:
        past = told.get("$device_id")
        if self._is_nobody(message, distinct_id, told):
            past = distinct_id
        elif (user_id := person(distinct_id, USER)) is not None:
            record["user_id"] = user_id
        if (anon_id := person(past, ANONYMOUS)) is not None:
            record["anon_id"] = anon_id

    @staticmethod
    def _is_nobody(message: Message, distinct_id: Any, told: Message) -> bool:
        if told.get("$process_person_profile") is False or told.get("$is_identified") is False:
            return True
        options = message.get("options")
        if isinstance(options, dict) and options.get("process_person_profile") is False:
            return True
        is_named = isinstance(distinct_id, str) and distinct_id.startswith(ANONYMOUS)
        return is_named or (distinct_id is not None and distinct_id == told.get("$device_id"))

    def _properties_of(self, record: Message, told: Message) -> Message:
        """The sender's own properties; PostHog's go to where the domain record has them, or nowhere."""
        properties: Message = {}
        for name, value in told.items():
            if name[:1] == _OWN or name in self._taken:
                self._own(record, properties, name, value, told)
            else:
                properties[name] = value
        role = properties.get("role")
        if isinstance(role, str) and role in self._roles:
            record["context"]["role"] = role
        city = properties.get("city") or record.get("geo", {}).get("city")
        if isinstance(city, str) and city:
            put_city(record, city, self._cities)
        return properties

    def _own(self, record: Message, properties: Message, name: str, value: Any, told: Message) -> None:
        if name in self._properties:
            is_flag = isinstance(value, bool)
            properties[self._properties[name]] = ("true" if value else "false") if is_flag else value
        if name in self._of_machines and told.get("$is_server") is True:
            return
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            return
        if (target := self._fields.get(name)) is not None:
            tell(record, target, path_of(str(value)) if name == "$current_url" else str(value))
        elif (target := self._hashed.get(name)) is not None:
            put(record, target, hashed(str(value)))
