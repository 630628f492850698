"""Demand: how many visits begin in an hour, and in which cities, by local hour and weekday, growing slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from rastup_sim.wire import DAY, mix
from rastup_sim.world import CITIES

EVENTS_A_VISIT = 14.8
"""Mean events that one visit brings in the end, its share of orders and their lives included; measured by a test."""

GROWTH_A_DAY = 0.0022
"""About seven per cent a month."""

_HOURS = (3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 14, 16, 18, 19, 17, 12, 6)
_WEEKDAYS = (0.94, 0.86, 0.90, 0.98, 1.16, 1.22, 0.94)  # Monday first
_HOUR_MEAN = sum(_HOURS) / 24
_WEEKDAY_MEAN = sum(_WEEKDAYS) / 7
_VISITS, _CITIES = 11, 12


@dataclass(frozen=True)
class Demand:
    """Visits over time.

    Attributes:
        seed: of the number of visits in each hour.
        visits_a_day: mean over `[until_ms - days, until_ms)`.
        until_ms: the moment that growth is counted from; the whole day counts, so that a history and the traffic that
            continues it on the same day agree.
        days: length of the window.
    """

    seed: int
    visits_a_day: float
    until_ms: int
    days: float

    def city_rates(self, hour: int) -> list[float]:
        """Expected visits in each city during an hour (hours since the epoch)."""
        day = hour // 24
        growth = math.exp(GROWTH_A_DAY * (day - self.until_ms // DAY + self.days / 2))
        base = self.visits_a_day / 24 * growth
        return [base * city.weight * _pattern(hour + city.utc_offset_h) for city in CITIES]

    def visits(self, hour: int) -> list[int]:
        """The cities (as indexes) of the visits that begin in an hour."""
        rates = self.city_rates(hour)
        many = _poisson(Random(mix(self.seed, _VISITS, hour)), sum(rates))
        # A stream of its own: one visit more or less leaves the others where they are.
        return Random(mix(self.seed, _CITIES, hour)).choices(range(len(CITIES)), rates, k=many)


def _pattern(local_hour: int) -> float:
    weekday = (local_hour // 24 + 3) % 7  # 1970-01-01 was a Thursday
    return _HOURS[local_hour % 24] / _HOUR_MEAN * _WEEKDAYS[weekday] / _WEEKDAY_MEAN


def _poisson(rng: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
