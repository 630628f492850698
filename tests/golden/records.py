"""Canonical records as the oracle sees them: parsed by the letter of the specification, de-duplicated, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

Record = dict[str, Any]


def canonical_line(record: Record) -> bytes:
    """The record's bytes as Bronze holds them, without the newline."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


def instant(text: str) -> datetime:
    """An RFC 3339 text as an aware instant in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


@dataclass(frozen=True)
class Event:
    """One record with the names of the specification's rules."""

    record: Record
    line: bytes | None = None

    def __hash__(self) -> int:
        return id(self)

    @cached_property
    def event_id(self) -> str:
        return str(self.record["event_id"])

    @property
    def name(self) -> str:
        return str(self.record["event"])

    @cached_property
    def occurred_at(self) -> datetime:
        return instant(self.record["occurred_at"])

    @cached_property
    def received_at(self) -> datetime:
        return instant(self.record["received_at"])

    @property
    def dt(self) -> date:
        return self.received_at.date()

    @property
    def env(self) -> str:
        return str(self.record["context"]["env"])

    @property
    def role(self) -> str:
        return str(self.record["context"]["role"])

    @property
    def actor(self) -> str | None:
        return self.record.get("user_id") or self.record.get("anon_id")

    @property
    def city(self) -> str | None:
        return self.record.get("city")

    @property
    def is_bot(self) -> bool:
        return bool(self.record.get("schema_flags", {}).get("bot"))

    @property
    def lbg_id(self) -> str | None:
        return self.record["ids"].get("lbg_id")

    @property
    def leg_id(self) -> str | None:
        return self.record["ids"].get("leg_id")

    @property
    def currency(self) -> str | None:
        code = self.record.get("money", {}).get("currency")
        return code.upper() if code else None

    @property
    def amount_cents(self) -> int | None:
        return self.record.get("money", {}).get("amount_cents")

    def payload(self, field: str) -> Any:
        return self.record["payload"].get(field)

    def payload_instant(self, field: str) -> datetime | None:
        text = self.payload(field)
        return instant(text) if text else None

    @property
    def arrival(self) -> tuple[datetime, str]:
        """Orders what *first* means: rule 2."""
        return (self.received_at, self.event_id)

    @property
    def happening(self) -> tuple[datetime, datetime, str]:
        """Orders what happened in time: rule 1."""
        return (self.occurred_at, self.received_at, self.event_id)

    def base(self) -> Record:
        """The columns that every fact carries, except the city."""
        return {
            "event_id": self.event_id,
            "dt": self.dt,
            "occurred_at": self.occurred_at,
            "received_at": self.received_at,
            "actor_key": self.actor,
            "identity_id": self.actor,
            "session_id": self.record.get("session_id"),
            "role": self.role,
            "env": self.env,
        }


def once(records: Iterable[Record | bytes]) -> list[Event]:
    """One event per `event_id`: the smallest `received_at`, then the smaller bytes, in order of arrival.

    Records may be given as the lines that hold them, which then are the bytes.
    """
    kept: dict[str, Event] = {}
    for record in records:
        event = Event(json.loads(record), record) if isinstance(record, bytes) else Event(record)
        other = kept.get(event.event_id)
        if other is None or _precedence(event) < _precedence(other):
            kept[event.event_id] = event
    return sorted(kept.values(), key=lambda event: event.arrival)


def _precedence(event: Event) -> tuple[datetime, bytes]:
    return (event.received_at, event.line or canonical_line(event.record))
