"""What every answer carries and every request must pass: a known host, the same origin, a bounded body."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rastup.console.hosts import LOOPBACK

POLICY = "; ".join(
    (
        "default-src 'self'",
        # A chart becomes a PNG in the browser by way of a data: picture; nothing is loaded from elsewhere.
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MOST_BODY_BYTES = 64_000
BODY_WITHIN_S = 10.0
MOST_TARGET_BYTES = 8_000
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@#?\s]+)(:[0-9]{1,5})?")
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Guard:
    """Refuses foreign hosts and foreign forms, and adds the headers that keep a page to itself.

    A page elsewhere that had its name point at this machine (DNS rebinding) would ask with a foreign host; a form
    elsewhere would send its own origin.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = LOOPBACK) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] in _CHANGING:
            try:
                async with asyncio.timeout(BODY_WITHIN_S):
                    receive = await _received(receive)
            except TimeoutError:
                refusal = 408, f"The form was not complete after {BODY_WITHIN_S:g} s.\n"
        answer: ASGIApp = PlainTextResponse(refusal[1], refusal[0]) if refusal else self._app
        await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _host_name(hosts[0]) not in self._hosts:
            return 421, "This console answers to localhost, console.host and console.allowed_hosts only.\n"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_TARGET_BYTES:
            return 414, f"The address is longer than {MOST_TARGET_BYTES} bytes.\n"
        if scope["method"] in _CHANGING:
            if not is_same_origin(headers):
                return (
                    403,
                    "This form was sent from another site, or by something that does not say from where.\n",
                )
            length = headers.get("content-length", "")
            if not length.isdigit() or int(length) > MOST_BODY_BYTES:
                return 413, f"A form holds at most {MOST_BODY_BYTES} bytes and says how many.\n"
        return None


async def _received(receive: Receive) -> Receive:
    """Waits for the whole body, and gives it again: nobody holds a place by sending half a form."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return again


def is_same_origin(headers: Headers) -> bool:
    """Whether a browser says that the form comes from this console's own pages."""
    if headers.get("sec-fetch-site") not in (None, "same-origin"):
        return False
    try:
        return urlsplit(headers.get("origin", "")).netloc == headers["host"]
    except (ValueError, KeyError):  # no origin that anybody could have
        return False


def _host_name(host: str) -> str:
    found = _HOST.fullmatch(host.lower())
    return found["name"] if found else ""


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
