"""Pages of other origins: which of them may send, and what their browsers are told."""

from __future__ import annotations

from typing import Any

from rastup.ingest.collector.access import Access
from rastup.ingest.collector.exchange import JSON, Answer, Endpoint, Exchange, Headers

_ALLOWED_HEADERS = ", ".join(
    (
        "authorization",
        "content-type",
        "content-encoding",
        "anonymousid",
        "sp-anonymous",
        "x-amz-user-agent",
        "x-amzn-requestid",
    )
)
_KEPT_S = "600"


class Cors(Endpoint):
    """Headers of answers to pages, and the answers to their browsers' preflights.

    Args:
        access: knows which origins keys name.
        origins: that may send with any key.
    """

    takes_events = False

    def __init__(self, access: Access, origins: tuple[str, ...]) -> None:
        self._access = access
        self._origins = origins

    async def headers(self, scope: Any) -> Headers:
        """Of an answer, or a refusal, to the page."""
        origin = scope.headers.get("origin")
        if origin is None or not await self._access.allows_origin(origin, self._origins):
            return [*JSON, ("vary", "Origin")]
        return [
            *JSON,
            ("access-control-allow-origin", origin),
            ("access-control-allow-credentials", "true"),
            ("vary", "Origin"),
        ]

    async def answer(self, exchange: Exchange) -> Answer:
        """To a preflight."""
        headers = [header for header in await self.headers(exchange.scope) if header not in JSON]
        if len(headers) > 1:
            headers += [
                ("access-control-allow-methods", "POST"),
                ("access-control-allow-headers", _ALLOWED_HEADERS),
                ("access-control-max-age", _KEPT_S),
            ]
        return Answer(204, headers)
