"""`/health/live`, `/health/ready` and `/metrics`: what machines ask."""

from __future__ import annotations

import orjson

from rastup.ingest.collector.access import Access
from rastup.ingest.collector.exchange import JSON, Answer, Endpoint, Exchange
from rastup.ingest.collector.exposition import expose
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.storing import Storing

LIVE, READY, METRICS = "/health/live", "/health/ready", "/metrics"
_TEXT = [("content-type", "text/plain; version=0.0.4; charset=utf-8")]


class HealthEndpoint(Endpoint):
    """Whether this worker lives, whether it can take events durably, and what all workers have counted."""

    takes_events = False

    def __init__(self, access: Access, storing: Storing, meters: Meters) -> None:
        self._access = access
        self._storing = storing
        self._meters = meters

    async def answer(self, exchange: Exchange) -> Answer:
        """200, or 503 while events cannot be taken."""
        path = exchange.scope.path
        if path == LIVE:
            return Answer(200, JSON, b'{"status":"live"}')
        reason = self._not_ready()
        if path == METRICS:
            return Answer(200, _TEXT, expose(self._meters.everyones(), is_ready=reason is None))
        body = {"status": "not ready", "reason": reason} if reason else {"status": "ready"}
        return Answer(503 if reason else 200, JSON, orjson.dumps(body))

    def _not_ready(self) -> str | None:
        if not self._access.is_readable:
            return "write keys cannot be read"
        return self._storing.writer.full_reason
