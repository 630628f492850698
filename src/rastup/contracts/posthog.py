"""PostHog's public SDKs: captured events, in the shape of `/batch/` and in that of `/i/v1/analytics/events`.

Source: the `posthog` package 7 (client.py, capture_v1.py) and posthog-js. Both shapes have `event`, `distinct_id`, `uuid`,
`timestamp` and `properties`; the newer one lifts some properties out: `session_id`, `options.process_person_profile`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rastup.contracts.calls import (
    IDENTITY_LINK,
    SHAPE_LENGTH_KEPT,
    SHAPES_KEPT,
    Calls,
    NothingToStore,
    as_object,
    event_id,
    link,
)
from rastup.contracts.circumstances import path_of, targets
from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, hashed, put, put_city
from rastup.contracts.moments import moment
from rastup.contracts.people import ANONYMOUS, SESSIONS, USER, USERS, VISITORS
from rastup.contracts.registry import Registry
from rastup.core.clock import Clock, rfc3339_ms, system_clock

_OWN = "$"
_UNSTEADY = ("sent_at", "offset")
_WHO = frozenset(("$process_person_profile", "$is_identified", "$device_id"))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the names of an event's properties say before their values are looked at.

    Attributes:
        kept: the sender's own.
        told: PostHog's that have a place in the record; `of_servers` without those that tell of a machine.
        tells_who: one of them says whether the person is known.
        has_session: one of them is the session.
    """

    kept: list[str]
    told: list[str]
    of_servers: list[str]
    tells_who: bool
    has_session: bool


class PosthogMapping:
    """Maps one captured event. What PostHog names itself is data in `contracts/mapping/posthog.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        own = tables.posthog
        self._calls = Calls(registry, tables)
        self._plans = self._calls.plans
        self._clock = clock
        self._cities = tables.cities
        self._events: dict[str, str] = own["events"]
        self._links: dict[str, str] = own["links"]
        self._ignored: dict[str, str] = own["ignored"]
        self._fields = targets(own["fields"])
        self._hashed: dict[str, str] = own["hashed"]
        self._of_machines = frozenset(own["not_of_servers"])
        self._properties: dict[str, str] = own["properties"]
        self._taken = {*self._fields, *own["credentials"], "distinct_id"}
        self._told = {*self._fields, *self._hashed, *self._properties}
        self._shapes: dict[tuple[str, ...], _Shape] = {}
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
        plan = self._plans.get(name) if isinstance(name, str) else None
        event = plan[0] if plan else self._event(name)
        told = message.get("properties")
        if not isinstance(told, dict):
            told = as_object(told, "$.properties")
        value = message.get("timestamp")
        occurred_at, time_ms = moment(value, "$.timestamp") if value is not None else self._sent_at(message)
        record: Message = {
            "event_id": event_id(message.get("uuid"), time_ms, message, _UNSTEADY, self._clock),
            "event": event,
            "occurred_at": occurred_at,
            "context": {"role": "guest"},
            "ids": {},
            "payload": {},
        }
        distinct_id = message["distinct_id"] if "distinct_id" in message else told.get("distinct_id")
        shape = self._shapes.get(names := tuple(told)) or self._shape(names)
        if (shape.has_session or "session_id" in message) and (
            session := SESSIONS.of(message.get("session_id", told.get("$session_id")))
        ) is not None:
            record["session_id"] = session
        if name in self._links:
            return self._calls.finish(record, self._link(record, name, distinct_id, told))
        if shape.tells_who or message.get("options"):
            is_nobody = self._is_nobody(message, distinct_id, told)
            self._who(record, distinct_id, told.get("$device_id"), is_nobody)
        else:
            self._who(record, distinct_id, None, False)
        properties = self._properties_of(record, told, shape)
        if plan is not None:
            return plan[1].fill(record, properties)
        if isinstance(name, str) and name[0] == _OWN and (fill := self._fill.get(event)):
            properties |= {
                field: record.get(source, otherwise) for field, (source, otherwise) in fill.items()
            }
        return self._calls.finish(record, properties)

    def _event(self, name: Any) -> str:
        if not isinstance(name, str) or not name.strip():
            raise MappingError(Finding(ENVELOPE_INVALID, "$.event", "expected the name of an event"))
        if name in self._ignored:
            raise NothingToStore("$.event", self._ignored[name])
        if name[0] != _OWN:
            return self._calls.event(name, "$.event")
        if name in self._links:
            return IDENTITY_LINK
        return self._events.get(name) or self._calls.event(name, "$.event")

    def _sent_at(self, message: Message) -> tuple[str, int]:
        if (value := message.get("sent_at")) is not None:
            return moment(value, "$.sent_at")[0], 0
        return rfc3339_ms(self._clock()), 0

    def _link(self, record: Message, name: str, distinct_id: Any, told: Message) -> Message:
        """Whichever of the two ids is the person's: in aliases PostHog's SDKs do not agree on the order."""
        one, other = distinct_id, told.get(self._links[name])
        if name == "$identify":
            return link(record, USERS.of(one), VISITORS.of(other))
        is_first_person = self._is_person(one) and not self._is_person(other)
        user, past = (one, other) if is_first_person else (other, one)
        return link(record, USERS.of(user), VISITORS.of(past))

    def _is_person(self, value: Any) -> bool:
        return isinstance(value, str) and (value.startswith(USER) or not self._is_anonymous(value))

    @staticmethod
    def _who(record: Message, distinct_id: Any, device: Any, is_nobody: bool) -> None:
        if is_nobody or (isinstance(distinct_id, str) and distinct_id.startswith(ANONYMOUS)):
            device = distinct_id
        elif (user_id := USERS.of(distinct_id)) is not None:
            record["user_id"] = user_id
        if device is not None and (anon_id := VISITORS.of(device)) is not None:
            record["anon_id"] = anon_id

    @staticmethod
    def _is_nobody(message: Message, distinct_id: Any, told: Message) -> bool:
        if told.get("$process_person_profile") is False or told.get("$is_identified") is False:
            return True
        if (
            isinstance(options := message.get("options"), dict)
            and options.get("process_person_profile") is False
        ):
            return True
        return "$device_id" in told and distinct_id is not None and distinct_id == told["$device_id"]

    def _properties_of(self, record: Message, told: Message, shape: _Shape) -> Message:
        """The sender's own properties; PostHog's go to where the domain record has them, or nowhere."""
        properties = {name: told[name] for name in shape.kept}
        if shape.told:
            is_server = "$is_server" in told and told["$is_server"] is True
            for name in shape.of_servers if is_server else shape.told:
                self._own(record, properties, name, told[name])
        if "role" in properties and isinstance(role := properties["role"], str) and role in self._roles:
            record["context"]["role"] = role
        if "city" in properties or "geo" in record:
            city = properties.get("city") or record.get("geo", {}).get("city")
            if isinstance(city, str) and city:
                put_city(record, city, self._cities)
        return properties

    def _shape(self, names: tuple[str, ...]) -> _Shape:
        """What properties of such names are; one app sends few kinds."""
        told = [name for name in names if name in self._told]
        shape = _Shape(
            kept=[name for name in names if name[:1] != _OWN and name not in self._taken],
            told=told,
            of_servers=[name for name in told if name not in self._of_machines],
            tells_who=not _WHO.isdisjoint(names),
            has_session="$session_id" in names,
        )
        if len(self._shapes) < SHAPES_KEPT and sum(map(len, names)) < SHAPE_LENGTH_KEPT:
            self._shapes[names] = shape
        return shape

    def _own(self, record: Message, properties: Message, name: str, value: Any) -> None:
        if name in self._properties:
            is_flag = isinstance(value, bool)
            properties[self._properties[name]] = ("true" if value else "false") if is_flag else value
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            return
        if (target := self._fields.get(name)) is not None:
            target.tell(record, path_of(str(value)) if name == "$current_url" else str(value))
        elif (path := self._hashed.get(name)) is not None:
            put(record, path, hashed(str(value)))
