"""Scales by their properties: zero and every value lie on them, ticks are round and even."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from rastup.console.charts.scale import zero_based

VALUES = st.lists(st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-3), max_size=20)


@given(VALUES.filter(any))
def test_a_scale_holds_zero_and_every_value_and_little_more(values: list[float]) -> None:
    scale = zero_based(values, 0.0, 100.0)
    step = scale.ticks[1] - scale.ticks[0]
    for value in [0.0, *values]:
        assert -1e-6 <= scale(value) <= 100 + 1e-6
    assert scale.top - max([0.0, *values]) <= step * (1 + 1e-6)
    assert min([0.0, *values]) - scale.bottom <= step * (1 + 1e-6)


@given(VALUES.filter(lambda values: min([0.0, *values]) == 0))
def test_what_is_never_negative_has_no_negative_tick(values: list[float]) -> None:
    assert zero_based(values, 0.0, 100.0).bottom == 0


@given(VALUES)
def test_ticks_are_round(values: list[float]) -> None:
    ticks = zero_based(values, 0.0, 100.0).ticks
    step = ticks[1] - ticks[0]
    leading = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(leading, nice, rel_tol=1e-6) for nice in (1, 2, 2.5, 5, 10))


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_what_is_counted_has_whole_steps(values: list[int]) -> None:
    ticks = zero_based(map(float, values), 0.0, 100.0).ticks
    assert all(tick.is_integer() for tick in ticks) and len(ticks) <= 6
