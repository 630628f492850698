"""What every way in shares."""

from __future__ import annotations

from dataclasses import dataclass

from rastup.core.config import IngestConfig
from rastup.ingest.collector.exchange import Endpoint
from rastup.ingest.collector.gate import Gate
from rastup.ingest.collector.intake import Intake
from rastup.ingest.collector.reading import Reading
from rastup.ingest.collector.storing import Storing


@dataclass(frozen=True, slots=True)
class WayIn:
    """The steps of a request that brings events, one after the other."""

    config: IngestConfig
    gate: Gate
    reading: Reading
    intake: Intake
    storing: Storing


class EventsEndpoint(Endpoint):
    """Takes events."""

    def __init__(self, way_in: WayIn) -> None:
        self._config = way_in.config
        self._gate = way_in.gate
        self._reading = way_in.reading
        self._intake = way_in.intake
        self._storing = way_in.storing
