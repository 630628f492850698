"""One visit to the site: who comes, when, from where, in which dialect, and whether it ends in an order."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rastup_sim.shares import Shares
from rastup_sim.wire import DAY, HOUR, MINUTE, base32, json_text, mix
from rastup_sim.world import CITIES, City, World

CONVERSION = 0.065
LATEST_MS = 3 * DAY
"""Nothing arrives later than this after it happened."""

_VISIT = 21

_DEVICES = (
    (
        "iOS",
        "4.12.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148",
    ),
    (
        "Android",
        "4.11.2",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36",
    ),
    (
        "macOS",
        "2026.11",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
    ),
    (
        "Windows",
        "2026.11",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
    ),
)
_CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_CAMPAIGNS = (
    None,
    None,
    None,
    {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "brand_us"},
    {"utm_source": "instagram", "utm_medium": "social", "utm_campaign": "creators_q4"},
    {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "weekly_digest"},
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit; `number` is the root of everything random in it."""

    number: int
    city_index: int
    start_ms: int
    user_id: str
    anon_id: str
    session_id: str
    is_signed_in: bool
    is_web: bool
    is_crawler: bool
    has_order: bool
    late_ms: int

    @property
    def city(self) -> City:
        """The visit's city."""
        return CITIES[self.city_index]

    def rng(self, purpose: int) -> Random:
        """A stream of random numbers of its own for each purpose."""
        return Random(mix(self.number, purpose))

    def who(self, *, is_signed_in: bool) -> str:
        """Members of the domain envelope that every event of this visit's client shares."""
        user = f',"user_id":"{self.user_id}"' if is_signed_in else ""
        os, version, agent = _DEVICES[self.number % len(_DEVICES)]
        role = "buyer" if is_signed_in else "guest"
        return (
            f'{user},"anon_id":"{self.anon_id}","session_id":"ses_{self.session_id}","city":"{self.city.code}",'
            f'"device":{{"os":"{os}","app_ver":"{version}","ua_hash":"{len(agent):08x}"}},"context":{{"role":"{role}"}}'
        )

    def web_who(self, *, is_signed_in: bool) -> str:
        """The same in the web dialect."""
        os, version, agent = _DEVICES[self.number % len(_DEVICES)]
        user = {"user_id": self.user_id} if is_signed_in else {}
        user |= {"anon_id": "a_" + self.anon_id.removeprefix("an_"), "role": "buyer"}
        parts: dict[str, object] = {
            "app": {"name": "web", "ver": version},
            "user": user,
            "session_id": "s_" + self.session_id,
            "device": {"ua": _CRAWLER if self.is_crawler else agent, "os": os, "lang": "en"},
            "geo": {"city": self.city.name, "country": "CA" if self.city.currency == "CAD" else "US"},
            "page": {"path": "/search", "ref": "https://www.google.com/"},
        }
        if campaign := _CAMPAIGNS[(self.number >> 8) % len(_CAMPAIGNS)]:
            parts["campaign"] = campaign
        return "," + json_text(parts)[1:-1]


def has_order(number: int) -> bool:
    """Whether the visit of that number ends in an order."""
    return (number & 0xFFFF) < CONVERSION * 0x10000


def late_ms(number: int, shares: Shares) -> int:
    """How much later than it happened all of a visit arrives; 0 for almost all."""
    if (number >> 16 & 0xFFFF) >= shares.late * 0x10000:
        return 0
    return HOUR + (number >> 32) % (LATEST_MS - HOUR)


def visit_number(seed: int, hour: int, index: int) -> int:
    """The number of the visit that is the `index`-th to begin in an hour."""
    return mix(seed, _VISIT, hour, index)


def visit_of(world: World, shares: Shares, number: int, city: int, start_ms: int) -> Visit:
    """The visit of a number that begins at a moment in a city."""
    rng = Random(number)
    user_id, anon_id = world.buyer(rng, city)
    ordered = has_order(number)
    late = late_ms(number, shares)
    # The web dialect knows no time of receipt, so what arrives late comes from an app.
    is_web = rng.random() < shares.web and not late
    crawler = is_web and not ordered and rng.random() < 0.02
    return Visit(
        number=number,
        city_index=city,
        start_ms=start_ms,
        user_id=user_id,
        anon_id=anon_id,
        session_id=base32(number, 12).lower(),
        is_signed_in=not crawler and rng.random() < 0.72,
        is_web=is_web,
        is_crawler=crawler,
        has_order=ordered,
        late_ms=late,
    )


def start_in(number: int, hour: int) -> int:
    """When in its hour a visit begins."""
    return hour * HOUR + (number >> 20) % (60 * MINUTE)
