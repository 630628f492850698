"""`/webhooks/…`: what providers tell."""

from __future__ import annotations

from rastup.core.config import IngestConfig
from rastup.ingest.collector.exchange import Answer, Endpoint, Exchange
from rastup.ingest.collector.reading import Reading
from rastup.ingest.collector.storing import Storing
from rastup.ingest.webhooks.reception import Reception


class WebhookEndpoint(Endpoint):
    """Every provider's path."""

    def __init__(
        self, config: IngestConfig, reading: Reading, storing: Storing, reception: Reception
    ) -> None:
        self._config = config
        self._reading = reading
        self._storing = storing
        self._reception = reception

    async def answer(self, exchange: Exchange) -> Answer:
        """What the provider expects."""
        scope = exchange.scope
        exchange.place = self._reception.place(scope.path)
        self._storing.require_room()
        body = await self._reading.raw(scope.headers, exchange.proto, self._config.max_request_bytes)
        received = await self._reception.receive(scope.path, scope.headers, body)
        await self._storing.store(received.taken, received.place)
        return Answer(200, [("content-type", received.content_type)], received.answer)
