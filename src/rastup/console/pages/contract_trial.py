"""Trying an event: paste it, and see what the collector would make of it and why. Nothing is stored."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rastup.console import rendering, services
from rastup.console.data.admitting import DIALECTS, Judgement, judgement
from rastup.console.view import bounded
from rastup.contracts.registry import load_registry

PATH = "/data/contracts/try"
ROWS = 14


async def form(request: Request) -> Response:
    """The box, empty or with an event's example."""
    name = bounded("event", request.query_params.get("event"))
    contract = load_registry().newest(name) if name else None
    text = rendering.pretty_json(contract.examples[0]) if contract and contract.examples else ""
    return _page(request, text, "", None)


async def check(request: Request) -> Response:
    """What would happen to what was pasted."""
    of = services.of(request)
    async with request.form(max_files=0, max_fields=5) as sent:
        text, dialect = _text(sent, "text"), _text(sent, "dialect")
    dialect = dialect if dialect in DIALECTS else ""
    found = await of.run(services.in_thread(of, judgement, text, dialect))
    return _page(request, text, dialect, found)


def _page(request: Request, text: str, dialect: str, found: Judgement | None) -> Response:
    values: dict[str, Any] = {"text": text, "dialect": dialect, "found": found}
    return rendering.page(
        request, "contract_trial.html", title="Try an event", dialects=DIALECTS, rows=ROWS, **values
    )


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name)
    # A form sends line ends as two characters; the bytes between them are what counts.
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


ROUTES = [Route(PATH, form), Route(PATH, check, methods=["POST"])]
