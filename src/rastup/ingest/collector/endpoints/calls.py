"""The paths of public SDKs: each library's own way to send, and the answers that it understands."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import orjson

from rastup.core.config import IngestConfig
from rastup.core.errors import Rejected
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import JSON, Answer, Endpoint, Exchange, refusal
from rastup.ingest.collector.gate import Gate, stamp_of
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.reading import Reading
from rastup.ingest.collector.sdks import Limits, Sent, Wire
from rastup.ingest.collector.storing import Storing
from rastup.ingest.dialects import Mapper
from rastup.ingest.keys import WriteKey


class CallsEndpoint(Endpoint):
    """One path of one SDK. Its address and its library are a server's, and tell nothing of a person.

    Args:
        wire: how the SDK sends.
        mapper: of its dialect.
        cors: for paths that pages send to, else None.
    """

    def __init__(
        self,
        wire: Wire,
        config: IngestConfig,
        gate: Gate,
        reading: Reading,
        intake: Intake,
        storing: Storing,
        enrichment: Enrichment,
        mapper: Mapper,
        cors: Cors | None,
    ) -> None:
        self._wire = wire
        self._max_bytes = config.max_sdk_request_bytes
        self._limits = Limits(config.max_sdk_request_bytes, config.max_events_per_request)
        self._gate = gate
        self._reading = reading
        self._intake = intake
        self._storing = storing
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
        known = await self._gate.key(scope, authorization, query) if authorization or "key" in query else None
        plain = await self._reading.plain(scope.headers, exchange.proto, self._max_bytes)
        sent = self._wire.read(plain, query, self._limits)
        taken = await self._take(exchange, known, sent, plain, query.get("results") == ["all"])
        return Answer(200, exchange.headers or JSON, self._wire.answer(sent, taken))

    def refusal(self, error: Rejected) -> tuple[int, bytes]:
        """With a status after which the SDK does what is right: tries again, or does not."""
        status, body = refusal(error)
        return self._wire.final_status.get(status, status), body

    async def _take(
        self, exchange: Exchange, known: WriteKey | None, sent: Sent, plain: bytes, all_results: bool
    ) -> Taken:
        key = known or await self._gate.key(exchange.scope, None, {}, sent.key or "")
        exchange.place = (key.source, key.env)
        parsed = Parsed(sent.messages, [], lambda index: bytes_of(sent.messages[index], plain))
        self._gate.limit(key, parsed)
        taken = self._intake.take_mapped(
            parsed,
            stamp_of(key),
            dialect=self._wire.dialect,
            mapper=self._mapper,
            enricher=self._enricher,
            is_plain=sent.is_plain,
            all_results=all_results,
        )
        await self._storing.store(taken, exchange.place)
        return taken


class PixelEndpoint(CallsEndpoint):
    """`GET` of an image: the calls are in its address, and so is the key."""

    async def answer(self, exchange: Exchange) -> Answer:
        """The image."""
        self._storing.require_room()
        scope = exchange.scope
        authorization = scope.headers.get("authorization")
        known = await self._gate.key(scope, authorization, {}) if authorization else None
        plain = scope.query_string.encode("utf-8", "replace")
        sent = self._wire.read(plain, {}, self._limits)
        taken = await self._take(exchange, known, sent, plain, all_results=False)
        headers = [("content-type", self._wire.content_type), ("cache-control", "no-store")]
        return Answer(200, headers, self._wire.answer(sent, taken))


def bytes_of(message: Any, body: bytes) -> bytes:
    """The message as JSON; all of its body when it is nested so deep that it can be read but not written."""
    try:
        return orjson.dumps(message)
    except TypeError:
        return body
