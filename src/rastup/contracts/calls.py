"""What the dialects of public SDKs have in common: names of events, properties, ids of events, links of people.

Every call of an SDK passes here at the rate of `/collect`, so what depends on a name alone is worked out once a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables
from rastup.contracts.people import LENGTH_KEPT
from rastup.contracts.registry import Contract, Registry
from rastup.contracts.validation import UNKNOWN
from rastup.contracts.versions import Versions
from rastup.core.clock import Clock
from rastup.core.ids import derive_event_id

NAMES_KEPT = 10_000
SHAPES_KEPT, SHAPE_LENGTH_KEPT = 5_000, 2_000
IDENTITY_LINK = "identity.link"
_ULID = re.compile(r"^(evt_)?[0-7][0-9A-HJKMNP-TV-Z]{25}$")
_WORDS = re.compile(r"[^a-z0-9]+")


class NothingToStore(MappingError):
    """A call that is understood and of which, by rule, nothing is kept: person profiles, heartbeats, links to nobody."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(Finding(UNKNOWN, path, why))


class Shape:
    """How properties become the payload, the ids and the money of one contract."""

    def __init__(self, contract: Contract, tables: Tables) -> None:
        self.v = contract.v
        known = {field.name for field in contract.fields}
        self._renames = []
        for name, fields in tables.segment["properties"].items():
            wanted = [fields] if isinstance(fields, str) else fields
            if name not in known and (field := next((f for f in wanted if f in known), None)):
                self._renames.append((name, field))
        self._ids = [
            (name, tuple((source, source in known) for source in tables.payload_ids.get(name, (name,))))
            for name in contract.ids
        ]
        self._has_money = "money" in contract.schema["required"]

    def fill(self, record: Message, payload: Message) -> Message:
        """The record with what the contract asks for; `payload` is its own from now on."""
        record["v"] = self.v
        record["payload"] = payload
        for name, field in self._renames:
            if name in payload:
                payload.setdefault(field, payload.pop(name))
        for name, sources in self._ids:
            for source, is_known in sources:
                if source in payload and isinstance(value := payload[source], str):
                    record["ids"].setdefault(name, value)
                    if not is_known:
                        del payload[source]
                    break
        if self._has_money and (amount := payload.get("amount_cents")) is not None:
            record["money"] = {"amount_cents": amount, "currency": payload.get("currency", "USD")}
        return record


class Calls:
    """Events by the names that senders give them. Which name means what is data in `contracts/mapping/segment.yaml`."""

    def __init__(self, registry: Registry, tables: Tables) -> None:
        self._registry = registry
        self._tables = tables
        self._versions = Versions(registry)
        self._events: dict[str, str] = {
            **tables.segment["events"],
            **{c.event.replace(".", "_"): c.event for c in registry.contracts},
        }
        self._shapes = {(c.event, c.v): Shape(c, tables) for c in registry.contracts}
        self._only = {
            event: self._shapes[event, contracts[0].v]
            for event, contracts in registry.by_event().items()
            if len(contracts) == 1
        }
        self._hints: dict[str, str] = {}
        self.plans: dict[str, tuple[str, Shape]] = {}
        """Event and shape by the names that senders have given so far to events of one version."""

    def event(self, name: str, path: str) -> str:
        """The event that a sender calls `name`, however its words are joined.

        Raises:
            MappingError: `EVENT_UNKNOWN` with the nearest event, at `path`.
        """
        plan = self.plans.get(name)
        if plan is not None:
            return plan[0]
        found = self._look_up(name, path)
        if (
            (only := self._only.get(found)) is not None
            and len(self.plans) < NAMES_KEPT
            and len(name) <= LENGTH_KEPT
        ):
            self.plans[name] = found, only
        return found

    def shape(self, event: str, v: int | None) -> Shape | None:
        """The shape of a version, or without one that of an event's only version."""
        return self._only.get(event) if v is None else self._shapes.get((event, v))

    def finish(self, record: Message, payload: Message) -> Message:
        """The record with the version, payload, ids and money of its event; `payload` is its own from now on."""
        only = self._only.get(record["event"])
        if only is None or "v" in record:
            return self._finish_version(record, payload)
        return only.fill(record, payload)

    def _finish_version(self, record: Message, payload: Message) -> Message:
        def fill(record: Message, contract: Contract | None) -> None:
            if contract is None:
                record["payload"] = payload.copy()
            else:
                self._shapes[contract.event, contract.v].fill(record, payload.copy())

        if "v" not in record:
            return self._versions.read(record, fill)
        fill(record, self._registry.get(record["event"], record["v"]))
        return record

    def _look_up(self, name: str, path: str) -> str:
        plain = _WORDS.sub("_", name[:256].lower()).strip("_")
        if (found := self._events.get(plain)) is not None:
            return found
        raise MappingError(Finding(UNKNOWN, path, self._unknown(plain)), event=name[:128])

    def _unknown(self, plain: str) -> str:
        """Looking for the nearest costs a hundred times what an event does, and who has a name wrong sends it often."""
        found = self._hints.get(plain)
        if found is None:
            near = self._registry.nearest(plain.replace("_", "."))
            hint = f"did you mean {near}?" if near else "`rastup contracts list` shows every event"
            found = f"no contract knows this event; {hint}"
            if len(self._hints) < NAMES_KEPT:
                self._hints[plain] = found
        return found


def as_object(value: Any, path: str) -> Message:
    """A member that may be absent.

    Raises:
        MappingError: it is something else than an object.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MappingError(Finding(ENVELOPE_INVALID, path, "expected an object"))
    return value


def event_id(
    message_id: Any,
    time_ms: int,
    message: Mapping[str, Any],
    unsteady: tuple[str, ...],
    clock: Clock,
) -> str:
    """The event id of a message: its own id when that is a ULID, else derived from its id, or from all of it and its time.

    So a resend is the same event, but for a message that says neither: it is another one from minute to minute.

    Args:
        message_id: as the sender gave it; without one the id is derived from all of the message.
        time_ms: of the event as the message says it; 0 where it does not. Then the id's time is 0, or without an id the
            minute of receipt.
        message: the message.
        unsteady: members that another attempt to send it changes.
        clock: of receipt, asked only for a message that says neither id nor time.
    """
    if isinstance(message_id, str) and message_id:
        if len(message_id) in (26, 30) and _ULID.match(message_id):
            return "evt_" + message_id.removeprefix("evt_")
        return derive_event_id(time_ms, message_id.encode("utf-8", "replace"))
    if not time_ms:
        time_ms = int(clock().timestamp()) // 60 * 60_000
    content = repr(sorted((key, value) for key, value in message.items() if key not in unsteady))
    return derive_event_id(time_ms, content.encode("utf-8", "replace"))


def link(record: Message, user_id: str | None, anon_id: str | None) -> Message:
    """Makes a record the link of a person to their anonymous past. What a profile says of them is not kept.

    Raises:
        NothingToStore: one of the two is missing.
    """
    if user_id is None or anon_id is None:
        why = "one id alone links nobody, and what a profile says of a person is not kept"
        raise NothingToStore("$", why)
    record["event"] = IDENTITY_LINK
    record["user_id"] = user_id
    return {"user_id": user_id, "anon_id": anon_id}
