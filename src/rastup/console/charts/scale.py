"""Scales: round ticks from zero, and where a value lies."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Maps `[0, top]` (or `[bottom, top]`) to `[y0, y1]`; `ticks` are round."""

    bottom: float
    top: float
    y0: float
    y1: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        """Where the value lies."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return self.y0 + share * (self.y1 - self.y0)


def zero_based(values: Iterable[float | None], y0: float, y1: float, ticks: int = 3) -> Scale:
    """A scale that holds zero and every value, with about `ticks` round steps."""
    present = [value for value in values if value is not None]
    top, bottom = max([0.0, *present]), min([0.0, *present])
    if top == bottom:
        top = 1.0
    step = nice_step((top - bottom) / ticks)
    low, high = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    marks = tuple(n * step for n in range(low, high + 1))
    return Scale(marks[0], marks[-1], y0, y1, marks)


def nice_step(rough: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, not below `rough`."""
    power = float(10 ** math.floor(math.log10(rough)))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
