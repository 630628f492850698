"""A card of the last day shows that day or nothing, and compares days at equal places of the two ranges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.unit.console.small_lake import NOW, WEEK, Lake, load

PERCENT = "\N{NO-BREAK SPACE}%"


def _rates(*without: int, until: int = 14) -> Lake:
    """Of each day of November as many percent were refunded as it is old in the month, but for some days."""
    days = [date(2026, 11, n) for n in range(1, until + 1) if n not in without]
    return Lake(tuple((day, day.day, 100) for day in days), until=NOW - timedelta(days=14 - until))


def test_the_figure_is_that_of_the_last_day() -> None:
    content = load("refund_rate", _rates())
    assert content.figure == f"14.0{PERCENT}"
    assert content.compared == f"without today: 13.0{PERCENT}"
    assert content.delta_text == "+7.0\N{NO-BREAK SPACE}pp"
    assert content.delta and content.delta.note == "vs 6 Nov 2026"


def test_a_last_day_without_a_rate_has_none_rather_than_that_of_an_older_day() -> None:
    content = load("refund_rate", _rates(13, 14))
    assert content.figure == "–"
    assert content.delta_text == "n/a"
    assert content.summary.endswith(f"newest 12.0{PERCENT} on 12 Nov.")


def test_a_baseline_without_a_rate_is_not_that_of_an_older_day() -> None:
    content = load("refund_rate", _rates(6))
    assert content.figure == f"14.0{PERCENT}"
    assert content.delta_text == "n/a"


def test_where_the_data_end_within_the_range_the_last_day_is_theirs() -> None:
    content = load("refund_rate", replace(_rates(until=12), created=NOW), WEEK)
    assert content.figure == f"12.0{PERCENT}"
    assert content.compared == f"until 11 Nov: 11.0{PERCENT}"
    assert content.delta and content.delta.note == "vs 4 Nov 2026"
