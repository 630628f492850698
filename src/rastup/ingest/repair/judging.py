"""What would become of a quarantined event: its message repaired, and admitted as if it had just come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from rastup.core.clock import Clock, rfc3339_ms
from rastup.core.config import IngestConfig
from rastup.ingest.admission import Stamp
from rastup.ingest.keys import ENVIRONMENTS
from rastup.ingest.quarantine import REFUSED, REPLAYED, BadRecord
from rastup.ingest.readmission import Readmission
from rastup.ingest.repair.steps import Step, repaired

PROD = "prod"


@dataclass(frozen=True)
class Outcome:
    """What became of one record: `replayed` with its event id, or `refused` with the new reason."""

    id: str
    state: str
    event: str | None
    event_id: str | None = None
    code: str | None = None
    path: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Judged:
    """An outcome, and the line that goes on when it passes."""

    outcome: Outcome
    line: bytes | None


class Judge:
    """Admits records after the steps of a repair, under the contracts as they are now."""

    def __init__(self, config: IngestConfig, steps: tuple[Step, ...], clock: Clock) -> None:
        self._readmission = Readmission(config)
        self._repair: Callable[[Any], Any] = lambda message: repaired(message, steps)
        self._clock = clock

    def judge(self, bad: BadRecord) -> Judged:
        """What becomes of the record. Changes nothing."""
        stamp = Stamp(rfc3339_ms(self._clock()), self._env(bad), bad.source or "replay")
        first = datetime.fromisoformat(bad.received_at)
        line = self._readmission.replay(bad.original, bad.dialect, stamp, first, self._repair)
        if isinstance(line, bytes):
            record = orjson.loads(line)
            return Judged(Outcome(bad.id, REPLAYED, record["event"], record["event_id"]), line)
        why = line.finding
        event = line.event or bad.event
        return Judged(Outcome(bad.id, REFUSED, event, None, why.code, why.path, why.message), None)

    def _env(self, bad: BadRecord) -> str:
        """The environment of the key that the event came with.

        A message of the bus came with none: it belongs where it says itself once it is repaired, else where most events do.
        """
        if bad.env in ENVIRONMENTS:
            return bad.env
        try:
            said = self._repair(orjson.loads(bad.original))["context"]["env"]
        except (orjson.JSONDecodeError, KeyError, TypeError, RecursionError):
            return PROD  # `admit` says what is wrong with it
        return str(said) if said in ENVIRONMENTS else PROD
