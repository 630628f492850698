"""The marketplace's inventory: cities, sellers' service profiles, studios and buyers. The same for a seed, at all times."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rastup_sim.wire import base32, mix

ROLES = ("photographer", "videographer", "model", "makeup_artist", "stylist", "editor", "retoucher")
HOURLY_CENTS = {
    "photographer": 14_000,
    "videographer": 16_500,
    "model": 9_000,
    "makeup_artist": 8_500,
    "stylist": 9_500,
    "editor": 7_000,
    "retoucher": 6_000,
}
STUDIO_HOURLY_CENTS = 11_000

_SELLER, _PROFILE, _STUDIO, _OWNER, _BUYER, _DEVICE = range(101, 107)


@dataclass(frozen=True, slots=True)
class City:
    """A city: its share of demand, hours from UTC, price level, taxes, and what the platform charges there."""

    code: str
    name: str
    weight: float
    utc_offset_h: int
    price: float
    tax: float
    fee_is_taxed: bool
    fee: float
    currency: str = "USD"


CITIES = (
    City("new_york", "New York", 0.24, -5, 1.35, 0.08875, True, 0.145),
    City("los_angeles", "Los Angeles", 0.21, -8, 1.25, 0.095, False, 0.14),
    City("houston", "Houston", 0.13, -6, 0.95, 0.0825, True, 0.13),
    City("chicago", "Chicago", 0.12, -6, 1.0, 0.1025, False, 0.135),
    City("miami", "Miami", 0.10, -5, 1.05, 0.07, False, 0.135),
    City("atlanta", "Atlanta", 0.08, -5, 0.9, 0.089, False, 0.125),
    City("austin", "Austin", 0.06, -6, 0.98, 0.0825, True, 0.13),
    City("toronto", "Toronto", 0.06, -5, 1.2, 0.13, True, 0.12, "CAD"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be booked by the hour: a service profile (talent) or a studio."""

    kind: str
    offer_id: str
    seller_user_id: str
    role: str
    hourly_cents: int
    is_verified: bool

    @property
    def is_studio(self) -> bool:
        """Whether it is a studio."""
        return self.kind == "studio"


class World:
    """Who and what there is.

    Args:
        seed: of everything.
        buyers: how many people come back again and again.
    """

    def __init__(self, seed: int, buyers: int) -> None:
        self.seed = seed
        self._buyers = buyers
        self.talents = [self._talents(index, city) for index, city in enumerate(CITIES)]
        self.studios = [self._studios(index, city) for index, city in enumerate(CITIES)]

    def buyer(self, rng: Random, city: int) -> tuple[str, str]:
        """Someone of a city: user id and the id of the device. A tenth of the people make a third of the visits."""
        number = int(self._buyers * rng.random() ** 2) * len(CITIES) + city
        user = base32(mix(self.seed, _BUYER, number), 12)
        return "usr_" + user, "an_" + base32(mix(self.seed, _DEVICE, number), 12).lower()

    def offers(self, rng: Random, city: int, is_studio: bool, count: int) -> list[Offer]:
        """Some offers of a city in the order in which a search would show them; popular ones come more often."""
        offers = self.studios[city] if is_studio else self.talents[city]
        many = len(offers)
        start = int(many * rng.random() ** 1.7)
        return [offers[(start + step) % many] for step in range(min(count, many))]

    def _talents(self, index: int, city: City) -> list[Offer]:
        rng = Random(mix(self.seed, _SELLER, index))
        return [self._talent(rng, index, number, city) for number in range(round(420 * city.weight) + 8)]

    def _talent(self, rng: Random, index: int, number: int, city: City) -> Offer:
        role = rng.choice(ROLES)
        cents = HOURLY_CENTS[role] * city.price * rng.lognormvariate(0, 0.3)
        profile = "srv_" + base32(mix(self.seed, _PROFILE, index, number), 12)
        seller = "usr_" + base32(mix(self.seed, _SELLER, index, number), 12)
        return Offer("service_profile", profile, seller, role, _rounded(cents), rng.random() < 0.7)

    def _studios(self, index: int, city: City) -> list[Offer]:
        rng = Random(mix(self.seed, _STUDIO, index))
        return [self._studio(rng, index, number, city) for number in range(round(110 * city.weight) + 4)]

    def _studio(self, rng: Random, index: int, number: int, city: City) -> Offer:
        cents = STUDIO_HOURLY_CENTS * city.price * rng.lognormvariate(0, 0.35)
        studio = "std_" + base32(mix(self.seed, _STUDIO, index, number), 12)
        owner = "usr_" + base32(mix(self.seed, _OWNER, index, number), 12)
        return Offer("studio", studio, owner, "studio", _rounded(cents), rng.random() < 0.6)


def _rounded(cents: float) -> int:
    return max(2_500, round(cents / 500) * 500)
