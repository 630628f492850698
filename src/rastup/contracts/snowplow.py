"""Snowplow's public trackers: the name-value pairs of tracker protocol 2, with self-describing events and entities.

Source: docs.snowplow.io, "Snowplow Tracker Protocol", and the `snowplow-tracker` package 1.1.
"""

from __future__ import annotations

import binascii
import re
from typing import Any

import orjson

from rastup.contracts.calls import (
    NAMES_KEPT,
    SHAPE_LENGTH_KEPT,
    SHAPES_KEPT,
    Calls,
    NothingToStore,
    Shape,
    as_object,
    event_id,
)
from rastup.contracts.circumstances import Target, path_of, targets
from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, hashed, put, put_city
from rastup.contracts.moments import moment_of_ms
from rastup.contracts.people import LENGTH_KEPT, SESSIONS, USERS, VISITORS, People
from rastup.contracts.registry import Registry
from rastup.core.clock import Clock, rfc3339_ms, system_clock

PACKED = (("ue_px", "ue_pr"), ("cx", "co"))
"""Members in base64, and what they are called when they are plain."""

_IGLU = re.compile(
    r"^iglu:([\w.\-]{1,128})/([\w.\-]{1,128})/jsonschema/([0-9]{1,4})-(?:\*|[0-9]+)-(?:\*|[0-9]+)$", re.A
)
_PEOPLE = {"user_id": USERS, "anon_id": VISITORS, "session_id": SESSIONS}
_Told = tuple[list[tuple[str, str, People]], list[str]]
_STRUCTURED, _SELF_DESCRIBING = "se", "ue"


class SnowplowMapping:
    """Maps one event. Schemas, entities and fields are data in `contracts/mapping/snowplow.yaml`."""

    def __init__(self, registry: Registry, tables: Tables, clock: Clock = system_clock) -> None:
        own = tables.snowplow
        self._calls = Calls(registry, tables)
        self._clock = clock
        self._cities = tables.cities
        self._schemas: dict[str, str] = own["schemas"]
        self._vendors = frozenset(own["vendors"])
        self._events: dict[str, str] = own["events"]
        self._ignored: dict[str, str] = own["ignored"]
        self._properties: dict[str, str] = own["properties"]
        self._fields = targets(own["fields"])
        self._hashed: dict[str, str] = own["hashed"]
        self._people: dict[str, str] = own["people"]
        self._entities = {name: targets(paths) for name, paths in own["entities"].items()}
        self._roles = frozenset(tables.segment["roles"])
        self._fill: dict[str, dict[str, tuple[str, str]]] = tables.segment["fill"]
        self._known: dict[str, tuple[str, int | None, Shape | None]] = {}
        self._shapes: dict[tuple[str, ...], _Told] = {}

    def from_snowplow(self, message: Any) -> Message:
        """The domain record of one event.

        Raises:
            NothingToStore: a kind of event of which nothing is kept.
            MappingError: the message is not an event of Snowplow's.
        """
        if not isinstance(message, dict):
            raise MappingError(Finding(ENVELOPE_INVALID, "$", "expected an object"))
        occurred_at, time_ms = self._occurred_at(message)
        record: Message = {
            "event_id": event_id(message.get("eid"), time_ms, message, "stm"),
            "occurred_at": occurred_at,
            "context": {"role": "guest"},
            "ids": {},
        }
        properties, shape = self._event(record, message)
        people, others = self._shapes.get(names := tuple(message)) or self._shape(names)
        for name, path, ids in people:
            if isinstance(value := message[name], str) and value and path not in record:
                record[path] = ids[value]
        for name in others:
            self._tell(record, name, message[name])
        if "co" in message or "cx" in message:
            self._entities_of(record, message)
        if "role" in properties and isinstance(role := properties["role"], str) and role in self._roles:
            record["context"]["role"] = role
        if "city" in properties and isinstance(city := properties["city"], str) and city:
            put_city(record, city, self._cities)
        if record["event"] in self._fill:
            for field, (source, otherwise) in self._fill[record["event"]].items():
                properties.setdefault(field, record.get(source, otherwise))
        return shape.fill(record, properties) if shape else self._calls.finish(record, properties)

    def _event(self, record: Message, message: Message) -> tuple[Message, Shape | None]:
        """Names the event and, for schemas of ours, its version; returns its properties, and its shape if that is known."""
        kind = message.get("e")
        if kind == _SELF_DESCRIBING:
            return self._self_describing(record, message)
        if not isinstance(kind, str):
            raise MappingError(Finding(ENVELOPE_INVALID, "$.e", "expected the kind of event"))
        if kind in self._ignored:
            raise NothingToStore("$.e", self._ignored[kind])
        if kind == _STRUCTURED:
            record["event"] = self._structured(message)
            told = {field: message.get(name) for name, field in self._properties.items()}
            return {field: value for field, value in told.items() if value is not None}, None
        record["event"] = self._events.get(kind) or self._calls.event(kind, "$.e")
        return {}, None

    def _structured(self, message: Message) -> str:
        category, action = message.get("se_ca"), message.get("se_ac")
        if not isinstance(action, str) or not isinstance(category, str):
            raise MappingError(
                Finding(ENVELOPE_INVALID, "$.se_ac", "a structured event has category and action")
            )
        try:
            return self._calls.event(action, "$.se_ac")
        except MappingError as error:
            try:
                return self._calls.event(f"{category[:128]} {action}", "$.se_ac")
            except MappingError:
                raise error from None

    def _self_describing(self, record: Message, message: Message) -> tuple[Message, Shape | None]:
        document, path = unpacked(message, *PACKED[0])
        event = document.get("data") if isinstance(document, dict) else None
        if not isinstance(event, dict) or not isinstance(schema := event.get("schema"), str):
            raise MappingError(Finding(ENVELOPE_INVALID, f"{path}.data.schema", "expected an iglu: URI"))
        known = self._known.get(schema) or self._look_up(schema, f"{path}.data.schema")
        record["event"], v, shape = known
        if v is not None:
            record["v"] = v
        data = event.get("data")
        return data if isinstance(data, dict) else as_object(data, f"{path}.data.data"), shape

    def _look_up(self, schema: str, path: str) -> tuple[str, int | None, Shape | None]:
        found = _IGLU.match(schema)
        if found is None:
            wanted = "expected iglu:vendor/name/jsonschema/model-revision-addition"
            raise MappingError(Finding(ENVELOPE_INVALID, path, wanted), event=schema[:128])
        vendor, name, model = found.groups()
        full = f"{vendor}/{name}"
        if full in self._ignored:
            raise NothingToStore(path, self._ignored[full])
        event = self._schemas.get(full) or self._calls.event(name, path)
        v = int(model) if vendor in self._vendors else None
        known = event, v, self._calls.shape(event, v)
        if len(self._known) < NAMES_KEPT and len(schema) <= LENGTH_KEPT:
            self._known[schema] = known
        return known

    def _occurred_at(self, message: Message) -> tuple[str, int]:
        for field in ("ttm", "dtm"):
            if (value := message.get(field)) is not None:
                return moment_of_ms(value, f"$.{field}")
        if (value := message.get("stm")) is not None:
            return moment_of_ms(value, "$.stm")[0], 0
        return rfc3339_ms(self._clock()), 0

    def _shape(self, names: tuple[str, ...]) -> _Told:
        """Which of such members tell of people, the more telling first, and which of circumstances; there are few kinds."""
        people = [(name, path, _PEOPLE[path]) for name, path in self._people.items() if name in names]
        told = people, [name for name in names if name in self._fields or name in self._hashed]
        if len(self._shapes) < SHAPES_KEPT and sum(map(len, names)) < SHAPE_LENGTH_KEPT:
            self._shapes[names] = told
        return told

    def _tell(self, record: Message, name: str, value: Any) -> None:
        if not isinstance(value, str) or not value:
            return
        if (target := self._fields.get(name)) is not None:
            target.tell(record, path_of(value) if name == "url" else value)
        else:
            put(record, self._hashed[name], hashed(value))

    def _entities_of(self, record: Message, message: Message) -> None:
        document, path = unpacked(message, *PACKED[1])
        entities = as_object(document, path).get("data")
        if not isinstance(entities, list):
            raise MappingError(Finding(ENVELOPE_INVALID, f"{path}.data", "expected an array of entities"))
        for entity in entities:
            if isinstance(entity, dict) and isinstance(schema := entity.get("schema"), str):
                found = _IGLU.match(schema)
                fields = self._entities.get(f"{found[1]}/{found[2]}") if found else None
                if fields and isinstance(data := entity.get("data"), dict):
                    self._entity(record, fields, data)

    def _entity(self, record: Message, fields: dict[str, Target], data: Message) -> None:
        for name, value in data.items():
            target = fields.get(name) or fields.get("*")
            if target is None or isinstance(value, bool) or not isinstance(value, str | int) or value == "":
                continue
            if target.path == "ids":
                record["ids"].setdefault(name, value)
            elif target.path in _PEOPLE:
                record.setdefault(target.path, _PEOPLE[target.path].of(value))
            elif target.path == "city":
                put_city(record, str(value), self._cities)
            elif target.path != "context.role" or value in self._roles:
                target.tell(record, str(value))


def unpacked(message: Message, packed: str, plain: str) -> tuple[Any, str]:
    """The JSON in a member, in base64 or plain, and the path of the member.

    Raises:
        MappingError: there is none.
    """
    name = plain if plain in message else packed
    text = message.get(plain) if plain in message else decoded(message.get(packed))
    try:
        if not isinstance(text, str):
            raise ValueError(name)
        return orjson.loads(text), f"$.{name}"
    except ValueError as error:
        wanted = f"expected JSON in `{plain}`, or in base64 in `{packed}`"
        raise MappingError(Finding(ENVELOPE_INVALID, f"$.{name}", wanted)) from error


def decoded(text: Any) -> str | None:
    """The text in base64, of either alphabet, padded or not; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        try:
            return binascii.a2b_base64(text, strict_mode=True).decode()
        except binascii.Error:
            text = text.rstrip("=").replace("-", "+").replace("_", "/")
            return binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True).decode()
    except ValueError:
        return None
