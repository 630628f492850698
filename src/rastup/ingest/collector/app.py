"""The collector's RSGI application: one instance a worker process.

A request goes: credential, body (read within a deadline, inflated within a bound), parse, admit each record, one
submission to the spool, and the answer after its sync. What can go wrong is raised as `Rejected` and answered in one place.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any
from urllib.parse import parse_qs

import orjson

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.clock import rfc3339_now
from rastup.core.config import Settings
from rastup.core.errors import Rejected
from rastup.core.logs import get_logger
from rastup.ingest.admission import Admission, Stamp, is_plain_text
from rastup.ingest.bus import Publisher, open_publisher
from rastup.ingest.collector.access import Access, check_address, check_origin, check_route, with_rate
from rastup.ingest.collector.bodies import NOT_JSON, Parsed, inflate, parse, too_large
from rastup.ingest.collector.deadlines import Deadlines
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exposition import expose
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.limits import RateLimited, RateLimits
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.sdks import PIXEL, WIRES, Limits, Wire
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.collector.tokens import TokenVerifier
from rastup.ingest.dialects import WEB, Dialects
from rastup.ingest.keys import PUBLISHABLE, WriteKey
from rastup.ingest.user_agents import AgentFields
from rastup.ingest.webhooks.reception import ROUTES as WEBHOOK_ROUTES
from rastup.ingest.webhooks.reception import open_reception
from rastup.state.database import open_state

Headers = list[tuple[str, str]]
JSON: Headers = [("content-type", "application/json")]
PIXEL_HEADERS: Headers = [("content-type", WIRES[PIXEL].content_type), ("cache-control", "no-store")]
CORS_HEADERS = "authorization, content-type, content-encoding, anonymousid, sp-anonymous"
METER_EVERY_S = 1.0
MOST_METER_LINES = 20_000
"""Counts kept for later while the bus takes nothing: hours of them."""
POST_ROUTES = {"/collect", "/e", *WIRES} - {PIXEL}
BROWSER_ROUTES = {"/e", *WIRES} - {"/v1/import"}
"""What pages send to: with a publishable key, from the origins that it names."""
NOBODY = ("unknown", "unknown")
log = get_logger()


class Collector:
    """Granian calls `__rsgi_init__` once, `__rsgi__` for each request, and `__rsgi_del__` after the last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._config = settings.ingest

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Opens everything that a worker holds."""
        config = self._config
        registry = load_registry()
        self._dialects = Dialects(registry)
        validator = Validator(registry)
        validator.compile_all()
        cities = self._dialects.tables.cities
        self._enrichment = Enrichment(
            AgentFields(registry.root), config.geo_database, config.trusted_proxies, cities
        )
        state = open_state(self._settings.state_url)
        self._access = Access(state, TokenVerifier(config) if config.jwks else None)
        self._access.start()
        self._limits = RateLimits(config.workers)
        self._seen = SeenIds(config.dedupe_window_events)
        admission = Admission(
            validator, max_event_bytes=config.max_event_bytes, max_depth=config.max_event_depth
        )
        self._intake = Intake(admission, self._seen)
        self._sdk_limits = Limits(config.max_sdk_request_bytes, config.max_events_per_request)
        self._meters = Meters(self._settings.home.run / "collector")
        self._webhooks = open_reception(
            self._settings.webhooks, registry, self._intake, self._seen, self._meters, state
        )
        self._loop = loop
        self._writer: Publisher[asyncio.Future[None]] = open_publisher(self._settings, "c", self._committed)
        self._meter_lines: list[bytes] = []
        self._meter_timer = loop.call_later(METER_EVERY_S, self._meter)
        self._deadlines = Deadlines(loop, config.read_timeout_s)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Commits what is in flight and seals the spool."""
        self._meter_timer.cancel()
        self._deadlines.close()
        self._put_meters()
        self._webhooks.close()
        self._writer.close()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answers one request."""
        started = time.perf_counter()
        place, cors = NOBODY, JSON
        try:
            if scope.path in POST_ROUTES if scope.method == "POST" else self._is_pixel(scope):
                if scope.path in BROWSER_ROUTES:
                    cors = await self._cors(scope)
                key, taken, body = await self._post(scope, proto)
                place = (key.source, key.env)
                await self._store(taken, place)
                self._meters.answered(time.perf_counter() - started)
                proto.response_bytes(200, cors if scope.method == "POST" else PIXEL_HEADERS, body)
            elif scope.method == "POST" and scope.path in WEBHOOK_ROUTES:
                place = self._webhooks.place(scope.path)
                await self._webhook(scope, proto)
                self._meters.answered(time.perf_counter() - started)
            else:
                await self._other(scope, proto)
        except Rejected as error:
            if (wire := WIRES.get(scope.path)) is not None:
                error.status = wire.final_status.get(error.status, error.status)
            self._refuse(proto, cors, place, error)
        except Exception as error:
            reference = uuid.uuid4().hex[:12]
            log.exception(
                "request failed", reference=reference, path=scope.path[:100], error=type(error).__name__
            )
            self._refuse(proto, cors, place, Rejected(500, "INTERNAL", f"Our fault; reference {reference}."))

    async def _webhook(self, scope: Any, proto: Any) -> None:
        if (full := self._writer.full_reason) is not None:
            raise Rejected(503, "EVENT_PUT_FAILED", f"Nothing was stored: {full}")
        body = await self._body(scope.headers, proto, self._config.max_request_bytes)
        received = await self._webhooks.receive(scope.path, scope.headers, body)
        await self._store(received.taken, received.place)
        proto.response_bytes(200, [("content-type", received.content_type)], received.answer)

    async def _post(self, scope: Any, proto: Any) -> tuple[WriteKey, Taken, bytes]:
        headers, path = scope.headers, scope.path
        if (full := self._writer.full_reason) is not None:
            raise Rejected(503, "EVENT_PUT_FAILED", f"Nothing was stored: {full}")
        authorization = headers.get("authorization")
        query = parse_qs(scope.query_string) if scope.query_string and path != PIXEL else {}
        all_results = query.get("results") == ["all"]
        if (wire := WIRES.get(path)) is not None:
            return await self._sdk(scope, proto, wire, query, all_results)
        key = await self._key(scope, authorization, query)
        plain = await self._plain(headers, proto, self._config.max_request_bytes)
        if path == "/collect":
            return self._collect(headers, plain, key, all_results)
        parsed = self._parse(headers, plain)
        self._limit(key, parsed)
        taken = self._intake.take_mapped(
            parsed,
            self._stamp(key),
            dialect=WEB,
            mapper=self._dialects.mapper(WEB),
            enricher=self._enrichment.of_browser(WEB, headers, scope.client),
            all_results=all_results,
        )
        return key, taken, taken.answer()

    async def _plain(self, headers: Any, proto: Any, limit: int) -> bytes:
        return inflate(await self._body(headers, proto, limit), headers.get("content-encoding") or "", limit)

    def _collect(
        self, headers: Any, plain: bytes, key: WriteKey, all_results: bool
    ) -> tuple[WriteKey, Taken, bytes]:
        parsed = self._parse(headers, plain)
        self._limit(key, parsed)
        is_plain = is_plain_text(plain)
        taken = self._intake.take(parsed, self._stamp(key), is_plain=is_plain, all_results=all_results)
        return key, taken, taken.answer()

    async def _sdk(
        self, scope: Any, proto: Any, wire: Wire, query: dict[str, list[str]], all_results: bool
    ) -> tuple[WriteKey, Taken, bytes]:
        """What a public SDK sends. Its address and its library are a server's, and tell nothing of a person."""
        headers, limit = scope.headers, self._config.max_sdk_request_bytes
        authorization = headers.get("authorization")
        known = await self._key(scope, authorization, query) if authorization or "key" in query else None
        if scope.path == PIXEL:
            plain = scope.query_string.encode("utf-8", "replace")
        else:
            plain = await self._plain(headers, proto, limit)
        sent = wire.read(plain, query, self._sdk_limits)
        key = known or await self._key(scope, None, {}, sent.key or "")
        parsed = Parsed(sent.messages, [], lambda index: _bytes_of(sent.messages[index], plain))
        self._limit(key, parsed)
        taken = self._intake.take_mapped(
            parsed,
            self._stamp(key),
            dialect=wire.dialect,
            mapper=self._dialects.mapper(wire.dialect),
            enricher=self._enrichment.of_sdk(wire.dialect),
            is_plain=sent.is_plain,
            all_results=all_results,
        )
        return key, taken, wire.answer(sent, taken)

    @staticmethod
    def _is_pixel(scope: Any) -> bool:
        return bool(scope.method == "GET" and scope.path == PIXEL)

    async def _body(self, headers: Any, proto: Any, limit: int) -> bytes:
        length = headers.get("content-length")
        if length is not None and int(length) > limit:
            raise too_large(limit)
        try:
            if length is not None:
                return bytes(await self._deadlines.within(proto()))
            return await self._deadlines.within(self._chunks(proto, limit))
        except TimeoutError as error:
            seconds = self._config.read_timeout_s
            raise Rejected(408, NOT_JSON, f"The request was not complete after {seconds:g} s.") from error

    @staticmethod
    async def _chunks(proto: Any, limit: int) -> bytes:
        body = bytearray()
        async for chunk in proto:
            body += chunk
            if len(body) > limit:
                raise too_large(limit)
        return bytes(body)

    def _parse(self, headers: Any, plain: bytes) -> Parsed:
        kind = headers.get("content-type") or ""
        if "charset" in kind and "utf-8" not in kind.lower() and "ascii" not in kind.lower():
            raise Rejected(415, NOT_JSON, f"Content-Type {kind[:60]!r}: only UTF-8 is taken.")
        return parse(
            plain,
            is_ndjson="ndjson" in kind or "jsonl" in kind,
            max_events=self._config.max_events_per_request,
        )

    async def _key(
        self, scope: Any, authorization: str | None, query: dict[str, list[str]], in_body: str = ""
    ) -> WriteKey:
        in_address = query.get("key", [""])[0]
        if authorization:
            key = await self._access.of_header(authorization)
        else:
            key = await self._access.of_key(in_body or in_address)
            if not in_body:
                check_address(key)
        if key.kind == PUBLISHABLE or scope.path == "/e":
            check_route(key, scope.path, scope.path in BROWSER_ROUTES)
            check_origin(key, scope.headers.get("origin"), self._config.cors_origins)
        return key

    def _limit(self, key: WriteKey, parsed: Parsed) -> None:
        if key.rate_limit_events_per_s or self._config.rate_limit_events_per_s:
            limited = with_rate(key, self._config.rate_limit_events_per_s)
            self._limits.take(limited, len(parsed.records) + len(parsed.broken))

    @staticmethod
    def _stamp(key: WriteKey) -> Stamp:
        return Stamp(rfc3339_now(), key.env, key.source)

    async def _store(self, taken: Taken, place: tuple[str, str]) -> None:
        if taken.lines:
            future: asyncio.Future[None] = self._loop.create_future()
            self._writer.submit(b"".join(taken.lines), future)
            try:
                await future
            except Exception as error:
                raise Rejected(503, "EVENT_PUT_FAILED", f"Nothing was stored: {error}") from error
            self._seen.add(taken.ids)
        self._meters.took(place, taken.accepted, taken.duplicates, taken.quarantined)
        if taken.ignored:
            self._meters.ignored(place, taken.ignored)

    def _committed(self, futures: list[asyncio.Future[None]], error: Exception | None) -> None:
        """Called by a thread of the bus's, once a group."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, futures, error)

    def _meter(self) -> None:
        self._meter_timer = self._loop.call_later(METER_EVERY_S, self._meter)
        self._put_meters()

    def _put_meters(self) -> None:
        try:
            self._meter_lines = [*self._meter_lines, *self._meters.drain()][-MOST_METER_LINES:]
            if self._meter_lines and self._writer.full_reason is None:
                lines, self._meter_lines = self._meter_lines, []
                stored: asyncio.Future[None] = self._loop.create_future()
                stored.add_done_callback(lambda done: self._keep_meters(lines, done))
                self._writer.submit(b"".join(lines), stored)
        except OSError as error:  # a full disk must not stop the clock of the meters
            log.warning("meters cannot be published", error=str(error))

    def _keep_meters(self, lines: list[bytes], stored: asyncio.Future[None]) -> None:
        """Counts that could not be stored are sent with the next ones."""
        if not stored.cancelled() and stored.exception() is not None:
            self._meter_lines = [*lines, *self._meter_lines][-MOST_METER_LINES:]

    async def _other(self, scope: Any, proto: Any) -> None:
        path, method = scope.path, scope.method
        if path == "/health/live":
            proto.response_bytes(200, JSON, b'{"status":"live"}')
        elif path == "/health/ready":
            reason = self._not_ready()
            body = orjson.dumps({"status": "not ready", "reason": reason} if reason else {"status": "ready"})
            proto.response_bytes(503 if reason else 200, JSON, body)
        elif path == "/metrics":
            text = expose(self._meters.everyones(), is_ready=self._not_ready() is None)
            kind = "text/plain; version=0.0.4; charset=utf-8"
            proto.response_bytes(200, [("content-type", kind)], text)
        elif path in BROWSER_ROUTES and method == "OPTIONS":
            proto.response_empty(204, await self._preflight(scope))
        elif path in POST_ROUTES or path in WEBHOOK_ROUTES:
            raise Rejected(405, "METHOD_NOT_ALLOWED", f"{path} takes POST.")
        else:
            raise Rejected(
                404, "NOT_FOUND", "No such path; events go to /collect, /e, or a path of your SDK."
            )

    def _not_ready(self) -> str | None:
        if not self._access.is_readable:
            return "write keys cannot be read"
        return self._writer.full_reason

    async def _cors(self, scope: Any) -> Headers:
        origin = scope.headers.get("origin")
        if origin is None or not await self._access.allows_origin(origin, self._config.cors_origins):
            return [*JSON, ("vary", "Origin")]
        return [
            *JSON,
            ("access-control-allow-origin", origin),
            ("access-control-allow-credentials", "true"),
            ("vary", "Origin"),
        ]

    async def _preflight(self, scope: Any) -> Headers:
        headers = [h for h in await self._cors(scope) if h[0] != "content-type"]
        if len(headers) > 1:
            headers += [
                ("access-control-allow-methods", "POST"),
                ("access-control-allow-headers", CORS_HEADERS),
                ("access-control-max-age", "600"),
            ]
        return headers

    def _refuse(self, proto: Any, headers: Headers, place: tuple[str, str], error: Rejected) -> None:
        self._meters.refused(place, error.code, error.status)
        body: dict[str, Any] = {"code": error.code, "message": error.message}
        if error.position is not None:
            body["position"] = error.position
        if error.status in (429, 503):
            after_s = error.retry_after_s if isinstance(error, RateLimited) else 2
            headers = [*headers, ("retry-after", str(after_s))]
        proto.response_bytes(error.status, headers, orjson.dumps(body))


def _bytes_of(message: Any, body: bytes) -> bytes:
    """The message as JSON; all of its body when it is nested so deep that it can be read but not written."""
    try:
        return orjson.dumps(message)
    except TypeError:
        return body


def _resolve(futures: list[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.done():  # its request was cut off; the events are stored all the same
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
