"""Small hostile worlds: a seeded marketplace in which everything that may go wrong with events does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.golden.records import Record

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CITIES = ("houston", "austin", "toronto", None)
CURRENCIES = ("USD", "CAD", "eur")
ROLES = ("buyer", "seller", "studio_owner", "admin")
LEG_PARTS = ("subtotal_cents", "tax_cents", "platform_fee_cents", "platform_fee_tax_cents")
DAY_S = 86_400


def ulid(at: datetime, rng: random.Random) -> str:
    """A ULID with the time of an instant."""
    value = (int(at.timestamp() * 1000) << 80) | rng.getrandbits(80)
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -5, -5))


def rfc3339(at: datetime) -> str:
    """An instant as the canonical record writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


@dataclass
class World:
    """Makes canonical records; time runs from `start` over `days`."""

    seed: int
    start: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    days: float = 12
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def moment(self) -> datetime:
        return self.start + timedelta(milliseconds=self.rng.randrange(int(self.days * DAY_S * 1000)))

    def soon(self, at: datetime, hours: float = 30) -> datetime:
        """A little later, at times a little earlier: clocks and networks do not agree."""
        return at + timedelta(seconds=int(self.rng.uniform(-0.1, 1) * hours * 3600))

    def received(self, at: datetime) -> datetime:
        lag_s = self.rng.choice((0, 0, 1, 3, 400, 5 * 3600, 3 * DAY_S))
        return at + timedelta(seconds=lag_s)

    def emit(
        self,
        name: str,
        at: datetime,
        payload: dict[str, Any],
        ids: dict[str, str] | None = None,
        money: tuple[int, str] | None = None,
        user: str | None = None,
        env: str = "prod",
    ) -> Record:
        """One record, sometimes sent again under the same id or entered again under another."""
        rng = self.rng
        record: Record = {
            "event_id": f"evt_{ulid(at, rng)}",
            "event": name,
            "v": 1,
            "occurred_at": rfc3339(at),
            "received_at": rfc3339(self.received(at)),
            "context": {"role": rng.choice(ROLES), "env": env, "source": "world"},
            "ids": ids or {},
            "payload": payload,
        }
        if user and rng.random() < 0.8:
            record["user_id"] = user
        elif rng.random() < 0.7:
            record["anon_id"] = f"an_{rng.randrange(6)}"
        if rng.random() < 0.5:
            record["session_id"] = f"ses_{rng.randrange(20)}"
        city = rng.choice(CITIES)
        if city:
            record["city"] = city
        if money:
            record["money"] = {"amount_cents": money[0], "currency": money[1]}
        self.records.append(record)
        self._repeat(record, at)
        return record

    def _repeat(self, record: Record, at: datetime) -> None:
        chance = self.rng.random()
        if (
            chance < 0.08
        ):  # the same event, received again: earlier, later or at the same moment with other bytes
            again = {**record, "received_at": rfc3339(self.received(at))}
            if self.rng.random() < 0.3:
                again["city"] = "dallas"
            self.records.append(again)
        elif chance < 0.16:  # the same state, entered again under an id of its own
            at = self.soon(at)
            self.records.append(
                {**record, "event_id": f"evt_{ulid(at, self.rng)}", "received_at": rfc3339(self.received(at))}
            )
        elif chance < 0.19:  # the same entity in another environment
            context = {**record["context"], "env": "dev"}
            other = {**record, "event_id": f"evt_{ulid(at, self.rng)}", "context": context}
            self.records.append(other)

    def build(self, orders: int, first: int = 0) -> list[Record]:
        """Visits and orders, numbered from `first`, shuffled."""
        for number in range(first, first + orders):
            self._visit(f"usr_{number % 5}")
            self._order(number)
        self.rng.shuffle(self.records)
        return self.records

    def _visit(self, user: str) -> None:
        rng, at = self.rng, self.moment()
        imp = f"imp_{rng.randrange(10**6)}"
        seen = {
            "query_hash": "0123456789abcdef",
            "result_pos": rng.randint(1, 20),
            "filters": {"sort": "price"},
        }
        seen |= {"target_type": "service_profile", "target_id": f"srv_{rng.randrange(4)}"}
        self.emit("search.card_impression", at, seen, {"impression_id": imp}, user=user)
        click = {"target_id": seen["target_id"], "result_pos": seen["result_pos"]}
        self._maybe(0.5, lambda: self.emit("search.card_click", at, click, {"impression_id": imp}, user=user))
        self._maybe(
            0.3, lambda: self.emit("search.result_click", at, {"hit_id": "srv_1", "rank": 2}, user=user)
        )
        self._maybe(
            0.6, lambda: self.emit("profile.view", at, {"profile_id": "srv_1", "verified": True}, user=user)
        )
        self._maybe(0.3, lambda: self.emit("studio.view", at, {"studio_id": "std_1"}, user=user))

    def _maybe(self, chance: float, act: Callable[[], object]) -> None:
        if self.rng.random() < chance:
            act()

    def _order(self, number: int) -> None:
        rng, at = self.rng, self.moment()
        lbg, user, currency = f"lbg_{number}", f"usr_{number % 5}", rng.choice(CURRENCIES)
        ids, count = {"lbg_id": lbg}, rng.randint(0, 2)
        start = {"order_id": lbg, "context": "person", "subtotal_cents": 1000}
        self._maybe(0.8, lambda: self.emit("checkout.start", self.soon(at, 2), start, user=user))
        self._maybe(0.8, lambda: self.emit("lbg.create", at, {"leg_count": max(1, count)}, ids, user=user))
        total = sum(self._leg(f"leg_{number}x{leg}", lbg, at, currency) for leg in range(count))
        agreed = {"leg_count": max(1, count), "payment_method": "card", "total_cents": total}
        self._maybe(0.7, lambda: self.emit("lbg.confirmed", self.soon(at), agreed, ids, user=user))
        self._maybe(0.8, lambda: self._charge(number, ids, at, total, currency))

    def _leg(self, leg: str, lbg: str, at: datetime, currency: str) -> int:
        rng, ids = self.rng, {"lbg_id": lbg, "leg_id": leg}
        begin = at + timedelta(seconds=rng.choice((-3600, 3600, DAY_S, 3 * DAY_S, 5 * DAY_S)))
        parts = {part: rng.choice((0, 100, 2500, 99_999)) for part in LEG_PARTS}
        kind = rng.choice(
            ({"type": "talent", "service_profile_id": "srv_1"}, {"type": "studio", "studio_id": "std_1"})
        )
        body = parts | kind | {"seller_user_id": f"usr_{rng.randrange(8)}"}
        body |= {"total_cents": sum(parts.values()), "start_at": rfc3339(begin)}
        body |= {"end_at": rfc3339(begin + timedelta(hours=2))}
        for name, chance in (("create", 0.9), ("confirmed", 0.8), ("in_progress", 0.5), ("completed", 0.6)):
            restated = {"subtotal_cents": 7, "total_cents": 7 + sum(parts.values()) - parts["subtotal_cents"]}
            changed = body | (restated if rng.random() < 0.1 else {})
            if rng.random() < chance:
                self.emit(f"leg.{name}", self.soon(at, 60), changed, ids)
        for number in range(rng.choice((0, 0, 1, 2))):
            self._amend(f"amd_{leg[4:]}x{number}", ids, at)
        own_start = {"start_at": rfc3339(self.soon(begin, 100))} if rng.random() < 0.4 else {}
        self._maybe(
            0.35, lambda: self.emit("leg.cancelled", self.soon(at, 60), {"by": "buyer"} | own_start, ids)
        )
        self._maybe(0.15, lambda: self.emit("leg.failed", self.soon(at, 60), {"reason": "no show"}, ids))
        self._maybe(0.7, lambda: self._payouts(leg, at, currency))
        return sum(parts.values())

    def _amend(self, amendment: str, ids: dict[str, str], at: datetime) -> None:
        deltas = {
            f"{part.removesuffix('_cents')}_delta_cents": self.rng.randint(-50, 50) for part in LEG_PARTS
        }
        body = {"amendment_id": amendment, "kind": "overtime"} | deltas
        self.emit("amendment.added", self.soon(at, 60), body, ids)

    def _charge(self, number: int, ids: dict[str, str], at: datetime, total: int, currency: str) -> None:
        rng, body = self.rng, {"charge_id": f"chg_{number}", "provider_ref": "pi_1"}
        for name in ("intent.created", "intent.succeeded", "capture.succeeded"):
            used = currency if rng.random() < 0.9 else "USD"
            more = {"fee_cents": rng.randrange(500)} if name.startswith("capture") else {"method": "card"}
            self._maybe(
                0.8,
                lambda n=name, c=used, m=more: self.emit(
                    f"payment.{n}", self.soon(at), body | m, ids, (total, c)
                ),
            )
        self._maybe(
            0.2,
            lambda: self.emit(
                "payment.intent.failed",
                self.soon(at),
                body | {"failure_code": "card_declined"},
                ids,
                (total, "USD"),
            ),
        )
        for refund in range(rng.choice((0, 0, 1, 2))):
            reason = rng.choice(("cancellation", "issue", "goodwill"))
            refunded = {"refund_id": f"rf_{number}x{refund}", "charge_id": f"chg_{number}", "reason": reason}
            legs = ids | ({"leg_id": f"leg_{number}x0"} if rng.random() < 0.5 else {})
            later, amount = self.soon(at, 24 * 9), (rng.choice((0, 50, 999)), currency)
            self._maybe(
                0.7, lambda r=refunded, i=legs, t=later, a=amount: self.emit("refund.created", t, r, i, a)
            )
            self._maybe(
                0.9, lambda r=refunded, i=legs, t=later, a=amount: self.emit("refund.succeeded", t, r, i, a)
            )

    def _payouts(self, leg: str, at: datetime, currency: str) -> None:
        rng, ids = self.rng, {"leg_id": leg}
        for number in range(rng.choice((1, 1, 2))):
            payout, amount = f"pay_{leg[4:]}x{number}", rng.choice((0, 500, 1200))
            body = {"payout_id": payout, "leg_id": leg, "amount_cents": amount}
            states = ["queued", "in_transit", rng.choice(("failed", "canceled", "paused", "queued"))]
            rng.shuffle(states)
            for state in states[: rng.randint(0, 3)]:
                self.emit(f"payout.{state}", self.soon(at, 90), body, ids, (amount, currency))
            paid: dict[str, Any] = {
                "leg_id": leg,
                "amount_cents": amount,
                "provider_ref": f"po_{rng.randrange(3)}",
            }
            if rng.random() < 0.5:
                paid["payout_id"] = payout
            money = (amount, currency) if rng.random() < 0.5 else None
            self._maybe(0.7, lambda p=paid, m=money: self.emit("payout.paid", self.soon(at, 90), p, ids, m))


def world(seed: int, orders: int = 12) -> list[Record]:
    """The records of one world, in no order."""
    return World(seed).build(orders)
