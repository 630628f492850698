"""Quarantine: what was refused and why, one record with its original bytes, and trying it again."""

from __future__ import annotations

import json
from dataclasses import replace

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rastup.console import rendering, services
from rastup.console.chips import Filtering
from rastup.console.data.deployment import quarantine_of
from rastup.console.data.quarantined import ANY, STATE_TITLES, overview
from rastup.console.pages import repairs
from rastup.console.pages.selection import (
    FILTERS,
    PATH,
    Selection,
    carried,
    filters_of,
    is_confirmed,
    trial,
)
from rastup.contracts.registry import load_registry
from rastup.core.clock import rfc3339_ms
from rastup.core.errors import UsageError
from rastup.ingest.quarantine import IDS, OPEN, BadRecord

AGES = {"1h": "the last hour", "24h": "the last 24 hours", "7d": "the last 7 days", "30d": "the last 30 days"}
SHOWN_BYTES = 64_000


async def index(request: Request) -> Response:
    """Groups and the newest records, for the filters of the address."""
    of = services.of(request)
    filters = Filtering.read(PATH, request.query_params, FILTERS)
    found = await of.run(services.in_thread(of, overview, filters_of(of, filters)))
    return rendering.page(
        request,
        "quarantine.html",
        title="Quarantine",
        filters=filters,
        found=found,
        state=filters.get("state") or OPEN,
        states=STATE_TITLES,
        any_state=ANY,
        ages=AGES,
        keep_days=of.settings.bronze.quarantine_keep_days,
    )


async def record(request: Request) -> Response:
    """One record: why it was refused, and the bytes that came in."""
    bad = await _wanted(request)
    text, is_exact = _text(bad)
    contract = await services.of(request).run(lambda: load_registry().newest(bad.event or ""))
    return rendering.page(
        request,
        "quarantine_record.html",
        title=bad.event or "Refused record",
        bad=bad,
        text=text,
        is_exact=is_exact,
        formatted=_formatted(bad),
        states=STATE_TITLES,
        contract=contract,
    )


async def original(request: Request) -> Response:
    """The bytes that came in, as a file that no browser runs."""
    bad = await _wanted(request)
    headers = {"Content-Disposition": f'attachment; filename="{bad.id}.bin"', "Cache-Control": "no-store"}
    return Response(bad.original, media_type="application/octet-stream", headers=headers)


async def check(request: Request) -> Response:
    """The dry run: what would pass now. Changes nothing."""
    return await _dry_run(request, request.query_params)


async def carry_out(request: Request) -> Response:
    """Replays what the dry run showed, when the confirmation was typed."""
    of = services.of(request)
    async with request.form(max_files=0, max_fields=20) as form:
        if not is_confirmed(form, "replay"):
            return await _dry_run(request, form, is_mistyped=True)
        chosen = Selection.read(of, form)
    done = await of.run(services.in_thread(of, carried, chosen, ()))
    return RedirectResponse(f"{PATH}/repairs/{done.repair_id}", 303)


async def _dry_run(request: Request, query: QueryParams | FormData, *, is_mistyped: bool = False) -> Response:
    of = services.of(request)
    chosen = replace(Selection.read(of, query), until=rfc3339_ms(of.clock()))
    tried = await of.run(services.in_thread(of, trial, chosen, ()))
    return rendering.page(
        request,
        "quarantine_replay.html",
        status=422 if is_mistyped else 200,
        title="Replay",
        chosen=chosen,
        filters=chosen.filtering,
        tried=tried,
        is_mistyped=is_mistyped,
    )


async def _wanted(request: Request) -> BadRecord:
    of = services.of(request)
    bad_id = request.path_params["bad_id"]
    if not IDS.fullmatch(bad_id):
        raise HTTPException(404)
    try:
        return await of.run(lambda: quarantine_of(of).get(bad_id))
    except UsageError as error:
        raise HTTPException(404) from error


def _text(bad: BadRecord) -> tuple[str, bool]:
    """The original bytes as text, and whether that is all and exactly them."""
    data = bad.original[:SHOWN_BYTES]
    try:
        return data.decode(), len(data) == len(bad.original)
    except UnicodeDecodeError:
        return data.decode(errors="backslashreplace"), False


def _formatted(bad: BadRecord) -> str | None:
    try:
        return rendering.pretty_json(json.loads(bad.original)) if len(bad.original) <= SHOWN_BYTES else None
    except (ValueError, RecursionError):
        return None


ROUTES = [
    *repairs.ROUTES,
    Route(PATH, index),
    Route(f"{PATH}/replay", check),
    Route(f"{PATH}/replay", carry_out, methods=["POST"]),
    Route(f"{PATH}/{{bad_id}}/original", original),
    Route(f"{PATH}/{{bad_id}}", record),
]
