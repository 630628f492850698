"""A card's way from its SQL to what it shows."""

from __future__ import annotations

from collections.abc import Callable

from rastup.console.cards import grid, minutes, ranked, series, stacked, trends
from rastup.console.cards.binding import bind
from rastup.console.cards.content import Content
from rastup.console.cards.definition import Card
from rastup.console.cards.scope import Scope
from rastup.console.data.base import Rows
from rastup.core.errors import Unavailable

_KINDS: dict[str, Callable[[Card, Rows, Scope], Content]] = {
    "series": series.load,
    "stacked": stacked.load,
    "ranked": ranked.load,
    "trends": trends.load,
    "minutes": minutes.load,
    "grid": grid.load,
}


class NotInRelease(Unavailable):
    """The release does not hold the card's table yet."""


def load(card: Card, scope: Scope) -> Content:
    """Asks the snapshot and shapes the answer.

    Raises:
        NotInRelease: the card's table is not in the snapshot.
    """
    if not scope.snapshot.has(card.model):
        place = "the operations views" if card.is_live else f"release {scope.snapshot.release.release_id}"
        raise NotInRelease(f"{card.model} is not in {place} yet; the next run that builds it brings it.")
    sql, params = bind(card.sql, scope.parameters())
    return _KINDS[card.kind](card, scope.snapshot.query(sql, params), scope)
