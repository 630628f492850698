"""The marketplace as a function of time: all events that begin in an hour, wherever and in whatever order it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rastup_sim import courses, supply
from rastup_sim.browsing import Browsing
from rastup_sim.courses import Course
from rastup_sim.demand import EVENTS_A_VISIT, Demand
from rastup_sim.flaws import flaws_of
from rastup_sim.orders import order_of
from rastup_sim.shares import Shares
from rastup_sim.supply import Supply
from rastup_sim.visits import LATEST_MS, has_order, late_ms, start_in, visit_number, visit_of
from rastup_sim.wire import HOUR, Event, mix
from rastup_sim.world import World

VISITS_A_BUYER = 6
_REACH_HOURS = 5
"""A punctual visit's own events, and what is sent again of them, arrive within so many hours of the hour it begins in."""


@dataclass(frozen=True)
class Window:
    """A time of arrival, `[since_ms, until_ms)`; `since_ms` is the start of an hour."""

    since_ms: int
    until_ms: int

    @property
    def hours(self) -> range:
        """Its hours since the epoch."""
        return range(self.since_ms // HOUR, -(-self.until_ms // HOUR))


def window_of(until_ms: int, days: float) -> Window:
    """The window of about `days` before a moment, from the start of an hour."""
    since_ms = until_ms - round(days * 24) * HOUR
    return Window(since_ms // HOUR * HOUR, until_ms)


@dataclass(frozen=True)
class Scale:
    """How large the marketplace is: about `events` in the `days` before `until_ms`."""

    events: int = 120_000
    days: float = 30.0
    until_ms: int = 0

    @property
    def visits_a_day(self) -> float:
        """Mean visits a day."""
        return self.events / self.days / EVENTS_A_VISIT


@dataclass(frozen=True)
class Market:
    """A marketplace of a seed and a scale."""

    seed: int
    scale: Scale
    shares: Shares = field(default_factory=Shares)

    def __post_init__(self) -> None:
        buyers = int(self.scale.visits_a_day * 30 / VISITS_A_BUYER) + 400
        demand = Demand(mix(self.seed, 1), self.scale.visits_a_day, self.scale.until_ms, self.scale.days)
        object.__setattr__(self, "world", World(self.seed, buyers))
        object.__setattr__(self, "demand", demand)

    world: World = field(init=False)
    demand: Demand = field(init=False)

    @property
    def first_hour(self) -> int:
        """The hour in which its history begins."""
        return window_of(self.scale.until_ms, self.scale.days).hours.start

    def begun_in(self, hour: int) -> Iterator[Event]:
        """Every event of what begins in an hour, also those that arrive weeks later; in no order."""
        cities = self.demand.visits(hour)
        for index, city in enumerate(cities):
            yield from self._visit(visit_number(self.seed, hour, index), city, hour)
        yield from Supply(self.seed, hour, len(cities)).events

    def arriving_from(self, hour: int, first_hour: int) -> Iterator[Event]:
        """Events that began in `[first_hour, hour)` and arrive at `hour` or later: what a market is in the middle of."""
        from_ms = hour * HOUR
        for begun in range(max(first_hour, hour - courses.LONGEST_MS // HOUR), hour):
            for event in self._lasting(begun, hour):
                if event.received_ms >= from_ms:
                    yield event

    def _lasting(self, begun: int, hour: int) -> Iterator[Event]:
        """What began in an hour and may arrive in a later one: making all of it would cost as much as a history."""
        age_h = hour - begun
        if age_h <= _REACH_HOURS:
            yield from self.begun_in(begun)
            return
        cities = self.demand.visits(begun)
        may_be_late = age_h <= LATEST_MS // HOUR + _REACH_HOURS
        for index, city in enumerate(cities):
            number = visit_number(self.seed, begun, index)
            if has_order(number) or (may_be_late and late_ms(number, self.shares)):
                yield from self._visit(number, city, begun)
        if age_h <= supply.LONGEST_MS // HOUR:
            yield from Supply(self.seed, begun, len(cities)).events

    def _visit(self, number: int, city: int, hour: int) -> Iterator[Event]:
        visit = visit_of(self.world, self.shares, number, city, start_in(number, hour))
        order = order_of(self.world, visit) if visit.has_order else None
        events = Browsing(self.world, self.shares, visit, order).events
        yield from events
        yield from flaws_of(events, self.shares, number)
        if order:
            yield from Course(order, self.shares).events
