"""The last minutes, as the operations views see them: bars by minute, with the newest figure."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta

from rastup.console import formatting
from rastup.console.cards.content import Content, Table, axis_writer, writer
from rastup.console.cards.definition import Card, Column, Layer
from rastup.console.cards.scope import Scope
from rastup.console.charts import timeline
from rastup.console.charts.sparkline import sparkline
from rastup.console.data.base import Rows

MINUTES = 120
SPARK_MINUTES = 60


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `minute, part, value`, or `minute, value`, of which those of the last two hours are shown.

    The views hold two hours up to their newest refresh, and it is from now that people count.
    """
    last = scope.now.replace(second=0, microsecond=0)
    wanted = [last - timedelta(minutes=n) for n in range(MINUTES - 1, -1, -1)]
    table = _table(card, rows, frozenset(wanted))
    layers = card.layers or (Layer("", card.noun or card.title, "c1"),)
    known = [at for at in wanted if at <= _reach(scope)]
    # A minute since the newest refresh has no value: zero bookings would be an alarm.
    values = dict.fromkeys(((at, layer.key) for at in known for layer in layers), 0.0) | _by_minute(table)
    write = writer(card.unit, scope.currency)
    totals = {layer.key: sum(v for (_, part), v in values.items() if part == layer.key) for layer in layers}
    summary = f"{card.title}, last two hours: " + ", ".join(
        f"{layer.title} {write(totals[layer.key])}" for layer in layers
    )
    chart = timeline.Timeline(
        layers=tuple(
            timeline.Layer(layer.title, tuple(values.get((at, layer.key)) for at in wanted), layer.tone)
            for layer in layers
        ),
        labels=tuple(f"{at:%H:%M} UTC" for at in wanted),
        ticks=tuple(f"{at:%H:%M}" for at in wanted),
        format=write,
        axis=axis_writer(card.unit, scope.currency),
        open_from=MINUTES - 1,
    )
    spark = [sum(values[at, layer.key] for layer in layers) for at in known[-SPARK_MINUTES:]]
    return Content(
        table=table,
        summary=summary,
        figure=write(sum(totals.values())),
        caption="in the last two hours",
        spark=sparkline(spark, summary, open_from=len(spark) - 1) if card.size == "tile" else None,
        drawing=None if card.size == "tile" else timeline.draw(chart, summary),
        legend=tuple((layer.tone, f"{layer.title} {write(totals[layer.key])}") for layer in layers)
        if card.layers
        else (),
        notice=_notice(scope),
    )


def _reach(scope: Scope) -> datetime:
    """The moment of the newest refresh."""
    nrt = scope.snapshot.nrt
    return (formatting.moment_of(nrt.data_until) if nrt else None) or scope.now


def _by_minute(table: Table) -> dict[tuple[datetime | None, str], float]:
    found: dict[tuple[datetime | None, str], float] = {}
    for row in table.rows:
        key = (formatting.moment_of(row[0]), str(row[1]) if len(row) > 2 else "")
        found[key] = found.get(key, 0.0) + float(row[-1] or 0)
    return found


def _table(card: Card, rows: Rows, wanted: Container[datetime | None]) -> Table:
    given = card.columns or tuple(
        Column(
            name, name.capitalize(), "moment" if name == "minute" else "text" if name == "part" else card.unit
        )
        for name in rows.columns
    )
    return Table(given, tuple(row for row in rows.values if formatting.moment_of(row[0]) in wanted))


def _notice(scope: Scope) -> str | None:
    nrt = scope.snapshot.nrt
    created = formatting.moment_of(nrt.created_at) if nrt else None
    if created is None:
        return "The operations views have not been built yet."
    behind = (scope.now - created).total_seconds()
    return f"Not refreshed for {formatting.span(behind)}: is the pipeline running?" if behind > 60 else None
