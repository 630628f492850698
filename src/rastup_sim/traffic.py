"""Live traffic: new visits at a steady rate, and the open orders of the history moving on, each event at its moment."""

from __future__ import annotations

import heapq
import itertools
from random import Random

from rastup_sim import courses
from rastup_sim.browsing import Browsing
from rastup_sim.courses import Course
from rastup_sim.demand import EVENTS_A_VISIT
from rastup_sim.flaws import flaws_of
from rastup_sim.market import Market
from rastup_sim.orders import order_of
from rastup_sim.supply import LONGEST_MS as LONGEST_SUPPLY_MS
from rastup_sim.supply import Supply
from rastup_sim.visits import (
    Visit,
    has_order,
    late_ms,
    start_in,
    visit_number,
    visit_of,
)
from rastup_sim.wire import HOUR, MINUTE, Event, mix
from rastup_sim.world import CITIES

EXPRESS_SHARE = 0.4
"""Of new orders, those whose sessions are over within the hour, so that live traffic shows whole lives."""

EXPRESS_PACE = 1 / 600
_LIVE, _EXPRESS = 81, 82
_WARM_UP_MS = 12 * MINUTE
_HORIZON_MS = HOUR


class Traffic:
    """What a marketplace sends from a moment on.

    Args:
        market: with the seed and scale of the history that it continues.
        start_ms: the moment.
        rate: about how many events a minute.
        catch_up_ms: how far back the history's open orders are taken up. What the history holds already comes again
            under the same event id.
        with_history: False when there is none to continue.
    """

    def __init__(
        self, market: Market, start_ms: int, rate: float, catch_up_ms: int = 0, *, with_history: bool = True
    ) -> None:
        self._market = market
        self._rng = Random(mix(market.seed, _LIVE, start_ms))
        self._mean_gap_ms = MINUTE * (EVENTS_A_VISIT - 1.0) / rate  # payouts come after its time
        self._start_ms = start_ms
        self._next_visit_ms = float(start_ms - _WARM_UP_MS)
        self._count = itertools.count()
        self._ready: list[tuple[int, int, Event]] = []
        self._open: list[tuple[int, int, Visit, bool]] = []
        self._supplied_hour = start_ms // HOUR
        if with_history:
            self._take_up(start_ms - catch_up_ms)

    def due(self, now_ms: int) -> list[Event]:
        """Every event that is due by now and was not given before, in order."""
        while self._next_visit_ms <= now_ms:
            self._visit(int(self._next_visit_ms))
            self._next_visit_ms += self._rng.expovariate(1 / self._mean_gap_ms)
        while self._open and self._open[0][0] <= now_ms + _HORIZON_MS:
            from_ms, _, visit, is_express = heapq.heappop(self._open)
            self._follow(visit, from_ms, is_express)
        while self._supplied_hour <= now_ms // HOUR + 1:
            visits = round(sum(self._market.demand.city_rates(self._supplied_hour)))
            self._keep(Supply(self._market.seed, self._supplied_hour, visits).events, self._start_ms)
            self._supplied_hour += 1
        found = []
        while self._ready and self._ready[0][0] <= now_ms:
            found.append(heapq.heappop(self._ready)[2])
        return found

    @property
    def open_orders(self) -> int:
        """Orders of which more is to come."""
        return len(self._open)

    def _visit(self, at_ms: int) -> None:
        market, rng = self._market, self._rng
        number = rng.getrandbits(64)
        city = rng.choices(range(len(CITIES)), [city.weight for city in CITIES])[0]
        # What arrives late began as much earlier.
        start_ms = at_ms - late_ms(number, market.shares)
        visit = visit_of(market.world, market.shares, number, city, start_ms)
        is_express = mix(number, _EXPRESS) % 1000 < EXPRESS_SHARE * 1000
        order = order_of(market.world, visit, is_express=is_express) if visit.has_order else None
        events = Browsing(market.world, market.shares, visit, order).events
        self._keep(events, self._start_ms)
        self._keep(flaws_of(events, market.shares, number), self._start_ms)
        if order and order.checkout_ms >= self._start_ms:
            self._follow(visit, self._start_ms, is_express)

    def _follow(self, visit: Visit, from_ms: int, is_express: bool) -> None:
        """Keeps an order's events of the next hour and looks again when there is more: open orders are many and long."""
        order = order_of(self._market.world, visit, is_express=is_express)
        course = Course(order, self._market.shares, EXPRESS_PACE if is_express else 1.0)
        later = [event for event in course.events if event.received_ms >= from_ms]
        end_ms = max(from_ms, self._start_ms) + 2 * _HORIZON_MS
        self._keep([event for event in later if event.received_ms < end_ms], from_ms)
        rest = [event.received_ms for event in later if event.received_ms >= end_ms]
        if rest:
            heapq.heappush(self._open, (min(rest), next(self._count), visit, is_express))

    def _take_up(self, from_ms: int) -> None:
        """The history's orders, and what its supply has begun."""
        market, first = self._market, self._market.first_hour
        last = self._start_ms // HOUR
        for hour in range(max(first, (from_ms - courses.LONGEST_MS) // HOUR), last + 1):
            cities = market.demand.visits(hour)
            for index, city in enumerate(cities):
                number = visit_number(market.seed, hour, index)
                start_ms = start_in(number, hour)
                if has_order(number) and start_ms < self._start_ms:
                    visit = visit_of(market.world, market.shares, number, city, start_ms)
                    self._follow(visit, from_ms, is_express=False)
            if (from_ms - hour * HOUR) <= LONGEST_SUPPLY_MS:
                self._keep(Supply(market.seed, hour, len(cities)).events, from_ms)
        self._supplied_hour = last + 1

    def _keep(self, events: list[Event], from_ms: int) -> None:
        for event in events:
            if event.received_ms >= from_ms:
                heapq.heappush(self._ready, (event.received_ms, next(self._count), event))
