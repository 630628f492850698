"""Cards and dashboards as data: one YAML file a dashboard below `dashboards/`, read once and checked."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rastup.console.delta import DOWN, NEUTRAL, UP
from rastup.core.errors import ConfigError
from rastup.core.paths import data_dir

KINDS = ("series", "stacked", "ranked", "trends", "minutes", "grid")
SIZES = ("tile", "third", "half", "two-thirds", "full")
UNITS = ("money", "count", "ratio", "days", "text", "moment", "span", "age")
TOTALS = ("sum", "ratio", "last")


@dataclass(frozen=True)
class Layer:
    """One colour of a chart: the value in the data, its name for people, and its tone."""

    key: str
    title: str
    tone: str


@dataclass(frozen=True)
class Column:
    """One column of a table: its name in the data, its name for people, and how its values are written."""

    name: str
    title: str
    unit: str

    @property
    def is_number(self) -> bool:
        """Whether values stand on the right."""
        return self.unit in ("money", "count", "ratio", "span", "age")


@dataclass(frozen=True)
class Card:
    """One metric: what it means, the SQL behind it and how it is shown. Its id is the metric's id everywhere."""

    id: str
    title: str
    description: str
    formula: str
    kind: str
    size: str
    model: str
    sql: str
    unit: str
    total: str
    good: str
    noun: str
    average_days: int
    layers: tuple[Layer, ...]
    columns: tuple[Column, ...]
    show_chart: bool

    @property
    def is_live(self) -> bool:
        """Whether it reads the operations views, which are refreshed in seconds."""
        return self.model.startswith("nrt.")

    @property
    def uses(self) -> frozenset[str]:
        """The filters that its SQL knows."""
        return frozenset(name for name in ("city", "currency", "range") if _PARAMETER[name] in self.sql)

    @property
    def poll_s(self) -> int:
        """How often a page that shows it asks again."""
        return 5 if self.is_live else 15


_PARAMETER = {"city": "$cities", "currency": "$currency", "range": "$last"}


@dataclass(frozen=True)
class Dashboard:
    """A page of cards, in order."""

    id: str
    title: str
    description: str
    cards: tuple[Card, ...]


@functools.lru_cache(maxsize=4)
def load_dashboards(root: Path | None = None) -> Mapping[str, Dashboard]:
    """Every dashboard below `root`, by id.

    Raises:
        ConfigError: names the file, the card and what is allowed; or there is none.
    """
    root = root or data_dir("dashboards")
    paths = sorted(root.glob("*.yml"))
    if not paths:
        raise ConfigError(f"{root}: no dashboards here (a dashboard is a .yml file); reinstall, or add one.")
    dashboards = [_dashboard(path) for path in paths]
    seen: set[str] = set()
    for card in (card for dashboard in dashboards for card in dashboard.cards):
        if card.id in seen:
            raise ConfigError(f"dashboards: two cards are called {card.id!r}; give one another id.")
        seen.add(card.id)
    return {dashboard.id: dashboard for dashboard in dashboards}


def find_card(card_id: str) -> tuple[Dashboard, Card] | None:
    """The card of that id and its dashboard."""
    for dashboard in load_dashboards().values():
        for card in dashboard.cards:
            if card.id == card_id:
                return dashboard, card
    return None


def _dashboard(path: Path) -> Dashboard:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Dashboard(
            id=path.stem,
            title=document["title"],
            description=document["description"],
            cards=tuple(_card(path, card) for card in document["cards"]),
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: {error!r}; a dashboard has title, description and cards.") from error


def _card(path: Path, given: Mapping[str, Any]) -> Card:
    name = f"{path}: card {given.get('id')!r}"
    known = {"id", "title", "description", "formula", "kind", "size", "model", "sql"}
    missing = known - set(given)
    extra = (
        set(given) - known - {"unit", "total", "good", "noun", "average_days", "layers", "columns", "chart"}
    )
    if missing or extra:
        raise ConfigError(
            f"{name}: {'lacks' if missing else 'does not know'} {', '.join(sorted(missing or extra))}."
        )
    _allow(name, "kind", given["kind"], KINDS)
    _allow(name, "size", given["size"], SIZES)
    _allow(name, "unit", given.get("unit", "count"), UNITS)
    _allow(name, "total", given.get("total", "sum"), TOTALS)
    _allow(name, "good", given.get("good", NEUTRAL), (UP, DOWN, NEUTRAL))
    return Card(
        **{key: str(given[key]).strip() for key in known},
        unit=given.get("unit", "count"),
        total=given.get("total", "sum"),
        good=given.get("good", NEUTRAL),
        noun=given.get("noun", ""),
        average_days=int(given.get("average_days", 0)),
        layers=tuple(Layer(**layer) for layer in given.get("layers", [])),
        columns=tuple(Column(**column) for column in given.get("columns", [])),
        show_chart=bool(given.get("chart", True)),
    )


def _allow(name: str, key: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name}: {key}: {value!r} is not known; allowed: {', '.join(allowed)}.")
