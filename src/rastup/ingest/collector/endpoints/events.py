"""`/collect` and `/e`: events in the domain and in the web dialect."""

from __future__ import annotations

from urllib.parse import parse_qs

from rastup.ingest.admission import is_plain_text
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.endpoints.shared import EventsEndpoint, WayIn
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import JSON, Answer, Exchange
from rastup.ingest.collector.gate import stamp_of
from rastup.ingest.collector.intake import Taken
from rastup.ingest.dialects import WEB, Mapper
from rastup.ingest.keys import WriteKey


class CollectEndpoint(EventsEndpoint):
    """`POST /collect`: one event, an array or NDJSON in the domain dialect."""

    async def answer(self, exchange: Exchange) -> Answer:
        """What became of the events."""
        self._storing.require_room()
        scope = exchange.scope
        query = parse_qs(scope.query_string) if scope.query_string else {}
        in_address = query.get("key", [None])[0]
        key = await self._gate.key(scope, scope.headers.get("authorization"), in_address=in_address)
        exchange.place = (key.source, key.env)
        limit = self._config.max_request_bytes
        exchange.plain = await self._reading.plain(scope.headers, exchange.proto, limit)
        taken = self._taken(exchange, key, query.get("results") == ["all"])
        await self._storing.store(taken, exchange.place)
        return Answer(200, exchange.headers or JSON, taken.answer())

    def _taken(self, exchange: Exchange, key: WriteKey, all_results: bool) -> Taken:
        """Records and body end here: kept while their lines are stored, they cost a third more in looking for garbage."""
        parsed = self._reading.parsed(exchange.scope.headers, exchange.plain)
        self._gate.limit(key, parsed)
        taken = self._take(exchange, parsed, key, all_results)
        exchange.plain = b""
        return taken

    def _take(self, exchange: Exchange, parsed: Parsed, key: WriteKey, all_results: bool) -> Taken:
        is_plain = is_plain_text(exchange.plain)
        return self._intake.take(parsed, stamp_of(key), is_plain=is_plain, all_results=all_results)


class WebEndpoint(CollectEndpoint):
    """`POST /e`: the same in the web dialect, from pages."""

    def __init__(self, way_in: WayIn, cors: Cors, enrichment: Enrichment, mapper: Mapper) -> None:
        super().__init__(way_in)
        self._cors = cors
        self._enrichment = enrichment
        self._mapper = mapper

    async def answer(self, exchange: Exchange) -> Answer:
        """What became of the events."""
        exchange.headers = await self._cors.headers(exchange.scope)
        return await super().answer(exchange)

    def _take(self, exchange: Exchange, parsed: Parsed, key: WriteKey, all_results: bool) -> Taken:
        scope = exchange.scope
        return self._intake.take_mapped(
            parsed,
            stamp_of(key),
            dialect=WEB,
            mapper=self._mapper,
            enricher=self._enrichment.of_browser(WEB, scope.headers, scope.client),
            is_plain=is_plain_text(exchange.plain),
            all_results=all_results,
        )
