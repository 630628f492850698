"""The console as an ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from rastup.console import failures, rendering
from rastup.console.data.base import Source
from rastup.console.hosts import hosts_of
from rastup.console.pages import contracts, dashboards, live, overview, pipeline, quarantine, search
from rastup.console.security import Guard
from rastup.console.services import Services
from rastup.core.clock import Clock, system_clock
from rastup.core.config import Settings
from rastup.core.errors import RastupError
from rastup.state.database import open_state


def create_app(settings: Settings, *, source: Source | None = None, clock: Clock = system_clock) -> Starlette:
    """The console of one deployment.

    Args:
        settings: of the deployment.
        source: where snapshots come from, by default the deployment's lake.
        clock: the time that ranges and ages are measured against.
    """
    if source is None:
        from rastup.console.data.lake import LakeSource

        source = LakeSource(settings)
    app = Starlette(
        routes=[
            Route("/health/live", _alive),
            *contracts.ROUTES,
            *dashboards.ROUTES,
            *live.ROUTES,
            *overview.ROUTES,
            *pipeline.ROUTES,
            *quarantine.ROUTES,
            *search.ROUTES,
            Mount("/static", _Static(directory=rendering.STATIC)),
        ],
        middleware=[
            Middleware(Guard, hosts=hosts_of(settings.console)),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
            Middleware(failures.Catch),
        ],
        exception_handlers={RastupError: failures.on_error, HTTPException: failures.on_error},
    )
    app.state.services = Services(settings, open_state(settings.state_url), source, clock)
    return app


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


class _Static(StaticFiles):
    """Files whose address holds a digest of their content: kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file."""
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and b"v=" in scope["query_string"]:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
