"""`/collect` and `/e`: events in the domain and in the web dialect."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from rastup.core.config import IngestConfig
from rastup.ingest.admission import is_plain_text
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import JSON, Answer, Endpoint, Exchange
from rastup.ingest.collector.gate import Gate, stamp_of
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.reading import Reading
from rastup.ingest.collector.storing import Storing
from rastup.ingest.dialects import WEB, Mapper
from rastup.ingest.keys import WriteKey


class CollectEndpoint(Endpoint):
    """`POST /collect`: one event, an array or NDJSON in the domain dialect."""

    def __init__(
        self, config: IngestConfig, gate: Gate, reading: Reading, intake: Intake, storing: Storing
    ) -> None:
        self._config = config
        self._gate = gate
        self._reading = reading
        self._intake = intake
        self._storing = storing

    async def answer(self, exchange: Exchange) -> Answer:
        """What became of the events."""
        self._storing.require_room()
        scope = exchange.scope
        query = parse_qs(scope.query_string) if scope.query_string else {}
        key = await self._gate.key(scope, scope.headers.get("authorization"), query)
        exchange.place = (key.source, key.env)
        plain = await self._reading.plain(scope.headers, exchange.proto, self._config.max_request_bytes)
        parsed = self._reading.parsed(scope.headers, plain)
        self._gate.limit(key, parsed)
        taken = self._take(parsed, plain, key, scope, query.get("results") == ["all"])
        await self._storing.store(taken, exchange.place)
        return Answer(200, exchange.headers or JSON, taken.answer())

    def _take(self, parsed: Parsed, plain: bytes, key: WriteKey, _scope: Any, all_results: bool) -> Taken:
        is_plain = is_plain_text(plain)
        return self._intake.take(parsed, stamp_of(key), is_plain=is_plain, all_results=all_results)


class WebEndpoint(CollectEndpoint):
    """`POST /e`: the same in the web dialect, from pages."""

    def __init__(
        self,
        config: IngestConfig,
        gate: Gate,
        reading: Reading,
        intake: Intake,
        storing: Storing,
        cors: Cors,
        enrichment: Enrichment,
        mapper: Mapper,
    ) -> None:
        super().__init__(config, gate, reading, intake, storing)
        self._cors = cors
        self._enrichment = enrichment
        self._mapper = mapper

    async def answer(self, exchange: Exchange) -> Answer:
        """What became of the events."""
        exchange.headers = await self._cors.headers(exchange.scope)
        return await super().answer(exchange)

    def _take(self, parsed: Parsed, plain: bytes, key: WriteKey, scope: Any, all_results: bool) -> Taken:  # noqa: ARG002
        return self._intake.take_mapped(
            parsed,
            stamp_of(key),
            dialect=WEB,
            mapper=self._mapper,
            enricher=self._enrichment.of_browser(WEB, scope.headers, scope.client),
            all_results=all_results,
        )
