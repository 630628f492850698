"""Values by day and part: stacked bars, one colour a part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rastup.console import formatting
from rastup.console.cards import series
from rastup.console.cards.content import Content, Table, axis_writer, writer
from rastup.console.cards.definition import Card, Column, Layer
from rastup.console.cards.scope import Scope
from rastup.console.charts import timeline
from rastup.console.data.base import Rows


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `dt, part, value` over the range."""
    wanted = formatting.dates(scope.view.range.first, scope.view.range.last)
    values = {(row[0], str(row[1])): float(row[2] or 0) for row in rows.values}
    layers = [layer for layer in card.layers if any(part == layer.key for _, part in values)]
    write = writer(card.unit, scope.currency)
    totals = {layer.key: sum(v for (_, part), v in values.items() if part == layer.key) for layer in layers}
    summary = f"{card.title}, {scope.view.range.label}: " + (
        ", ".join(f"{layer.title} {write(totals[layer.key])}" for layer in layers) or "none"
    )
    chart = timeline.Timeline(
        layers=tuple(_drawn(layer, wanted, values, scope) for layer in layers),
        labels=tuple(formatting.long_day(day) for day in wanted),
        ticks=tuple(formatting.day(day) for day in wanted),
        format=write,
        axis=axis_writer(card.unit, scope.currency),
        open_from=scope.open_from(wanted),
        links=tuple(series.day_link(scope, day) for day in wanted),
    )
    columns = (
        Column("dt", "Day", "days"),
        Column("part", "Part", "text"),
        Column("value", card.title, card.unit),
    )
    titles = {layer.key: layer.title for layer in card.layers}
    return Content(
        table=Table(
            columns, tuple((day, titles.get(part, part), v) for (day, part), v in sorted(values.items()))
        ),
        summary=summary,
        figure=write(sum(totals.values())),
        drawing=timeline.draw(chart, summary),
        legend=tuple((layer.tone, f"{layer.title} {write(totals[layer.key])}") for layer in layers),
        notice=series.partial_notice(scope),
    )


def _drawn(
    layer: Layer, wanted: Sequence[date], values: dict[tuple[date, str], float], scope: Scope
) -> timeline.Layer:
    drawn = (values.get((day, layer.key), scope.without_row(day)) for day in wanted)
    return timeline.Layer(layer.title, tuple(drawn), layer.tone)
