"""An order: which legs, for how much, and the course that each will take. Drawn once, at checkout."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rastup_sim.visits import Visit
from rastup_sim.wire import DAY, HOUR, MINUTE, base32
from rastup_sim.world import City, Offer, World

_ORDER = 41

CANCELLED_SHARE = 0.084
PAYMENT_FAILS, PAYMENT_RETRIED = 0.075, 0.7


@dataclass(frozen=True, slots=True)
class Money:
    """Parts of an amount in cents; the total is their sum."""

    subtotal: int
    tax: int
    fee: int
    fee_tax: int

    @property
    def total(self) -> int:
        """Sum of the parts."""
        return self.subtotal + self.tax + self.fee + self.fee_tax

    def part(self, share: float) -> Money:
        """A share of each part, rounded down."""
        return Money(*(int(cents * share) for cents in (self.subtotal, self.tax, self.fee, self.fee_tax)))

    def minus(self, other: Money) -> Money:
        """What is left."""
        return Money(
            self.subtotal - other.subtotal,
            self.tax - other.tax,
            self.fee - other.fee,
            self.fee_tax - other.fee_tax,
        )


@dataclass(frozen=True, slots=True)
class Leg:
    """One booked session of an order."""

    leg_id: str
    offer: Offer
    money: Money
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order (an LBG) of a visit."""

    visit: Visit
    lbg_id: str
    charge_id: str
    method: str
    checkout_ms: int
    legs: tuple[Leg, ...]

    @property
    def city(self) -> City:
        """The order's city."""
        return self.visit.city

    @property
    def total(self) -> int:
        """What is charged: the sum of the legs' totals."""
        return sum(leg.money.total for leg in self.legs)


def order_of(world: World, visit: Visit, *, is_express: bool = False) -> Order:
    """The order that a visit ends in.

    Args:
        world: what can be booked.
        visit: that orders.
        is_express: its sessions begin and end within the hour, so that live traffic shows whole lives.
    """
    rng = visit.rng(_ORDER)
    checkout_ms = visit.start_ms + 6 * MINUTE + rng.randrange(9 * MINUTE)
    has_studio_first = rng.random() < 0.3
    kinds = [has_studio_first]
    if rng.random() < 0.34:
        kinds.append(not has_studio_first)
    start_ms, hours = _session(rng, visit.city, checkout_ms, is_express)
    end_ms = start_ms + (hours * (MINUTE if is_express else HOUR))
    legs = tuple(_leg(world, rng, visit, is_studio, (start_ms, end_ms), hours) for is_studio in kinds)
    return Order(
        visit=visit,
        lbg_id="lbg_" + base32(rng.getrandbits(60), 12),
        charge_id="chg_" + base32(rng.getrandbits(60), 12),
        method="ach" if rng.random() < 0.12 else "card",
        checkout_ms=checkout_ms,
        legs=legs,
    )


def _session(rng: Random, city: City, checkout_ms: int, is_express: bool) -> tuple[int, int]:
    """When the booked session begins, and how many hours it takes."""
    hours = rng.choice((1, 2, 2, 3, 3, 4, 4, 6, 8))
    if is_express:
        return checkout_ms + 5 * MINUTE + rng.randrange(10 * MINUTE), hours
    lead_days = rng.choice((0.4, 0.9, 1.5, 2.2, 2.8, 4, 5, 6, 8, 11, 15, 20)) * rng.uniform(0.8, 1.2)
    local_ms = checkout_ms + int(lead_days * DAY) + city.utc_offset_h * HOUR
    local_ms = local_ms // DAY * DAY + (8 + rng.randrange(11)) * HOUR + 30 * MINUTE * rng.randrange(2)
    start_ms = local_ms - city.utc_offset_h * HOUR
    return max(start_ms, checkout_ms // HOUR * HOUR + 3 * HOUR), hours


def _leg(
    world: World, rng: Random, visit: Visit, is_studio: bool, session: tuple[int, int], hours: int
) -> Leg:
    offer = world.offers(rng, visit.city_index, is_studio, 1)[0]
    return Leg(
        leg_id="leg_" + base32(rng.getrandbits(60), 12),
        offer=offer,
        money=price(visit.city, offer.hourly_cents * hours, rng),
        start_ms=session[0],
        end_ms=session[1],
    )


def price(city: City, subtotal: int, rng: Random) -> Money:
    """What a leg costs the buyer: the seller's price, its tax, the platform's fee and the tax on that."""
    fee = round(subtotal * (city.fee + rng.uniform(-0.01, 0.01)))
    fee_tax = round(fee * city.tax) if city.fee_is_taxed else 0
    return Money(subtotal, round(subtotal * city.tax), fee, fee_tax)
