"""The bar above a dashboard: range, cities, currency and release, as links and forms that work without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rastup.console.cards.definition import Card
from rastup.console.cards.scope import Scope
from rastup.console.view import PRESETS, View, preset_range

MOST_CITIES = 60


@dataclass(frozen=True)
class Choice:
    """One link of the bar."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Chip:
    """A filter in effect and the address without it."""

    title: str
    href: str


@dataclass(frozen=True)
class FilterBar:
    """What the bar shows. `earlier` and `later` shift the range by its own length.

    `has_live` says that some of the page's cards are live, `is_live` that all are: then nothing on it can be frozen.
    """

    path: str
    view: View
    presets: tuple[Choice, ...]
    cities: tuple[str, ...]
    currencies: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    earlier: str
    later: str | None
    live: str
    frozen: str
    currency: str
    release_id: str
    created_at: str
    data_until: str | None
    is_frozen: bool
    has_live: bool
    is_live: bool
    has_range: bool

    @classmethod
    def of(cls, scope: Scope, path: str, cards: Sequence[Card]) -> FilterBar:
        """The bar of a page with these cards; a filter that none of them knows is left out."""
        view = scope.view
        has_live = any(card.is_live for card in cards)
        is_live = has_live and all(card.is_live for card in cards)
        release = scope.release_of(cards[0]) if is_live else scope.snapshot.release
        uses = frozenset().union(*(card.uses for card in cards))
        today = scope.now.date()
        currencies = scope.choices.currencies if "currency" in uses else ()
        return cls(
            path=path,
            view=view,
            presets=tuple(
                Choice(title, view.with_range(preset_range(key, today)).link(path), view.range.preset == key)
                for key, (title, _) in PRESETS.items()
            ),
            cities=tuple(sorted({*scope.choices.cities[:MOST_CITIES], *view.cities}))
            if "city" in uses
            else (),
            currencies=tuple(
                Choice(code, view.with_currency(code).link(path), code == scope.currency)
                for code in currencies
            )
            if len(currencies) > 1
            else (),
            chips=_chips(view, path),
            earlier=view.shifted(-1, today).link(path),
            later=view.shifted(1, today).link(path) if view.range.last < today else None,
            live=view.live().link(path),
            frozen=view.frozen(release.release_id).link(path),
            currency=scope.currency,
            release_id=release.release_id,
            created_at=release.created_at,
            data_until=release.data_until,
            is_frozen=view.release is not None,
            has_live=has_live,
            is_live=is_live,
            has_range="range" in uses,
        )


def _chips(view: View, path: str) -> tuple[Chip, ...]:
    chips = [
        Chip(f"City: {c}", view.with_cities(x for x in view.cities if x != c).link(path)) for c in view.cities
    ]
    if view.currency:
        chips.append(Chip(f"Currency: {view.currency}", view.with_currency(None).link(path)))
    if view.release:
        chips.append(Chip(f"Release: …{view.release[-8:]}", view.live().link(path)))
    return tuple(chips)
