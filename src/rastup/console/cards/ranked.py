"""Values by name: horizontal bars, the largest first, or in the order that the card gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rastup.console.cards import series
from rastup.console.cards.content import Content, Table, writer
from rastup.console.cards.definition import Card, Column
from rastup.console.cards.scope import Scope
from rastup.console.charts.ranking import Entry, draw
from rastup.console.data.base import Rows
from rastup.console.formatting import percent


@dataclass(frozen=True)
class _Named:
    name: str
    title: str
    tone: str
    value: float
    rest: tuple[Any, ...]


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `name, value`, or with more columns, which the table shows."""
    write = writer(card.unit, scope.currency)
    named = _named(card, rows.values)
    total = sum(entry.value for entry in named)
    entries = [
        Entry(n.title, n.value, write(n.value), percent(n.value / total, 0) if total else "", n.tone)
        for n in named
    ]
    summary = f"{card.title}, {scope.view.range.label}: " + (
        ", ".join(f"{entry.name} {entry.text} ({entry.share})" for entry in entries[:8]) or "none"
    )
    columns = card.columns or (Column("name", "Name", "text"), Column("value", card.title, card.unit))
    return Content(
        table=Table(columns, tuple((n.title, n.value, *n.rest) for n in named)),
        summary=summary,
        figure=write(total),
        caption=card.noun or None,
        drawing=draw(entries, summary) if entries else None,
        notice=series.partial_notice(scope),
    )


def _named(card: Card, rows: Sequence[tuple[Any, ...]]) -> list[_Named]:
    order = {layer.key: (n, layer) for n, layer in enumerate(card.layers)}
    found = []
    for row in rows:
        _, layer = order.get(row[0], (0, None))
        name = "unknown" if row[0] is None else str(row[0])
        title, tone = (layer.title, layer.tone) if layer else (name.replace("_", " "), "c1")
        found.append(_Named(name, title, tone, float(row[1] or 0), tuple(row[2:])))
    if card.layers:
        return sorted(found, key=lambda n: order.get(n.name, (len(order), None))[0])
    return sorted(found, key=lambda n: (-n.value, n.name))
