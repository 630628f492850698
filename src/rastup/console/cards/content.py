"""What a card shows once its data are there: a figure, its change, a drawing, and the table that both come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from rastup.console import formatting
from rastup.console.cards.definition import Card, Column
from rastup.console.delta import Delta

Write = Callable[[Any], str]


@dataclass(frozen=True)
class Table:
    """The data behind a card: what the page, the CSV file and a screen reader get. Money is in cents."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Content:
    """A loaded card. `notice` says what is not complete; `summary` is the drawing in words.

    `compared` is what the change belongs to, where it is not the figure.
    """

    table: Table
    summary: str
    figure: str | None = None
    exact: str | None = None
    caption: str | None = None
    delta: Delta | None = None
    delta_text: str | None = None
    compared: str | None = None
    spark: Markup | None = None
    drawing: Markup | None = None
    legend: tuple[tuple[str, str], ...] = ()
    notice: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the range."""
        return not self.table.rows


def writer(unit: str, currency: str, now: datetime | None = None) -> Write:
    """How values of a unit are written."""

    def write(value: Any) -> str:
        if value is None:
            return formatting.NONE
        match unit:
            case "money":
                return formatting.money(value, currency)
            case "count":
                return formatting.count(value)
            case "ratio":
                return formatting.percent(value)
            case "span":
                return formatting.span(value)
            case "moment":
                return formatting.moment(value)
            case "age":
                at = formatting.moment_of(value)
                return (
                    formatting.span(max(0.0, (now - at).total_seconds())) if now and at else formatting.NONE
                )
            case "days":
                return formatting.long_day(value) if isinstance(value, date) else str(value)
            case _:
                return str(value)

    return write


def axis_writer(unit: str, currency: str) -> Write:
    """How values of a unit are written beside an axis: short."""
    if unit == "money":
        return lambda value: formatting.short_money(value, currency)
    if unit == "ratio":
        return lambda value: formatting.percent(value, 0 if value >= 0.1 or value == 0 else 1)
    return lambda value: formatting.short(value or 0.0)


def delta_text(card: Card, delta: Delta, write: Write, *, is_short: bool = False) -> str:
    """`+$1,234 (+12.3 %)`, short `+12.3 %`; points for ratios, whose own change in percent would mislead."""
    if delta.change is None:
        return "n/a"
    if card.unit == "ratio":
        return formatting.signed(f"{abs(delta.change) * 100:.1f}\N{NO-BREAK SPACE}pp", round(delta.change, 4))
    text = formatting.signed(write(abs(delta.change)), delta.change)
    if delta.ratio is None:
        return text
    share = formatting.signed(formatting.percent(abs(delta.ratio)), delta.ratio)
    return share if is_short else f"{text} ({share})"


def total_of(card: Card, pairs: Sequence[tuple[float | None, float | None]]) -> float | None:
    """One figure of the values (and bases) of a stretch of days, as the card's `total` says.

    The last is that of the last day, and none where that has none: an older one would be shown as the newest.
    """
    if card.total == "last":
        value, base = pairs[-1] if pairs else (None, None)
        return _ratio(value, base) if card.unit == "ratio" else value
    known = [(value, base) for value, base in pairs if value is not None]
    if card.total == "ratio":
        return _ratio(sum(v for v, _ in known), sum(b or 0 for _, b in known))
    return sum(value for value, _ in known)


def _ratio(value: float | None, base: float | None) -> float | None:
    return value / base if value is not None and base else None
