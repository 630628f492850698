"""Supply and the platform's own events: new sellers and studios, verifications, wallets, the daily close."""

from __future__ import annotations

from random import Random

from rastup_sim.wire import DAY, HOUR, MINUTE, SECOND, Event, base32, domain_event, json_text, mix, moment
from rastup_sim.world import CITIES, ROLES, City

LONGEST_MS = 8 * DAY
"""No event of an hour's supply comes later than this."""

_SUPPLY = 71
_CLOSE_HOUR = 8
_PLATFORM = ',"context":{"role":"admin"}'
SHARE_OF_VISITS = 0.006


class Supply:
    """Makes `events` that begin in one hour; their number follows that hour's visits."""

    def __init__(self, seed: int, hour: int, visits: int) -> None:
        self._rng = Random(mix(seed, _SUPPLY, hour))
        self.events: list[Event] = []
        for _ in range(_count(self._rng, visits * SHARE_OF_VISITS)):
            at_ms = hour * HOUR + self._rng.randrange(HOUR)
            kind = self._rng.choice((self._seller, self._seller, self._studio, self._update, self._wallet))
            kind(at_ms, self._rng.choices(CITIES, [city.weight for city in CITIES])[0])
        if hour % 24 == _CLOSE_HOUR:
            self._close(hour)

    def _seller(self, at_ms: int, city: City) -> None:
        rng = self._rng
        seller = "usr_" + self._ref()
        profile = {"profile_id": "srv_" + self._ref(), "role": rng.choice(ROLES), "seller_user_id": seller}
        self._emit("profile.publish", at_ms, city, profile, "seller")
        self._emit("seller.activated", at_ms + 20 * MINUTE, city, {"seller_user_id": seller}, "seller")

    def _studio(self, at_ms: int, city: City) -> None:
        rng = self._rng
        studio = {"studio_id": "std_" + self._ref()}
        self._emit(
            "studio.create", at_ms, city, {**studio, "owner_user_id": "usr_" + self._ref()}, "studio_owner"
        )
        at_ms += 40 * MINUTE
        self._emit("studio.publish", at_ms, city, studio, "studio_owner")
        self._emit("studio.verification.submitted", at_ms + MINUTE, city, studio, "studio_owner")
        at_ms += HOUR + rng.randrange(2 * DAY)
        if rng.random() < 0.15:
            reason = {"reason": "photos do not show the room"}
            self._emit("studio.verification.rejected", at_ms, city, studio | reason, "admin")
            self._emit("studio.unpublish", at_ms + HOUR, city, studio | {"reason": "not verified"}, "admin")
            return
        self._emit("studio.verification.approved", at_ms, city, studio, "admin")
        if rng.random() < 0.05:
            at_ms += HOUR + rng.randrange(4 * DAY)
            self._emit(
                "studio.verification.revoked", at_ms, city, studio | {"reason": "insurance ran out"}, "admin"
            )

    def _update(self, at_ms: int, city: City) -> None:
        fields = self._rng.sample(("photos", "price", "hours", "equipment", "rules"), 2)
        self._emit(
            "studio.update",
            at_ms,
            city,
            {"studio_id": "std_" + self._ref(), "fields": fields},
            "studio_owner",
        )

    def _wallet(self, at_ms: int, city: City) -> None:
        rng = self._rng
        cents = rng.choice((1_000, 2_000, 2_500, 5_000))
        wallet = {"wallet_user_id": "usr_" + self._ref()}
        self._emit("wallet.credit", at_ms, city, wallet | {"reason": "goodwill"}, "admin", cents)
        later_ms = at_ms + HOUR + rng.randrange(3 * DAY)
        if rng.random() < 0.08:
            self._emit(
                "wallet.reversal", later_ms, city, wallet | {"reason": "entered twice"}, "admin", cents
            )
        else:
            self._emit("wallet.debit", later_ms, city, wallet | {"reason": "checkout"}, "admin", cents)

    def _close(self, hour: int) -> None:
        """The platform closes the day before."""
        at_ms = hour * HOUR + 5 * MINUTE
        close = {"close_dt": moment(at_ms - DAY)[:10]}
        rng = self._rng
        self._emit("finance.close.start", at_ms, None, close, "admin")
        if rng.random() < 0.04:
            self._emit("finance.close.failed", at_ms + 3 * MINUTE, None, close, "admin")
            at_ms += 20 * MINUTE
            self._emit("finance.close.start", at_ms, None, close, "admin")
        self._emit("finance.close.succeeded", at_ms + 4 * MINUTE, None, close, "admin")
        variance = {
            "variance_cents": rng.randrange(900),
            "variance_pct": round(rng.random() * 0.004, 5),
            "gate": "open",
        }
        self._emit("recon.variance.notice", at_ms + 5 * MINUTE, None, close | variance, "admin")

    def _ref(self) -> str:
        return base32(self._rng.getrandbits(60), 12)

    def _emit(
        self, name: str, at_ms: int, city: City | None, payload: object, role: str, cents: int | None = None
    ) -> None:
        who = f',"city":"{city.code}","context":{{"role":"{role}"}}' if city else _PLATFORM
        money = ""
        if cents is not None and city:
            money = f',"money":{{"amount_cents":{cents},"currency":"{city.currency}"}}'
        received_ms = at_ms + 30 + self._rng.randrange(SECOND)
        text = json_text(payload)
        self.events.append(domain_event(name, at_ms, received_ms, self._rng, who, "{}", text, money))


def _count(rng: Random, mean: float) -> int:
    whole = int(mean)
    return whole + (rng.random() < mean - whole)
