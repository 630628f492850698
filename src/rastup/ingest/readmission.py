"""Admitting an event from its original bytes: what an import and a replay have in common with a request.

The bytes and, for a call of an SDK that says neither id nor time, the minute in which it first came say all there is to
know: the same ones give the same event id every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from rastup.contracts.explanation import Finding
from rastup.contracts.mapping import MappingError
from rastup.contracts.registry import Registry, load_registry
from rastup.contracts.validation import Validator
from rastup.core.clock import epoch_ms, system_clock
from rastup.core.config import IngestConfig
from rastup.core.ids import ulid
from rastup.ingest.admission import ENVELOPE_INVALID, TOO_LARGE, Admission, Stamp, quarantine_line
from rastup.ingest.dialects import DOMAIN, WEB, Dialects
from rastup.ingest.user_agents import AgentFields, describe


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an event is refused, and the dialect and event name it was read in."""

    finding: Finding
    dialect: str
    event: str | None


class Readmission:
    """Admits original bytes, under the contracts as they are now."""

    def __init__(self, config: IngestConfig, registry: Registry | None = None) -> None:
        registry = registry or load_registry()
        self._max_bytes = config.max_event_bytes
        self._admission = Admission(
            Validator(registry), max_event_bytes=config.max_event_bytes, max_depth=config.max_event_depth
        )
        self._now = system_clock()
        self._agents = AgentFields(registry.root)
        self._mapper = Dialects(registry, clock=lambda: self._now).mapper

    def replay(
        self,
        raw: bytes,
        dialect: str,
        stamp: Stamp,
        first_received: datetime,
        repair: Callable[[Any], Any] = lambda message: message,
    ) -> bytes | Refused:
        """The canonical line of an event that was refused once, or why it is refused again.

        Args:
            raw: its original bytes.
            dialect: the dialect it came in.
            stamp: its new time of receipt, its environment and source.
            first_received: when it first came, which dates a call of an SDK that does not say its own time.
            repair: what makes of the message that came in the one that is admitted.
        """
        self._now = first_received
        message = parse(raw, self._max_bytes)
        if isinstance(message, Finding):
            return Refused(message, dialect, None)
        return self.admit(repair(message), dialect, stamp)

    def judged(self, message: Any, dialect: str, stamp: Stamp) -> bytes | Refused:
        """`admit` of a message that came at the time of its stamp."""
        self._now = datetime.fromisoformat(stamp.received_at)
        return self.admit(message, dialect, stamp)

    def admit(self, message: Any, dialect: str, stamp: Stamp) -> bytes | Refused:
        """The canonical line of a parsed message, or why it is refused."""
        try:
            return self._admitted(message, dialect, stamp)
        except MappingError as error:
            return Refused(error.finding, dialect, event_of(message))
        except RecursionError:
            return Refused(self._admission.too_deep(), dialect, event_of(message))

    def _admitted(self, message: Any, dialect: str, stamp: Stamp) -> bytes | Refused:
        record = message if dialect == DOMAIN else self._mapper(dialect)(message)
        flags = None
        if (agent := self._agents.of(dialect, message)) is not None:
            describe(record, agent)
            flags = {"bot": True} if agent.is_bot else None
        line = self._admission.admit(record, stamp, flags)
        if isinstance(line, bytes):
            return line
        return Refused(line, dialect, event_of(message) or event_of(record))


def parse(raw: bytes, max_bytes: int) -> Any | Finding:
    """The JSON value in `raw`, or why there is none."""
    if len(raw) > max_bytes:
        return Finding(TOO_LARGE, "$", f"expected at most {max_bytes} bytes, got {len(raw)}")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return Finding(ENVELOPE_INVALID, "$", f"not JSON: {error.msg} at byte {error.pos}")


def dialect_of(message: Any) -> str:
    """`web` when the message is named as the web dialect names things, else `domain`."""
    return (
        WEB
        if isinstance(message, dict) and "event" not in message and ("name" in message or "ts" in message)
        else DOMAIN
    )


def event_of(message: Any) -> str | None:
    """The event's name in either dialect, as far as there is one."""
    name = (message.get("event") or message.get("name")) if isinstance(message, dict) else None
    return name if isinstance(name, str) else None


def refused_line(raw: bytes, refused: Refused, stamp: Stamp) -> bytes:
    """The `_bad` line of a refused event; the same bytes received at the same time give the same id."""
    at_ms = epoch_ms(stamp.received_at)
    bad_id = "bad_" + ulid(at_ms, blake2b(raw, digest_size=10).digest())
    return quarantine_line(
        raw, refused.finding, stamp, dialect=refused.dialect, event=refused.event, bad_id=bad_id
    )
