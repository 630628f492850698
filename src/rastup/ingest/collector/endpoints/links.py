"""`/r/<token>`: signed links."""

from __future__ import annotations

from rastup.core.errors import Rejected
from rastup.ingest.collector.exchange import Answer, Endpoint, Exchange
from rastup.ingest.redirect.endpoint import PATH, Redirect


class LinkEndpoint(Endpoint):
    """Every link. A forward does not wait for the sync of its click."""

    takes_events = False

    def __init__(self, redirect: Redirect) -> None:
        self._redirect = redirect

    async def answer(self, exchange: Exchange) -> Answer:
        """The forward, or a page that says why there is none."""
        scope = exchange.scope
        if scope.method not in ("GET", "HEAD"):
            raise Rejected(405, "METHOD_NOT_ALLOWED", f"{PATH}<token> takes GET and HEAD.")
        return await self._redirect.answer(scope.method, scope.path, scope.headers, scope.client)
