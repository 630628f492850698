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
    """A scale that holds zero and every value, with about `ticks` round steps: whole ones where all values are whole."""
    present = [value for value in values if value is not None]
    top, bottom = max([0.0, *present]), min([0.0, *present])
    if top == bottom:
        top = 1.0
    is_whole = bool(present) and all(value == int(value) for value in present)
    step = nice_step((top - bottom) / ticks, is_whole=is_whole)
    low, high = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    marks = tuple(n * step for n in range(low, high + 1))
    return Scale(marks[0], marks[-1], y0, y1, marks)


def nice_step(rough: float, *, is_whole: bool = False) -> float:
    """1, 2, 2.5 or 5 times a power of ten, not below `rough`; a whole number if it has to be."""
    rough = max(rough, 1.0) if is_whole else rough
    power = float(10 ** math.floor(math.log10(rough)))
    steps = (factor * power for factor in (1, 2, 2.5, 5, 10))
    return next(step for step in steps if step >= rough * (1 - 1e-9) and (not is_whole or step.is_integer()))
