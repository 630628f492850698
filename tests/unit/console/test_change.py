"""The change on a card belongs to the value that is named beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.unit.console.small_lake import BEFORE_TODAY, NOW, WEEK, Lake, load

from rastup.console.view import Range


def _days(*, today: tuple[float, float], before: tuple[float, float], now: tuple[float, float]) -> Lake:
    """A week of the same value and base a day, a week of others, and today."""
    first = WEEK.before.first
    days = [(first + timedelta(days=n), *(before if n < 7 else now)) for n in range(13)]
    return Lake((*days, (NOW.date(), *today)))


def test_an_amount_with_today_names_the_amount_without() -> None:
    lake = _days(before=(100_000, 1), now=(120_000, 1), today=(50_000, 1))
    content = load("gmv", lake)
    assert content.figure == "$7,700"
    assert content.compared == "without today: $7,200"
    assert content.delta_text == "+20.0\N{NO-BREAK SPACE}%"


def test_a_rate_with_today_names_the_rate_without() -> None:
    lake = _days(before=(10, 100), now=(20, 100), today=(0, 200))
    content = load("cancellation_rate", lake)
    assert content.figure == "15.0\N{NO-BREAK SPACE}%"
    assert content.compared == "without today: 20.0\N{NO-BREAK SPACE}%"
    assert content.delta_text == "+10.0\N{NO-BREAK SPACE}pp"


@pytest.mark.parametrize("created", [NOW - timedelta(days=2), NOW])
def test_where_more_than_today_is_open_the_last_complete_day_is_named(created: datetime) -> None:
    until = NOW - timedelta(days=2)
    lake = replace(_days(before=(100_000, 1), now=(120_000, 1), today=(0, 0)), until=until, created=created)
    assert load("gmv", lake).compared == "until 11 Nov: $4,800"


def _until_wednesday(*columns: str) -> Lake:
    """A release of Saturday 14 Nov whose data end on Wednesday 11 Nov: 1,000 a day, and of that day a tenth."""
    days = [WEEK.before.first + timedelta(days=n) for n in range(11)]
    rows = tuple((day, *columns, 1_000 if day < days[-1] else 100, 1) for day in days)
    return Lake(rows, until=datetime(2026, 11, 11, 2, 0, tzinfo=UTC), created=NOW)


def test_days_that_a_late_release_does_not_hold_count_on_neither_side() -> None:
    content = load("legs", _until_wednesday())
    assert content.figure == "3,100"
    assert content.compared == "until 10 Nov: 3,000"
    assert content.delta and (content.delta.change, content.delta.verdict) == (0, "flat")
    assert content.delta.note == "vs 1 Nov – 3 Nov 2026"
    assert content.notice == "Data reach until 11 Nov 2026, 02:00:00 UTC; the days after are not here yet."


def test_nor_do_they_in_a_row_of_its_own() -> None:
    content = load("city_trends", _until_wednesday("DEN"))
    assert content.table.rows == (("DEN", 3_100.0, 4.0, 3_000.0, 3_000.0),)


def test_days_after_the_release_was_made_are_open_whatever_an_import_holds_of_them() -> None:
    lake = _days(before=(100_000, 1), now=(120_000, 1), today=(50_000, 1))
    future = replace(lake, until=NOW + timedelta(days=30), created=NOW)
    assert load("gmv", future).compared == "without today: $7,200"


@pytest.mark.parametrize(
    ("days", "today"), [(BEFORE_TODAY, (50_000, 1)), (WEEK, (0, 0)), (Range(NOW.date(), NOW.date()), (5, 1))]
)
def test_nothing_is_named_twice(days: Range, today: tuple[float, float]) -> None:
    lake = _days(before=(100_000, 1), now=(100_000, 1), today=today)
    assert load("gmv", lake, days).compared is None


@pytest.mark.parametrize(
    ("since", "change", "note"),
    [
        (date(2026, 10, 31), 120_000, "vs 1 Nov – 6 Nov 2026"),
        (date(2026, 11, 1), None, "not all data for 1 Nov – 6 Nov 2026"),
        (date(2026, 11, 7), None, "no data for 1 Nov – 6 Nov 2026"),
    ],
)
def test_the_first_day_of_a_lake_is_no_baseline_as_it_may_have_begun_in_the_afternoon(
    since: date, change: int | None, note: str
) -> None:
    lake = _days(before=(100_000, 1), now=(120_000, 1), today=(50_000, 1))
    delta = load("gmv", lake, since=since).delta
    assert delta and (delta.change, delta.note) == (change, note)


def test_nor_is_it_part_of_an_average() -> None:
    lake = _days(before=(100_000, 1), now=(120_000, 1), today=(50_000, 1))
    drawing = str(load("gmv", lake, since=date(2026, 11, 2)).drawing)
    averages = dict(re.findall(r'data-tip="\w+ (\d+ Nov) 2026\n.*?\n7-day average: ([^"\n]*)', drawing))
    assert averages["8 Nov"] == "–"  # of 2 Nov to 8 Nov
    assert averages["9 Nov"] == "$1,057"  # of five days at $1,000 and two at $1,200, without the 2 Nov


def test_today_alone_has_no_change_as_marts_are_by_day() -> None:
    content = load("gmv", _days(before=(1, 1), now=(1, 1), today=(5, 1)), Range(NOW.date(), NOW.date()))
    assert content.delta_text == "n/a"
    assert content.delta and content.delta.note == "no complete day yet"
