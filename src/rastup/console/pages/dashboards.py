"""Dashboards and their cards: the page at once, each card on its own, its own page, and its rows as CSV."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rastup.console import failures, rendering, services, view
from rastup.console.cards import export, loading
from rastup.console.cards.binding import readable
from rastup.console.cards.content import Content
from rastup.console.cards.definition import Card, Dashboard, find_card, load_dashboards
from rastup.console.cards.grid import draw
from rastup.console.cards.scope import Choices, Scope, read_choices
from rastup.console.definitions import model_of
from rastup.console.filter_bar import FilterBar
from rastup.console.services import Services
from rastup.console.view import View
from rastup.core.errors import NoRelease
from rastup.lake.releases import Release

TABLE_ROWS = 400


@dataclass(frozen=True)
class Loaded:
    """A card with its content and what it was asked for."""

    card: Card
    scope: Scope
    content: Content

    @property
    def release(self) -> Release:
        """What the content is of."""
        return self.scope.release_of(self.card)

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending."""
        return export.file_name(self.card, self.scope, "")


async def dashboard(request: Request) -> Response:
    """The page: filters and the slots of its cards, which load on their own."""
    found = load_dashboards().get(request.path_params["dashboard"])
    if found is None:
        raise HTTPException(404)
    of = services.of(request)
    chosen = view.read(request.query_params, of.clock())
    try:
        scope = await of.run(services.in_thread(of, _scope, chosen))
    except NoRelease:
        return rendering.page(request, "dashboard_empty.html", dashboard=found, title=found.title, bar=None)
    return rendering.page(
        request,
        "dashboard.html",
        dashboard=found,
        title=found.title,
        view=chosen,
        bar=FilterBar.of(scope, request.url.path, found.cards),
        scope=scope,
    )


async def card(request: Request) -> Response:
    """One card: a fragment for its slot, or its own page with definition, SQL and rows."""
    of = services.of(request)
    board, wanted = _wanted(request)
    chosen = view.read(request.query_params, of.clock())
    if rendering.is_fragment(request):
        return await _fragment(request, of, wanted, chosen)
    try:
        loaded = await of.run(services.in_thread(of, _load, wanted, chosen))
    except NoRelease:
        return rendering.page(request, "dashboard_empty.html", dashboard=board, title=wanted.title, bar=None)
    return rendering.page(
        request,
        "card_page.html",
        title=wanted.title,
        board=board,
        card=wanted,
        view=chosen,
        bar=FilterBar.of(loaded.scope, request.url.path, (wanted,)),
        loaded=loaded,
        rows=draw(loaded.content.table, loaded.scope, TABLE_ROWS),
        sql=readable(wanted.sql, loaded.scope.parameters()),
        model=model_of(wanted.model),
    )


async def card_csv(request: Request) -> Response:
    """The card's rows as a file."""
    of = services.of(request)
    _, wanted = _wanted(request)
    loaded = await of.run(services.in_thread(of, _load, wanted, view.read(request.query_params, of.clock())))
    name = export.file_name(wanted, loaded.scope, ".csv")
    return StreamingResponse(
        export.stream(wanted, loaded.content, loaded.scope),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-RastUp-Release": loaded.release.release_id,
            "Cache-Control": "no-store",
        },
    )


async def _fragment(request: Request, of: Services, wanted: Card, chosen: View) -> Response:
    key = f"{wanted.id}?{chosen.live().query()}"
    link = chosen.link(f"/cards/{wanted.id}")
    try:
        loaded = await of.run(services.in_thread(of, _load, wanted, chosen))
    except loading.NotInRelease as error:
        return rendering.fragment(
            request, "card_missing.html", card=wanted, link=link, message=str(error), view=chosen
        )
    except Exception as error:
        failure = failures.note(error, request)
        return rendering.fragment(
            request,
            "card_error.html",
            status=failure.status,
            card=wanted,
            link=link,
            view=chosen,
            failure=failure,
            last_good=of.last_good.get(key),
        )
    of.last_good.keep(key, loaded.content.figure, of.clock())
    return rendering.fragment(request, "card.html", card=wanted, link=link, view=chosen, loaded=loaded)


def _wanted(request: Request) -> tuple[Dashboard, Card]:
    found = find_card(request.path_params["card"])
    if found is None:
        raise HTTPException(404)
    return found


def _scope(of: Services, chosen: View) -> Scope:
    snapshot = of.source.pin(chosen.release)
    choices: Choices = read_choices(snapshot)
    return Scope(chosen, snapshot, choices, of.clock())


def _load(of: Services, wanted: Card, chosen: View) -> Loaded:
    scope = _scope(of, chosen)
    return Loaded(wanted, scope, loading.load(wanted, scope))


ROUTES = [
    Route("/dashboards/{dashboard}", dashboard),
    Route("/cards/{card}.csv", card_csv),
    Route("/cards/{card}", card),
]
