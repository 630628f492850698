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
_Known = tuple[str, int | None, Shape | None]
"""An event, its version when the schema is one of ours, and its shape when that is known."""
_Told = tuple[list[tuple[str, str, People]], list[str]]
_STRUCTURED, _SELF_DESCRIBING = "se", "ue"
_UNSTEADY = ("stm",)


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
        self._known: dict[str, _Known] = {}
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
        (event, v, shape), properties = self._event(message)
        record: Message = {
            "event_id": event_id(message.get("eid"), time_ms, message, _UNSTEADY, self._clock),
            "event": event,
            "occurred_at": occurred_at,
            "context": {"role": "guest"},
            "ids": {},
            "payload": properties,
        }
        people, others = self._shapes.get(names := tuple(message)) or self._shape(names)
        for name, path, ids in people:
            if isinstance(value := message[name], str) and value and path not in record:
                record[path] = ids[value]
        for name in others:
            if isinstance(value := message[name], str) and value:
                self._tell(record, name, value)
        if "co" in message or "cx" in message:
            self._entities_of(record, message)
        if "role" in properties and isinstance(role := properties["role"], str) and role in self._roles:
            record["context"]["role"] = role
        if "city" in properties and isinstance(city := properties["city"], str) and city:
            put_city(record, city, self._cities)
        if event in self._fill:
            for field, (source, otherwise) in self._fill[event].items():
                properties.setdefault(field, record.get(source, otherwise))
        if shape is not None:
            return shape.fill(record, properties)
        if v is not None:
            record["v"] = v
        return self._calls.finish(record, properties)

    def _event(self, message: Message) -> tuple[_Known, Message]:
        """What the message says that it is, and its properties."""
        kind = message.get("e")
        if kind == _SELF_DESCRIBING:
            return self._self_describing(message)
        if not isinstance(kind, str):
            raise MappingError(Finding(ENVELOPE_INVALID, "$.e", "expected the kind of event"))
        if kind in self._ignored:
            raise NothingToStore("$.e", self._ignored[kind])
        if kind == _STRUCTURED:
            event = self._structured(message)
            told = {field: message.get(name) for name, field in self._properties.items()}
            return (event, None, None), {field: value for field, value in told.items() if value is not None}
        return (self._events.get(kind) or self._calls.event(kind, "$.e"), None, None), {}

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

    def _self_describing(self, message: Message) -> tuple[_Known, Message]:
        packed, plain = PACKED[0]
        document = unpacked(message, packed, plain)
        event = document.get("data") if isinstance(document, dict) else None
        if not isinstance(event, dict) or not isinstance(schema := event.get("schema"), str):
            path = f"{_place(message, packed, plain)}.data.schema"
            raise MappingError(Finding(ENVELOPE_INVALID, path, "expected an iglu: URI"))
        known = self._known.get(schema)
        if known is None:
            known = self._look_up(schema, f"{_place(message, packed, plain)}.data.schema")
        data = event.get("data")
        if not isinstance(data, dict):
            data = as_object(data, f"{_place(message, packed, plain)}.data.data")
        return known, data

    def _look_up(self, schema: str, path: str) -> _Known:
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
        if (value := message.get("ttm")) is not None:
            return moment_of_ms(value, "$.ttm")
        if (value := message.get("dtm")) is not None:
            return moment_of_ms(value, "$.dtm")
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

    def _tell(self, record: Message, name: str, value: str) -> None:
        if (target := self._fields.get(name)) is not None:
            target.tell(record, path_of(value) if name == "url" else value)
        else:
            put(record, self._hashed[name], hashed(value))

    def _entities_of(self, record: Message, message: Message) -> None:
        path = _place(message, *PACKED[1])
        entities = as_object(unpacked(message, *PACKED[1]), path).get("data")
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


def unpacked(message: Message, packed: str, plain: str) -> Any:
    """The JSON in a member, in base64 or plain.

    Raises:
        MappingError: there is none.
    """
    text = message[plain] if plain in message else decoded(message.get(packed))
    try:
        if not isinstance(text, str):
            raise ValueError(text)
        return orjson.loads(text)
    except ValueError as error:
        wanted = f"expected JSON in `{plain}`, or in base64 in `{packed}`"
        raise MappingError(Finding(ENVELOPE_INVALID, _place(message, packed, plain), wanted)) from error


def _place(message: Message, packed: str, plain: str) -> str:
    """The path of that member."""
    return f"$.{plain if plain in message else packed}"


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
