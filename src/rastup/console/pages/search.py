"""What the palette goes to: pages, metrics and events, as one list that the browser searches."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rastup.console import navigation, services
from rastup.console.cards.definition import load_dashboards
from rastup.contracts.registry import load_registry

Entry = dict[str, str]


async def entries(request: Request) -> Response:
    """The list; `text` is what is searched."""
    found = await services.of(request).run(_entries)
    return JSONResponse(found, headers={"Cache-Control": "private, max-age=60"})


@lru_cache(maxsize=1)
def _entries() -> list[Entry]:
    pages = [_entry(place.title, place.path, "page") for group in navigation.GROUPS for place in group.places]
    metrics = [
        _entry(card.title, f"/cards/{card.id}", "metric", card.id, board.title)
        for board in load_dashboards().values()
        for card in board.cards
    ]
    names = dict.fromkeys(contract.event for contract in load_registry().contracts)
    events = [_entry(name, f"/data/contracts/{quote(name)}", "event") for name in names]
    return pages + metrics + events


def _entry(title: str, href: str, kind: str, *words: str) -> Entry:
    return {"title": title, "href": href, "kind": kind, "text": " ".join([title, kind, *words]).lower()}


ROUTES = [Route("/search.json", entries)]
