"""Rows and columns as they are."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from rastup.console.cards.content import Content, Table, writer
from rastup.console.cards.definition import Card
from rastup.console.cards.scope import Scope
from rastup.console.data.base import Rows

_MOST = 12


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """The columns that the card names; the first one names the row. `figure` sums the column called like the card's noun."""
    order = [rows.columns.index(column.name) for column in card.columns]
    lines = tuple(tuple(row[n] for n in order) for row in rows.values)
    table = Table(card.columns, lines)
    summed = next((n for n, column in enumerate(card.columns) if column.name == card.noun), None)
    total = None if summed is None else sum(float(line[summed] or 0) for line in lines)
    return Content(
        table=table,
        summary=f"{card.title}: {len(lines)} rows",
        figure=None if summed is None else writer(card.columns[summed].unit, scope.currency)(total),
        drawing=draw(table, scope) if lines and card.show_chart else None,
    )


def draw(table: Table, scope: Scope, most: int = _MOST) -> Markup:
    """The table as HTML."""
    writers = [writer(column.unit, scope.currency, scope.now) for column in table.columns]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_number(column.is_number), column.title)
        for column in table.columns
    )
    body = Markup("").join(_row(table, line, writers) for line in table.rows[:most])
    more = len(table.rows) - most
    foot = Markup('<p class="more">and {} more rows in the table</p>').format(more) if more > 0 else ""
    return Markup('<table class="data"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}').format(
        head, body, foot
    )


def _row(table: Table, line: tuple[Any, ...], writers: list[Any]) -> Markup:
    cells = [
        Markup("<{tag}{scope}{num}>{text}</{tag}>").format(
            tag="th" if n == 0 else "td",
            scope=Markup(' scope="row"') if n == 0 else "",
            num=_number(column.is_number and n > 0),
            text=write(value),
        )
        for n, (column, value, write) in enumerate(zip(table.columns, line, writers, strict=True))
    ]
    return Markup("<tr data-row>{}</tr>").format(Markup("").join(cells))


def _number(is_number: bool) -> Markup:
    return Markup(' class="num"') if is_number else Markup("")
