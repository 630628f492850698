"""Who may send what comes in a request, and how much."""

from __future__ import annotations

from typing import Any

from rastup.core.clock import rfc3339_now
from rastup.core.config import IngestConfig
from rastup.ingest.admission import Stamp
from rastup.ingest.collector.access import Access, check_address, check_origin, check_route, with_rate
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.limits import RateLimits
from rastup.ingest.keys import PUBLISHABLE, WriteKey


class Gate:
    """The gate of one worker.

    Args:
        access: knows the keys.
        config: of the collector.
        browser_routes: paths that pages send to: with a publishable key, from the origins that it names.
    """

    def __init__(self, access: Access, config: IngestConfig, browser_routes: set[str]) -> None:
        self._access = access
        self._config = config
        self._browser_routes = browser_routes
        self._limits = RateLimits(config.workers)

    async def key(
        self,
        scope: Any,
        authorization: str | None,
        *,
        in_body: str | None = None,
        in_address: str | None = None,
    ) -> WriteKey:
        """The key of a request, from its header, its body or its address.

        Raises:
            Rejected: there is none, or it may not be used here.
        """
        check_address(in_address)
        if authorization:
            key = await self._access.of_header(authorization)
        else:
            key = await self._access.of_key(in_body or in_address or "")
        if key.kind == PUBLISHABLE or scope.path == "/e":
            check_route(key, scope.path, self._browser_routes)
            check_origin(key, scope.headers.get("origin"), self._config.cors_origins)
        return key

    def limit(self, key: WriteKey, parsed: Parsed) -> None:
        """Counts the messages against the key's rate.

        Raises:
            RateLimited: they are too many.
        """
        if key.rate_limit_events_per_s or self._config.rate_limit_events_per_s:
            limited = with_rate(key, self._config.rate_limit_events_per_s)
            self._limits.take(limited, len(parsed.records) + len(parsed.broken))


def stamp_of(key: WriteKey) -> Stamp:
    """What the records of a request get: now, and whose they are."""
    return Stamp(rfc3339_now(), key.env, key.source)
