"""When something goes wrong: a page that says what, what is allowed and what to do, with an id that the log knows."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rastup.console import rendering
from rastup.core.clock import now_ms
from rastup.core.errors import NoRelease, RastupError, Unavailable, UsageError
from rastup.core.ids import ulid
from rastup.core.logs import get_logger

log = get_logger()


@dataclass(frozen=True)
class Failure:
    """One failure: its id, and a sentence for people."""

    id: str
    message: str
    status: int = 500


_TITLES = {
    400: "That address does not work",
    403: "Not allowed",
    404: "There is nothing here",
    405: "Not that way",
    503: "Not available right now",
}
_MESSAGES = {
    404: "The page does not exist, or no longer. The navigation shows what does.",
    405: "This address does not take that kind of request.",
}


def note(error: Exception, request: Request) -> Failure:
    """Gives the failure an id and writes it to the log; what people see holds no traceback."""
    failure_id = "err_" + ulid(now_ms())[-10:]
    if isinstance(error, RastupError):
        log.warning("request failed", id=failure_id, path=request.url.path, error=str(error))
        status = 400 if isinstance(error, UsageError) else 503 if isinstance(error, Unavailable) else 500
        return Failure(failure_id, str(error), status)
    log.error("request failed", id=failure_id, path=request.url.path, exc_info=error)
    return Failure(failure_id, "Something failed inside the console; the log has the rest.", 500)


class Catch:
    """Turns what no handler expected into a page, inside the middleware that adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; a failure before the answer began becomes a page."""
        has_begun = False

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or has_begun:
                raise
            answer = await on_error(Request(scope, receive), error)
            await answer(scope, receive, send)


async def on_error(request: Request, error: Exception) -> Response:
    """The page for what a handler raised."""
    if isinstance(error, HTTPException):
        message = _MESSAGES.get(error.status_code, str(error.detail))
        return _page(request, error.status_code, message, None)
    failure = note(error, request)
    status = 503 if isinstance(error, NoRelease) else failure.status
    return _page(request, status, failure.message, failure.id)


def _page(request: Request, status: int, message: str, failure_id: str | None) -> Response:
    template = "error_fragment.html" if rendering.is_fragment(request) else "error.html"
    return rendering.page(
        request,
        template,
        status=status,
        title=_TITLES.get(status, "Something went wrong"),
        message=message,
        status_code=status,
        failure_id=failure_id,
        is_passing=status == 503,
    )
