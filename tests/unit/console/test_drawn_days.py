"""What is drawn is what was counted: a day that the data do not hold is a gap, and not a zero."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.unit.console.small_lake import NOW, WEEK, Lake, load

from rastup.console.view import Range

FORTNIGHT = Range(date(2026, 11, 1), date(2026, 11, 14), "14d")
BEGUN = date(2026, 11, 5)


def _every_day(*columns: object, first: date = FORTNIGHT.first, without: date | None = None) -> Lake:
    """The same row each day, today included."""
    days = [first + timedelta(days=n) for n in range((NOW.date() - first).days + 1)]
    return Lake(tuple((day, *columns) for day in days if day != without))


def _line(drawing: object, name: str) -> list[tuple[float, float]]:
    """Where the points of a sparkline's stretch lie."""
    found = re.search(rf'class="{name}" d="([^"]*)"', str(drawing))
    assert found
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", found[1])]


def _tips(drawing: object, name: str) -> dict[str, str]:
    """The values of a timeline by day, as its tooltips say them."""
    return dict(re.findall(rf'data-tip="\w+ (\d+ Nov) 2026\n(?:[^"]*\n)?{name}: ([^"\n]*)', str(drawing)))


@pytest.mark.parametrize("days", [1, 2, 6, 7])
def test_the_sparkline_of_a_short_range_shows_fourteen_days_as_they_were(days: int) -> None:
    chosen = Range(NOW.date() - timedelta(days=days - 1), NOW.date())
    spark = load("legs", _every_day(5), chosen).spark
    solid, dashed = _line(spark, "spark-line"), _line(spark, "spark-line spark-tail")
    assert (len(solid), len(dashed)) == (13, 2)  # the dashes lead from the last complete day to today
    assert len({y for _, y in [*solid, *dashed]}) == 1, "the same number each day is a level line"


def test_days_before_the_lake_began_are_a_gap_in_a_sparkline() -> None:
    lake = _every_day(5, first=BEGUN, without=date(2026, 11, 9))
    solid = _line(load("legs", lake, since=BEGUN).spark, "spark-line")
    assert len(solid) == 9  # 5 Nov to 13 Nov
    lowest = [n for n, (_, y) in enumerate(solid) if y == max(y for _, y in solid)]
    assert lowest == [4], "a day within the data without a row is a zero: 9 Nov"


def test_days_before_the_lake_began_are_a_gap_in_bars() -> None:
    lake = _every_day(500_000, first=BEGUN, without=date(2026, 11, 9))
    content = load("gmv", lake, FORTNIGHT, since=BEGUN)
    tips = _tips(content.drawing, "GMV")
    assert {day: tips[day] for day in ("1 Nov", "4 Nov", "5 Nov", "9 Nov")} == {
        "1 Nov": "–",
        "4 Nov": "–",
        "5 Nov": "$5,000",
        "9 Nov": "$0.00",
    }
    assert "lowest $0.00 on 9 Nov" in content.summary


def test_days_before_the_lake_began_are_a_gap_in_stacked_bars() -> None:
    lake = _every_day("<24h", 3, first=BEGUN, without=date(2026, 11, 9))
    tips = _tips(load("cancellations", lake, FORTNIGHT, since=BEGUN).drawing, "under 24 h")
    assert [tips[f"{day} Nov"] for day in (1, 4, 5, 9, 14)] == ["–", "–", "3", "0", "3"]


def test_days_before_the_lake_began_are_a_gap_in_the_line_of_a_name() -> None:
    lake = _every_day("DEN", 500_000, 1, first=BEGUN)
    drawing = load("city_trends", lake, FORTNIGHT, since=BEGUN).drawing
    assert len(_line(drawing, "spark-line")) == 9  # 5 Nov to 13 Nov


def test_days_after_the_newest_event_are_a_gap_and_its_own_day_is_dashed() -> None:
    rows = _every_day(5).rows[:-3]  # until 11 Nov
    lake = Lake(rows, until=NOW - timedelta(days=3), created=NOW)
    spark = load("legs", lake, WEEK).spark
    assert (len(_line(spark, "spark-line")), len(_line(spark, "spark-line spark-tail"))) == (10, 2)
