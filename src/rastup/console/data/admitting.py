"""What would happen to an event that somebody pasted: through the real admission, and stored nowhere."""

from __future__ import annotations

import threading
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from rastup.console.services import Services
from rastup.contracts.registry import Contract, Field, load_registry
from rastup.core.clock import rfc3339_ms
from rastup.core.config import IngestConfig
from rastup.core.errors import Rejected, UsageError
from rastup.ingest.admission import Stamp
from rastup.ingest.collector.bodies import parse
from rastup.ingest.dialects import DOMAIN, POSTHOG, SEGMENT, SNOWPLOW, WEB
from rastup.ingest.quarantine import BadRecord
from rastup.ingest.readmission import Readmission, Refused, dialect_of, event_of
from rastup.ingest.repair.loading import is_shallow
from rastup.ingest.repair.paths import Path
from rastup.ingest.repair.steps import Step
from rastup.ingest.repair.suggestion import suggested
from rastup.ingest.repair.trial import Change, differences

MOST_EVENTS = 20
DEEPEST_COPIED = 40
DIALECTS = {
    "": "As it looks",
    DOMAIN: "Domain",
    WEB: "Web",
    SEGMENT: "Segment, RudderStack",
    POSTHOG: "PostHog",
    SNOWPLOW: "Snowplow",
}
_CALLS = frozenset({"track", "identify", "page", "screen", "group", "alias"})


@dataclass(frozen=True)
class Verdict:
    """What would become of one event. Accepted: the line that Bronze would hold. Refused: code, path, message."""

    dialect: str
    event: str | None
    contract: Contract | None
    record: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    code: str | None = None
    path: str | None = None
    message: str | None = None
    field: Field | None = None
    step: Step | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether it would go on."""
        return self.record is not None

    @property
    def redacted(self) -> dict[str, int]:
        """How much personal data of each kind would be taken out."""
        return dict((self.record or {}).get("schema_flags", {}).get("redacted", {}))

    @property
    def unknown(self) -> list[str]:
        """Fields that the contract does not name; they are kept and flagged."""
        return list((self.record or {}).get("schema_flags", {}).get("unknown", []))


@dataclass(frozen=True)
class Judgement:
    """What would happen to a whole body: its events, or why none of it would be read."""

    verdicts: tuple[Verdict, ...] = ()
    refusal: str = ""


def judgement(services: Services, text: str, dialect: str) -> Judgement:
    """What the collector would make of a body now: one event, an array, or lines."""
    limits = services.settings.ingest
    try:
        body = parse(text.encode("utf-8", "surrogatepass"), is_ndjson=False, max_events=MOST_EVENTS)
    except Rejected as error:
        return Judgement(refusal=f"{error.status} {error.code}: {error.message}")
    stamp = Stamp(rfc3339_ms(services.clock()), "prod", "console")
    verdicts = [_broken(message) for _, _, message in body.broken]
    verdicts += [_verdict(limits, message, dialect or _dialect(message), stamp) for message in body.records]
    return Judgement(tuple(verdicts))


def _dialect(message: Any) -> str:
    if isinstance(message, dict):
        kind, properties = message.get("type"), message.get("properties")
        if isinstance(kind, str) and kind in _CALLS:
            return SEGMENT
        if "distinct_id" in message or (isinstance(properties, dict) and "distinct_id" in properties):
            return POSTHOG
        if "e" in message and "eid" in message:
            return SNOWPLOW
    return dialect_of(message)


def _verdict(limits: IngestConfig, message: Any, dialect: str, stamp: Stamp) -> Verdict:
    # What cannot be copied is refused anyway.
    before = deepcopy(message) if is_shallow(message, DEEPEST_COPIED) else None
    admitted = _admitted(limits, message, dialect, stamp)
    registry = load_registry()
    if isinstance(admitted, Refused):
        why, name = admitted.finding, admitted.event or event_of(message)
        contract = registry.newest(name) if name else None
        bad = BadRecord(
            "", stamp.received_at, None, None, dialect, name, why.code, why.path, why.message, "", "utf8"
        )
        return Verdict(
            dialect,
            name,
            contract,
            code=why.code,
            path=why.path,
            message=why.message,
            field=_field(contract, why.path),
            step=suggested(bad),
        )
    record = orjson.loads(admitted)
    changes = differences(before, record) if dialect == DOMAIN else ()
    contract = registry.get(record["event"], record["v"])
    return Verdict(dialect, record["event"], contract, record, tuple(changes))


def _broken(message: str) -> Verdict:
    return Verdict(DOMAIN, None, None, code="EVENT_ENVELOPE_INVALID", path="$", message=message)


def _field(contract: Contract | None, path: str) -> Field | None:
    if contract is None or not path.startswith("$.payload."):
        return None
    try:
        name = Path.parse(path).parts[1]
    except UsageError:  # deeper, or longer, than a path of a repair may be
        return None
    return next((field for field in contract.fields if field.name == name), None)


_lock = threading.Lock()


def _admitted(limits: IngestConfig, message: Any, dialect: str, stamp: Stamp) -> bytes | Refused:
    # One for all requests, because it takes a tenth of a second to make; it keeps the time of its event.
    with _lock:
        return _readmission(limits).judged(message, dialect, stamp)


@lru_cache(maxsize=2)
def _readmission(limits: IngestConfig) -> Readmission:
    return Readmission(limits)
