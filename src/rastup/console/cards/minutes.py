"""The last minutes, as the operations views see them: bars by minute, with the newest figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rastup.console import formatting
from rastup.console.cards.content import Content, Table, axis_writer, writer
from rastup.console.cards.definition import Card, Column, Layer
from rastup.console.cards.scope import Scope
from rastup.console.charts import timeline
from rastup.console.charts.sparkline import sparkline
from rastup.console.data.base import Rows

MINUTES = 120


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `minute, part, value`, or `minute, value`, over the last two hours."""
    last = scope.now.replace(second=0, microsecond=0)
    wanted = [last - timedelta(minutes=n) for n in range(MINUTES - 1, -1, -1)]
    values = _by_minute(rows.values)
    layers = card.layers or (Layer("", card.noun or card.title, "c1"),)
    write = writer(card.unit, scope.currency)
    totals = {layer.key: sum(v for (_, part), v in values.items() if part == layer.key) for layer in layers}
    summary = f"{card.title}, last two hours: " + ", ".join(
        f"{layer.title} {write(totals[layer.key])}" for layer in layers
    )
    chart = timeline.Timeline(
        layers=tuple(
            timeline.Layer(layer.title, tuple(values.get((at, layer.key), 0.0) for at in wanted), layer.tone)
            for layer in layers
        ),
        labels=tuple(f"{at:%H:%M} UTC" for at in wanted),
        ticks=tuple(f"{at:%H:%M}" for at in wanted),
        format=write,
        axis=axis_writer(card.unit, scope.currency),
        open_from=MINUTES - 1,
    )
    per_minute = [sum(values.get((at, layer.key), 0.0) for layer in layers) for at in wanted]
    return Content(
        table=_table(card, rows),
        summary=summary,
        figure=write(sum(per_minute)),
        caption="in the last two hours",
        spark=sparkline(per_minute[-60:], summary, open_from=59) if card.size == "tile" else None,
        drawing=None if card.size == "tile" else timeline.draw(chart, summary),
        legend=tuple((layer.tone, f"{layer.title} {write(totals[layer.key])}") for layer in layers)
        if card.layers
        else (),
        notice=_notice(scope),
    )


def _by_minute(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[datetime, str], float]:
    found: dict[tuple[datetime, str], float] = {}
    for row in rows:
        at = formatting.moment_of(row[0])
        if at:
            key = (at.astimezone(UTC), str(row[1]) if len(row) > 2 else "")
            found[key] = found.get(key, 0.0) + float(row[-1] or 0)
    return found


def _table(card: Card, rows: Rows) -> Table:
    given = card.columns or tuple(
        Column(
            name, name.capitalize(), "moment" if name == "minute" else "text" if name == "part" else card.unit
        )
        for name in rows.columns
    )
    return Table(given, rows.values)


def _notice(scope: Scope) -> str | None:
    nrt = scope.snapshot.nrt
    created = formatting.moment_of(nrt.created_at) if nrt else None
    if created is None:
        return "The operations views have not been built yet."
    behind = (scope.now - created).total_seconds()
    return f"Not refreshed for {formatting.span(behind)}: is the pipeline running?" if behind > 60 else None
