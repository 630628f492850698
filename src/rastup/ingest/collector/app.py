"""The collector's RSGI application: one instance a worker process.

A request goes to the endpoint of its path: credential, body (read within a deadline, inflated within a bound), parse, admit
each record, one submission to the spool, and the answer after its sync. What can go wrong is raised as `Rejected` and
answered in one place.
"""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from contextlib import ExitStack
from typing import Any

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import Settings
from rastup.core.errors import Rejected
from rastup.core.logs import get_logger
from rastup.ingest.admission import Admission
from rastup.ingest.collector.access import Access
from rastup.ingest.collector.cors import Cors
from rastup.ingest.collector.deadlines import Deadlines
from rastup.ingest.collector.endpoints.calls import CallsEndpoint, PixelEndpoint
from rastup.ingest.collector.endpoints.events import CollectEndpoint, WebEndpoint
from rastup.ingest.collector.endpoints.graphql import GraphqlEndpoint
from rastup.ingest.collector.endpoints.health import LIVE, METRICS, READY, HealthEndpoint
from rastup.ingest.collector.endpoints.links import LinkEndpoint
from rastup.ingest.collector.endpoints.shared import WayIn
from rastup.ingest.collector.endpoints.webhooks import WebhookEndpoint
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import JSON, Answer, Endpoint, Exchange, refusal
from rastup.ingest.collector.gate import Gate
from rastup.ingest.collector.intake import Intake
from rastup.ingest.collector.limits import RateLimited
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.reading import Reading
from rastup.ingest.collector.sdks import PIXEL, WIRES
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.collector.storing import Storing
from rastup.ingest.collector.tokens import TokenVerifier
from rastup.ingest.dialects import WEB, Dialects
from rastup.ingest.graphql.answers import PATH as GRAPHQL
from rastup.ingest.redirect.endpoint import PATH as LINKS
from rastup.ingest.redirect.endpoint import Worker as LinksWorker
from rastup.ingest.redirect.endpoint import open_redirect
from rastup.ingest.user_agents import AgentFields
from rastup.ingest.webhooks.reception import ROUTES as WEBHOOK_ROUTES
from rastup.ingest.webhooks.reception import open_reception
from rastup.state.database import open_state

FOR_SERVERS = {"/v1/import"}
BROWSER_ROUTES = {"/e", *WIRES} - FOR_SERVERS
"""What pages send to: with a publishable key, from the origins that it names."""
GC_CONTAINERS = 50_000
log = get_logger()


class Collector:
    """Granian calls `__rsgi_init__` once, `__rsgi__` for each request, and `__rsgi_del__` after the last.

    Args:
        settings: of the deployment.
        validator: of all contracts, compiled before the workers were forked, which share it.
    """

    def __init__(self, settings: Settings, validator: Validator) -> None:
        self._settings = settings
        self._validator = validator

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Opens everything that a worker holds."""
        settings, config = self._settings, self._settings.ingest
        registry = load_registry()
        dialects = Dialects(registry)
        agents, cities = AgentFields(registry.root), dialects.tables.cities
        enrichment = Enrichment(agents, config.geo_database, config.trusted_proxies, cities)
        state = open_state(settings.state_url)
        access = Access(state, TokenVerifier(config) if config.jwks else None)
        access.start()
        seen = SeenIds(config.dedupe_window_events)
        admission = Admission(
            self._validator, max_event_bytes=config.max_event_bytes, max_depth=config.max_event_depth
        )
        intake = Intake(admission, seen)
        self._meters = Meters(settings.home.meters)
        self._storing = Storing(settings, self._meters, seen, loop)
        self._deadlines = Deadlines(loop, config.read_timeout_s)
        self._webhooks = open_reception(settings.webhooks, registry, intake, seen, self._meters, state)
        links = LinksWorker(admission, enrichment, self._meters, self._storing.writer, loop)
        self._redirect = open_redirect(settings, state, links)
        self._cors = Cors(access, config.cors_origins)
        gate, reading = Gate(access, config, BROWSER_ROUTES), Reading(config, self._deadlines)
        way_in = WayIn(config, gate, reading, intake, self._storing)
        webhooks = WebhookEndpoint(config, reading, self._storing, self._webhooks)
        health = HealthEndpoint(access, self._storing, self._meters)
        posts: dict[str, Endpoint] = {
            "/collect": CollectEndpoint(way_in),
            "/e": WebEndpoint(way_in, self._cors, enrichment, dialects.mapper(WEB)),
            GRAPHQL: GraphqlEndpoint(way_in, access, self._cors, registry),
            **dict.fromkeys(WEBHOOK_ROUTES, webhooks),
        }
        heads: dict[str, Endpoint] = dict.fromkeys((LIVE, READY, METRICS), health)
        gets = dict(heads)
        for path, wire in WIRES.items():
            mapper = dialects.mapper(wire.dialect)
            if path == PIXEL:
                gets[path] = PixelEndpoint(way_in, wire, enrichment, mapper)
            else:
                cors = self._cors if path in BROWSER_ROUTES else None
                posts[path] = CallsEndpoint(way_in, wire, enrichment, mapper, cors)
        self._endpoints = {"POST": posts, "GET": gets, "HEAD": heads}
        self._links = LinkEndpoint(self._redirect)
        # What is made here stays until the end: looking through all of it for cycles would stop requests for tens of ms.
        gc.freeze()
        # The records of a request are thousands of containers without a cycle, which would be looked for after every 700.
        gc.set_threshold(GC_CONTAINERS)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Commits what is in flight and seals the spool, whatever of the rest cannot be closed."""
        with ExitStack() as closing:  # the last one first
            for part in (self._storing, self._redirect, self._webhooks, self._deadlines):
                closing.callback(part.close)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answers one request."""
        started = time.perf_counter()
        exchange, endpoint = Exchange(scope, proto), None
        try:
            endpoint = self._endpoint(scope.method, scope.path)
            answer = await endpoint.answer(exchange)
            if endpoint.takes_events:
                self._meters.answered(time.perf_counter() - started)
        except Rejected as error:
            answer = self._refused(exchange, endpoint, error)
        except Exception as error:
            answer = self._refused(exchange, endpoint, _fault(scope.path, error))
        if answer.body is None:
            proto.response_empty(answer.status, answer.headers)
        else:
            proto.response_bytes(answer.status, answer.headers, answer.body)

    def _endpoint(self, method: str, path: str) -> Endpoint:
        """What answers; all that a page may send to, its browser may ask about."""
        found = self._endpoints.get(method, {}).get(path)
        if found is not None:
            return found
        if path.startswith(LINKS):
            return self._links
        if method == "OPTIONS" and (path in BROWSER_ROUTES or path == GRAPHQL):
            return self._cors
        if allowed := self._of_path(path):
            raise Rejected(405, "METHOD_NOT_ALLOWED", f"{path} takes {' and '.join(allowed)}.")
        raise Rejected(404, "NOT_FOUND", "No such path; events go to /collect, /e, or a path of your SDK.")

    def _of_path(self, path: str) -> dict[str, Endpoint]:
        """What answers at a path, by method."""
        return {method: found[path] for method, found in self._endpoints.items() if path in found}

    def _refused(self, exchange: Exchange, endpoint: Endpoint | None, error: Rejected) -> Answer:
        # A wrong method at an SDK's path is refused as that SDK understands it.
        endpoint = endpoint or next(iter(self._of_path(exchange.scope.path).values()), None)
        status, body = refusal(error) if endpoint is None else endpoint.refusal(error)
        self._meters.refused(exchange.place, error.code, status)
        headers = exchange.headers or JSON
        if status in (429, 503):
            after_s = error.retry_after_s if isinstance(error, RateLimited) else 2
            headers = [*headers, ("retry-after", str(after_s))]
        return Answer(status, headers, body)


def _fault(path: str, error: Exception) -> Rejected:
    reference = uuid.uuid4().hex[:12]
    # What follows in a link's path is the start of its token.
    route = LINKS if path.startswith(LINKS) else path[:100]
    log.exception("request failed", reference=reference, route=route, error=type(error).__name__)
    return Rejected(500, "INTERNAL", f"Our fault; reference {reference}.")
