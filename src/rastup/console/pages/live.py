"""Live events: what came in last, accepted or refused, and one record of it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rastup.console import failures, rendering, services
from rastup.console.chips import Filtering
from rastup.console.data.deployment import tail_of
from rastup.console.services import Services
from rastup.contracts.registry import Contract, load_registry
from rastup.core.clock import rfc3339_ms
from rastup.ingest.tail import ACCEPTED, QUARANTINED, TailItem

PATH = "/live/events"
FILTERS = ("event", "source", "status")
SHOWN = 100
LONGEST_ID = 64
POLL_S = 2
EXAMPLE_EVENT = "search.query"


@dataclass(frozen=True)
class Tail:
    """The list. `command` sends an event, for when there is none; `today` is the day whose rows show the time alone."""

    items: tuple[TailItem, ...]
    today: str
    command: str | None = None


@dataclass(frozen=True)
class Choices:
    """What the filter fields suggest."""

    events: tuple[str, ...]
    sources: tuple[str, ...]


async def events(request: Request) -> Response:
    """The newest events: the whole page, or its list alone, which asks for itself again."""
    of = services.of(request)
    filters = Filtering.read(PATH, request.query_params, FILTERS)
    try:
        found = await of.run(services.in_thread(of, _load, filters))
    except Exception as error:
        if not rendering.is_fragment(request):
            raise
        failure = failures.note(error, request)
        return rendering.fragment(
            request, "live_error.html", status=failure.status, filters=filters, failure=failure, poll_s=POLL_S
        )
    shared: dict[str, Any] = {"filters": filters, "found": found, "poll_s": POLL_S, "href_of": href_of}
    if rendering.is_fragment(request):
        return rendering.fragment(request, "live_tail.html", **shared)
    choices = await of.run(services.in_thread(of, _choices))
    return rendering.page(
        request, "live.html", title="Live events", choices=choices, statuses=(ACCEPTED, QUARANTINED), **shared
    )


async def record(request: Request) -> Response:
    """One accepted event, as it is stored."""
    of = services.of(request)
    event_id = request.path_params["event_id"]
    filters = Filtering.read(PATH, request.query_params, ("event",))
    item, contract = await of.run(services.in_thread(of, _item, event_id, filters.get("event")))
    if item is None:
        return rendering.page(
            request, "live_gone.html", status=404, title="Not among the newest", event_id=event_id
        )
    if item.record is None:
        return RedirectResponse(href_of(item), 307)
    return rendering.page(request, "live_record.html", title=item.event, item=item, contract=contract)


def href_of(item: TailItem) -> str:
    """Where the record of one line of the list is shown."""
    item_id = quote(item.event_id or "", safe="")
    if item.status == QUARANTINED:
        return f"/pipeline/quarantine/{item_id}"
    return f"{PATH}/{item_id}?event={quote(item.event or '', safe='')}"


def _load(of: Services, filters: Filtering) -> Tail:
    wanted = [filters.get(name) for name in FILTERS]
    is_known = filters.get("status") in (None, ACCEPTED, QUARANTINED)
    items = tuple(tail_of(of, SHOWN, *wanted)) if is_known else ()
    command = None if items else _command(of, filters.get("event"))
    return Tail(items, of.clock().date().isoformat(), command)


def _item(of: Services, event_id: str, event: str | None) -> tuple[TailItem | None, Contract | None]:
    if len(event_id) > LONGEST_ID:
        raise HTTPException(404)
    found = next(iter(tail_of(of, 1, event, event_id=event_id)), None)
    record = found.record if found else None
    return found, load_registry().get(record["event"], record["v"]) if record else None


def _choices(of: Services) -> Choices:
    seen = tail_of(of, 4 * SHOWN)
    known = {contract.event for contract in load_registry().contracts}
    return Choices(
        tuple(sorted(known | {item.event for item in seen if item.event})),
        tuple(sorted({item.source for item in seen if item.source})),
    )


def _command(of: Services, event: str | None) -> str:
    """A command that sends one event of that name."""
    registry = load_registry()
    contract = registry.newest(event or EXAMPLE_EVENT) or registry.newest(EXAMPLE_EVENT)
    assert contract is not None, EXAMPLE_EVENT
    example = {key: value for key, value in contract.examples[0].items() if key != "event_id"}
    # The hour and not the moment: a list that refreshes itself must not change under somebody who copies from it.
    hour = of.clock().replace(minute=0, second=0, microsecond=0)
    body = orjson.dumps({**example, "occurred_at": rfc3339_ms(hour)}).decode()
    address = f"{of.settings.ingest.url}/collect"
    return f'curl -s {address} -H "Authorization: Bearer $KEY" -d {shlex.quote(body)}'


ROUTES = [Route(PATH, events), Route(f"{PATH}/{{event_id}}", record)]
