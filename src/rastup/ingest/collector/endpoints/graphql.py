"""`/graphql`: what apps publish with the JWT of the user pool."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rastup.contracts.registry import Registry
from rastup.core.errors import Rejected
from rastup.ingest.collector.access import Access
from rastup.ingest.collector.bodies import Parsed, too_many
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.endpoints.shared import EventsEndpoint, WayIn
from rastup.ingest.collector.exchange import Answer, Exchange
from rastup.ingest.collector.gate import stamp_of
from rastup.ingest.collector.intake import Taken
from rastup.ingest.collector.originals import Originals
from rastup.ingest.graphql.answers import refused
from rastup.ingest.keys import WriteKey

if TYPE_CHECKING:
    from rastup.ingest.graphql.server import GraphqlServer


@dataclass(slots=True)
class Asked:
    """One request: each of its mutations publishes, and all of them count together."""

    key: WriteKey
    originals: Originals
    events: int = 0


class GraphqlEndpoint(EventsEndpoint):
    """One request is one operation; the events of a mutation are on disk before its answer."""

    def __init__(self, way_in: WayIn, access: Access, cors: Cors, registry: Registry) -> None:
        super().__init__(way_in)
        self._registry = registry
        self._access = access
        self._cors = cors
        self._server: asyncio.Future[GraphqlServer] | None = None

    async def answer(self, exchange: Exchange) -> Answer:
        """As AppSync gives it. The token is looked at first, so that strangers cost nothing."""
        scope = exchange.scope
        exchange.headers = await self._cors.headers(scope)
        key = self._access.of_token(scope.headers.get("authorization"))
        exchange.place = (key.source, key.env)
        self._storing.require_room()
        plain = await self._reading.plain(scope.headers, exchange.proto, self._config.max_request_bytes)
        server = await self._opened()
        body = await server.execute(plain, partial(self._publish, Asked(key, Originals(len(plain)))))
        return Answer(200, exchange.headers, body)

    def refusal(self, error: Rejected) -> tuple[int, bytes]:
        """In AppSync's shape."""
        return error.status, refused(error)

    async def _publish(self, asked: Asked, records: list[dict[str, Any]]) -> Taken:
        asked.events += len(records)
        if asked.events > self._config.max_events_per_request:
            raise too_many(asked.events, self._config.max_events_per_request)
        key = asked.key
        parsed = Parsed(records, [], lambda index: asked.originals.of(records[index]))
        self._gate.limit(key, parsed)
        taken = self._intake.take(parsed, stamp_of(key), all_results=True)
        await self._storing.store(taken, (key.source, key.env))
        return taken

    async def _opened(self) -> GraphqlServer:
        """Made with the first request, in another thread: few deployments need it, and its import takes a while."""
        if self._server is None or (self._server.done() and self._server.exception() is not None):
            loop = asyncio.get_running_loop()
            self._server = loop.run_in_executor(None, _server, self._registry)
        return await asyncio.shield(self._server)


def _server(registry: Registry) -> GraphqlServer:
    from rastup.ingest.graphql.server import GraphqlServer

    return GraphqlServer(registry)
