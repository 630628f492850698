"""What the dialects of public SDKs have in common: names of events, properties, ids of people, times, ids of events.

Every call of an SDK passes here at the rate of `/collect`, so what depends on a name alone is worked out once a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from rastup.contracts.explanation import ENVELOPE_INVALID, Finding
from rastup.contracts.mapping import MappingError, Message, Tables, put
from rastup.contracts.registry import Contract, Registry
from rastup.contracts.validation import UNKNOWN
from rastup.contracts.versions import Versions
from rastup.core.clock import rfc3339_ms
from rastup.core.ids import derive_event_id

NAMES_KEPT = 10_000
PEOPLE_KEPT = 65_536
LENGTH_KEPT = 128
USER, ANONYMOUS, SESSION = "usr_", "an_", "ses_"
IDENTITY_LINK = "identity.link"
_LONGEST = {"app": 64, "geo": 64, "device": 64, "campaign": 256, "page": 2048}
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
            (name, [(source, source in known) for source in tables.payload_ids.get(name, (name,))])
            for name in contract.ids
        ]
        self._has_money = "money" in contract.schema["required"]

    def fill(self, record: Message, properties: Message) -> None:
        """Sets what the contract asks for; `properties` stay as they are."""
        payload = properties.copy()
        for name, field in self._renames:
            if name in payload:
                payload.setdefault(field, payload.pop(name))
        for name, sources in self._ids:
            for source, is_known in sources:
                if isinstance(payload.get(source), str):
                    record["ids"].setdefault(name, payload[source])
                    if not is_known:
                        del payload[source]
                    break
        record["payload"] = payload
        if self._has_money and (amount := payload.get("amount_cents")) is not None:
            record["money"] = {"amount_cents": amount, "currency": payload.get("currency", "USD")}


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
        self._found: dict[str, str] = {}

    def event(self, name: str, path: str) -> str:
        """The event that a sender calls `name`, however its words are joined.

        Raises:
            MappingError: `EVENT_UNKNOWN` with the nearest event, at `path`.
        """
        found = self._found.get(name)
        if found is None:
            found = self._look_up(name, path)
            if len(self._found) < NAMES_KEPT and len(name) <= LENGTH_KEPT:
                self._found[name] = found
        return found

    def finish(self, record: Message, properties: Message) -> Message:
        """The record with the version, payload, ids and money of its event."""
        only = self._only.get(record["event"])
        if only is None or "v" in record:
            return self._finish_version(record, properties)
        record["v"] = only.v
        only.fill(record, properties)
        return record

    def _finish_version(self, record: Message, properties: Message) -> Message:
        def fill(record: Message, contract: Contract | None) -> None:
            if contract is None:
                record["payload"] = properties.copy()
            else:
                self._shapes[contract.event, contract.v].fill(record, properties)

        if "v" not in record:
            return self._versions.read(record, fill)
        fill(record, self._registry.get(record["event"], record["v"]))
        return record

    def _look_up(self, name: str, path: str) -> str:
        plain = _WORDS.sub("_", name[:256].lower()).strip("_")
        if (found := self._events.get(plain)) is not None:
            return found
        near = self._registry.nearest(plain.replace("_", "."))
        hint = f"; did you mean {near}?" if near else "; `rastup contracts list` shows every event"
        raise MappingError(Finding(UNKNOWN, path, f"no contract knows this event{hint}"), event=name[:128])


def tell(record: Message, target: str, value: str) -> None:
    """Notes a circumstance at a dotted path, cut to what the envelope takes: it must not cost the event."""
    put(record, target, value[: _LONGEST.get(target.partition(".")[0], 256)])


def path_of(url: str) -> str:
    """The path of a URL, without what may follow it."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


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


def moment(text: Any, path: str) -> tuple[str, int]:
    """A sender's date-time as the platform writes it, and in milliseconds since the epoch. Without a zone it is in UTC.

    Raises:
        MappingError: it is no date-time.
    """
    try:
        parsed = datetime.fromisoformat(text)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=UTC)
        if _is_utc_with_milliseconds(text):
            return text[:23] + "Z", int(parsed.timestamp() * 1000)
        return rfc3339_ms(parsed), int(parsed.timestamp() * 1000)
    except (TypeError, ValueError, OverflowError) as error:
        raise MappingError(Finding(ENVELOPE_INVALID, path, "expected an ISO 8601 date-time")) from error


def _is_utc_with_milliseconds(text: str) -> bool:
    return (
        len(text) >= 24
        and text[10] == "T"
        and text[13] == ":"
        and text[19] == "."
        and (text.endswith(("+00:00", "Z")))
        and text[20:23].isdigit()
        and text.isascii()
    )


def moment_of_ms(value: Any, path: str) -> tuple[str, int]:
    """Milliseconds since the epoch, as a number or its digits, as `moment` gives them.

    Raises:
        MappingError: it is no such number, or of no year that a calendar has.
    """
    try:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
            raise ValueError(value)
        time_ms = int(value)
        seconds, rest = divmod(time_ms, 1000)
        return f"{_second(seconds)}.{rest:03d}Z", time_ms
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise MappingError(Finding(ENVELOPE_INVALID, path, "expected milliseconds since 1970")) from error


@lru_cache(maxsize=4_096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00")


def prefixed(value: str, prefix: str) -> str:
    """An id with its prefix: kept when it has it, else derived so that equal ids stay equal and others differ."""
    return _known_person(value, prefix) if len(value) <= LENGTH_KEPT else _prefixed(value, prefix)


def _prefixed(value: str, prefix: str) -> str:
    rest = value.removeprefix(prefix)
    if value.startswith(prefix) and rest.isascii() and rest.isalnum() and len(value) <= 128:
        return value
    return prefix + sha256(value.encode("utf-8", "replace")).hexdigest()[:32]


_known_person = lru_cache(maxsize=PEOPLE_KEPT)(_prefixed)


def person(value: Any, prefix: str) -> str | None:
    """The id that text or a number stands for; None for what is empty or neither."""
    if isinstance(value, str):
        return prefixed(value, prefix) if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return prefixed(str(value), prefix)
    return None


def event_id(message_id: Any, time_ms: int, message: Mapping[str, Any], *unsteady: str) -> str:
    """The event id of a message: its own id when that is a ULID, else derived from it: a resend is the same event.

    Args:
        message_id: as the sender gave it; without one the id is derived from all of the message.
        time_ms: of the event, 0 when the message does not say it: the time of an id must not depend on the clock.
        message: the message.
        unsteady: members that another attempt to send it changes.
    """
    if not isinstance(message_id, str) or not message_id:
        content = repr(sorted((key, value) for key, value in message.items() if key not in unsteady))
        return derive_event_id(time_ms, content.encode("utf-8", "replace"))
    if len(message_id) in (26, 30) and _ULID.match(message_id):
        return "evt_" + message_id.removeprefix("evt_")
    return derive_event_id(time_ms, message_id.encode("utf-8", "replace"))


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
