"""The paths of public SDKs: each library's own way to send, and the answers that it understands."""

from __future__ import annotations

from urllib.parse import parse_qs

from rastup.core.errors import Rejected
from rastup.ingest.collector.access import check_address
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.endpoints.shared import EventsEndpoint, WayIn
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import JSON, Answer, Exchange, Query, refusal
from rastup.ingest.collector.gate import stamp_of
from rastup.ingest.collector.intake import Taken
from rastup.ingest.collector.originals import Originals
from rastup.ingest.collector.sdks import Limits, Wire
from rastup.ingest.dialects import Mapper
from rastup.ingest.keys import WriteKey


class CallsEndpoint(EventsEndpoint):
    """One path of one SDK. Its address and its library are a server's, and tell nothing of a person.

    Args:
        way_in: what every way in shares.
        wire: how the SDK sends.
        enrichment: tells of the SDK.
        mapper: of its dialect.
        cors: for paths that pages send to.
    """

    def __init__(
        self, way_in: WayIn, wire: Wire, enrichment: Enrichment, mapper: Mapper, cors: Cors | None = None
    ) -> None:
        super().__init__(way_in)
        self._wire = wire
        self._max_bytes = way_in.config.max_sdk_request_bytes
        self._limits = Limits(self._max_bytes, way_in.config.max_events_per_request)
        self._enricher = enrichment.of_sdk(wire.dialect)
        self._mapper = mapper
        self._cors = cors

    async def answer(self, exchange: Exchange) -> Answer:
        """What the SDK reads as done."""
        scope = exchange.scope
        if self._cors is not None:
            exchange.headers = await self._cors.headers(scope)
        self._storing.require_room()
        query = parse_qs(scope.query_string) if scope.query_string else {}
        authorization = scope.headers.get("authorization")
        in_address = query.get("key", [None])[0]
        known = None
        if authorization or in_address:
            known = await self._gate.key(scope, authorization, in_address=in_address)
        plain = await self._reading.plain(scope.headers, exchange.proto, self._max_bytes)
        taken, body = await self._taken(exchange, known, query, plain)
        del plain  # as in `_taken`
        await self._storing.store(taken, exchange.place)
        return Answer(200, exchange.headers or JSON, body)

    def refusal(self, error: Rejected) -> tuple[int, bytes]:
        """With a status after which the SDK does what is right: tries again, or does not."""
        status, body = refusal(error)
        return self._wire.final_status.get(status, status), body

    async def _taken(
        self, exchange: Exchange, known: WriteKey | None, query: Query, plain: bytes
    ) -> tuple[Taken, bytes]:
        """What became of the calls, and how the SDK is told. The calls themselves end here: kept while their lines are
        stored, they cost a third more in looking for garbage.
        """
        sent = self._wire.read(plain, query, self._limits)
        check_address(sent.key_in_address)
        key = known or await self._gate.key(
            exchange.scope, None, in_body=sent.key, in_address=sent.key_in_address
        )
        exchange.place = (key.source, key.env)
        originals = Originals(len(plain))
        parsed = Parsed(sent.messages, [], lambda index: originals.of(sent.messages[index]))
        self._gate.limit(key, parsed)
        taken = self._intake.take_mapped(
            parsed,
            stamp_of(key),
            dialect=self._wire.dialect,
            mapper=self._mapper,
            enricher=self._enricher,
            is_plain=sent.is_plain,
            all_results=query.get("results") == ["all"],
        )
        return taken, self._wire.answer(sent, taken)


class PixelEndpoint(CallsEndpoint):
    """`GET` of an image: the calls are in its address, and so is the key."""

    async def answer(self, exchange: Exchange) -> Answer:
        """The image."""
        self._storing.require_room()
        scope = exchange.scope
        authorization = scope.headers.get("authorization")
        known = await self._gate.key(scope, authorization) if authorization else None
        plain = scope.query_string.encode("utf-8", "replace")
        taken, body = await self._taken(exchange, known, {}, plain)
        await self._storing.store(taken, exchange.place)
        headers = [("content-type", self._wire.content_type), ("cache-control", "no-store")]
        return Answer(200, headers, body)
