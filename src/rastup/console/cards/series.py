"""Values by day: a figure for the range, its change, and the days as a line or bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from rastup.console import formatting
from rastup.console.cards.content import Content, Table, Write, axis_writer, delta_text, total_of, writer
from rastup.console.cards.definition import Card, Column
from rastup.console.cards.scope import SPARK_DAYS, Scope
from rastup.console.charts import timeline
from rastup.console.charts.sparkline import sparkline
from rastup.console.data.base import Rows
from rastup.console.delta import Delta, compare
from rastup.console.view import Range

Pair = tuple[float | None, float | None]


def load(card: Card, rows: Rows, scope: Scope) -> Content:
    """Rows of `dt, value` or `dt, value, base`, over the range and the one before."""
    days = _by_day(rows)
    wanted = formatting.dates(scope.view.range.first, scope.view.range.last)
    write = writer(card.unit, scope.currency)
    shown = [_value(card, days.get(day), day, scope) for day in wanted]
    total = _total(card, days, [day for day in wanted if scope.until and day <= scope.until.date()])
    delta, complete = _delta(card, days, scope)
    compared = None if delta.change is None else compared_text(write(complete), write(total), scope)
    table = _table(card, days, wanted)
    return Content(
        table=table,
        summary=_summary(card, wanted, shown, write),
        figure=write(total),
        exact=formatting.money(total, scope.currency, is_whole=False) if card.unit == "money" else None,
        delta=delta,
        delta_text=delta_text(card, delta, write, is_short=compared is not None),
        compared=compared,
        spark=_spark(card, days, scope) if card.size == "tile" else None,
        drawing=_drawing(card, days, wanted, shown, scope) if card.size != "tile" else None,
        legend=_legend(card),
        notice=partial_notice(scope),
    )


def partial_notice(scope: Scope) -> str | None:
    """Which of the days are not complete, None when all are."""
    if scope.view.range.last < scope.first_open_day:
        return None
    until = scope.until
    if until is None:
        return "This release holds no events yet."
    if until.date() == scope.now.date():
        return f"Today is counted until {until:%H:%M} UTC."
    return f"Data reach until {formatting.moment(until)}; the days after are not here yet."


def compared_text(complete: str, total: str, scope: Scope) -> str | None:
    """`without today: $1,234`: what the change belongs to, where that is not the figure itself."""
    return f"{without_open_days(scope)}: {complete}" if complete != total else None


def without_open_days(scope: Scope) -> str:
    """`without today`, or `until 12 Nov` where more than today is left out."""
    if scope.first_open_day == scope.now.date():
        return "without today"
    return f"until {formatting.day(scope.first_open_day - timedelta(days=1))}"


def _by_day(rows: Rows) -> dict[date, Pair]:
    return {row[0]: (_number(row[1]), _number(row[2]) if len(row) > 2 else None) for row in rows.values}


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]  # the engine gives int, float or Decimal


def _value(card: Card, pair: Pair | None, day: date, scope: Scope) -> float | None:
    """What is drawn for a day: none where the data do not reach, 0 where nothing was counted."""
    if pair is not None:
        return total_of(card, [pair])
    return scope.without_row(day) if card.total == "sum" else None


def _total(card: Card, days: dict[date, Pair], wanted: Sequence[date]) -> float | None:
    return total_of(card, [days.get(day, (None, None)) for day in wanted])


def _delta(card: Card, days: dict[date, Pair], scope: Scope) -> tuple[Delta, float | None]:
    """Complete days against the same days of the range before, so that a running day is not compared with a whole one.

    Returns:
        The change, and the value of the complete days that it belongs to.
    """
    chosen = scope.view.range
    complete = [d for d in formatting.dates(chosen.first, chosen.last) if d < scope.first_open_day]
    complete = complete[-1:] if card.total == "last" else complete
    earlier = [day - timedelta(days=chosen.days) for day in complete]
    note = f"vs {formatting.days(earlier[0], earlier[-1])}" if earlier else "no complete day yet"
    if earlier and not scope.has_baseline:
        since = scope.choices.since
        what = "no data" if since is None or since > earlier[-1] else "not all data"
        note = f"{what} for {formatting.days(earlier[0], earlier[-1])}"
    is_known = bool(complete) and scope.has_baseline
    now = _total(card, days, complete) if is_known else None
    before = _total(card, days, earlier) if is_known else None
    return compare(now, before, good=card.good, note=note), now


def _spark(card: Card, days: dict[date, Pair], scope: Scope) -> Markup:
    chosen = scope.view.range
    wanted = formatting.dates(min(chosen.first, chosen.last - timedelta(days=SPARK_DAYS - 1)), chosen.last)
    values = [_value(card, days.get(day), day, scope) for day in wanted]
    label = f"{card.title} by day, {formatting.days(wanted[0], wanted[-1])}"
    return sparkline(values, label, open_from=scope.open_from(wanted))


def _drawing(
    card: Card, days: dict[date, Pair], wanted: Sequence[date], shown: Sequence[float | None], scope: Scope
) -> Markup:
    bars = timeline.Layer(card.noun or card.title, tuple(shown))
    is_rate = card.unit == "ratio" or card.total == "ratio"
    average = timeline.Layer(
        f"{card.average_days}-day average", _average(card, days, wanted, scope), "trend-line"
    )
    chart = timeline.Timeline(
        layers=() if is_rate else (bars,),
        line=bars if is_rate else average if card.average_days else None,
        labels=tuple(formatting.long_day(day) for day in wanted),
        ticks=tuple(formatting.day(day) for day in wanted),
        format=writer(card.unit, scope.currency),
        axis=axis_writer(card.unit, scope.currency),
        open_from=scope.open_from(wanted),
        links=tuple(day_link(scope, day) for day in wanted),
    )
    return timeline.draw(chart, _summary(card, wanted, shown, chart.format))


def day_link(scope: Scope, day: date) -> str:
    """The same filters for one day; relative, so that the page stays the same."""
    return scope.view.with_range(Range(day, day)).link("")


def _average(
    card: Card, days: dict[date, Pair], wanted: Sequence[date], scope: Scope
) -> tuple[float | None, ...]:
    """The mean of the days up to each day; none where one of them is not known to be complete, as the first is not."""
    since, window = scope.choices.since, card.average_days
    found: list[float | None] = []
    for day in wanted:
        first = day - timedelta(days=window - 1)
        if since is None or first <= since or day >= scope.first_open_day:
            found.append(None)
            continue
        values = [_value(card, days.get(d), d, scope) for d in formatting.dates(first, day)]
        found.append(sum(value or 0.0 for value in values) / window)
    return tuple(found)


def _legend(card: Card) -> tuple[tuple[str, str], ...]:
    if card.size == "tile" or not card.average_days:
        return ()
    return (("c1", f"{card.noun or card.title} a day"), ("trend-line", f"{card.average_days}-day average"))


def _table(card: Card, days: dict[date, Pair], wanted: Sequence[date]) -> Table:
    columns = card.columns or (Column("dt", "Day", "days"), Column("value", card.title, card.unit))
    has_base = len(columns) > 2 or card.total == "ratio"
    if has_base and not card.columns:
        columns = (
            columns[0],
            Column("value", "Numerator", "count"),
            Column("base", "Denominator", "count"),
            columns[1],
        )
    rows = []
    for day in (day for day in wanted if day in days):
        value, base = days[day]
        rows.append((day, value, base, total_of(card, [(value, base)])) if has_base else (day, value))
    return Table(columns, tuple(rows))


def _summary(card: Card, wanted: Sequence[date], shown: Sequence[float | None], write: Write) -> str:
    known = [(value, day) for value, day in zip(shown, wanted, strict=True) if value is not None]
    stretch = formatting.days(wanted[0], wanted[-1])
    if not known:
        return f"{card.title} by day, {stretch}: no values."
    (low, low_day), (high, high_day), (newest, newest_day) = min(known), max(known), known[-1]
    return (
        f"{card.title} by day, {stretch}: lowest {write(low)} on {formatting.day(low_day)}, "
        f"highest {write(high)} on {formatting.day(high_day)}, "
        f"newest {write(newest)} on {formatting.day(newest_day)}."
    )
