"""One row a name: its value in the range, the change, and its shape by day."""

from __future__ import annotations

from datetime import date, timedelta

from markupsafe import Markup

from rastup.console import formatting
from rastup.console.cards import series
from rastup.console.cards.content import Content, Table, Write, delta_text, writer
from rastup.console.cards.definition import Card, Column
from rastup.console.cards.scope import Scope
from rastup.console.charts.sparkline import sparkline
from rastup.console.data.base import Rows
from rastup.console.delta import compare

_MOST = 12


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `dt, name, value, count`, over the range and the one before."""
    names: dict[str, dict[date, tuple[float, float]]] = {}
    for day, name, value, count in rows.values:
        names.setdefault(str(name), {})[day] = (float(value or 0), float(count or 0))
    chosen = scope.view.range
    wanted = formatting.dates(chosen.first, chosen.last)
    lines = [_line(name, days, wanted, scope) for name, days in names.items()]
    lines = sorted((line for line in lines if line[1] or line[2]), key=lambda line: (-line[1], line[0]))
    write = writer(card.unit, scope.currency)
    summary = f"{card.title}, {chosen.label}: " + (
        ", ".join(f"{line[0]} {write(line[1])}" for line in lines[:8]) or "none"
    )
    return Content(
        table=Table(card.columns or _COLUMNS, tuple(lines)),
        summary=summary,
        figure=write(sum(line[1] for line in lines)),
        drawing=_drawn(card, lines, names, wanted, scope) if lines else None,
        notice=series.partial_notice(scope),
    )


_COLUMNS = (
    Column("name", "Name", "text"),
    Column("value", "Value", "money"),
    Column("count", "Count", "count"),
    Column("complete", "Complete days", "money"),
    Column("before", "Before", "money"),
)
_Line = tuple[str, float, float, float | None, float | None]


def _line(name: str, days: dict[date, tuple[float, float]], wanted: list[date], scope: Scope) -> _Line:
    complete = [day for day in wanted if day < scope.first_open_day]
    shift = timedelta(days=len(wanted))
    is_known = bool(complete) and scope.has_baseline
    return (
        name,
        sum(days.get(day, (0.0, 0.0))[0] for day in wanted),
        sum(days.get(day, (0.0, 0.0))[1] for day in wanted),
        sum(days.get(day, (0.0, 0.0))[0] for day in complete) if is_known else None,
        sum(days.get(day - shift, (0.0, 0.0))[0] for day in complete) if is_known else None,
    )


def _drawn(
    card: Card,
    lines: list[_Line],
    names: dict[str, dict[date, tuple[float, float]]],
    wanted: list[date],
    scope: Scope,
) -> Markup:
    write = writer(card.unit, scope.currency)
    count = card.columns[2].title if card.columns else "Count"
    head = Markup(
        '<thead><tr><th scope="col">{}</th><th scope="col" class="num">{}</th><th scope="col" class="num">{}</th>'
        '<th scope="col" class="num">{}</th><th scope="col" class="trend-cell">By day</th></tr></thead>'
    ).format(
        card.columns[0].title if card.columns else "Name",
        card.columns[1].title if card.columns else "",
        count,
        "Change"
        if scope.view.range.last < scope.first_open_day
        else f"Change {series.without_open_days(scope)}",
    )
    body = Markup("").join(_row(card, line, names[line[0]], wanted, scope, write) for line in lines[:_MOST])
    return Markup('<table class="data trends">{}<tbody>{}</tbody></table>').format(head, body)


def _row(
    card: Card,
    line: _Line,
    days: dict[date, tuple[float, float]],
    wanted: list[date],
    scope: Scope,
    write: Write,
) -> Markup:
    name, value, count, complete, before = line
    delta = compare(complete, before, good=card.good, note="")
    spark = sparkline(
        [days[day][0] if day in days else scope.without_row(day) for day in wanted],
        f"{name} by day",
        open_from=scope.open_from(wanted),
    )
    return Markup(
        '<tr data-row><th scope="row"><a href="{href}" data-filter>{name}</a></th><td class="num">{value}</td>'
        '<td class="num">{count}</td><td class="num delta {verdict} {direction}">{delta}</td>'
        '<td class="trend-cell">{spark}</td></tr>'
    ).format(
        href=scope.view.with_cities([name]).link(""),
        name=name,
        value=write(value),
        count=formatting.count(count),
        verdict=delta.verdict,
        direction=delta.direction,
        delta=delta_text(card, delta, write, is_short=True),
        spark=spark,
    )
