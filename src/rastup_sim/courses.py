"""The course of an order: every event from checkout to the last payout, with money that adds up.

For each leg: total = paid out + refunded + fees + taxes + held, at every moment with held >= 0.
"""

from __future__ import annotations

from random import Random

from rastup_sim.orders import CANCELLED_SHARE, PAYMENT_FAILS, PAYMENT_RETRIED, Leg, Money, Order
from rastup_sim.shares import Shares
from rastup_sim.wire import DAY, HOUR, MINUTE, SECOND, Event, base32, domain_event, json_text, moment

LONGEST_MS = 75 * DAY
"""No event of an order comes later than this after its checkout."""

_COURSE = 51
_CITYLESS = ',"context":{"role":"admin"}'
_REASONS = (
    "change of plans",
    "weather",
    "illness in the family",
    "double booked",
    "budget cut",
    "found someone closer",
)
_CANCELLERS = ("buyer",) * 7 + ("seller", "seller", "admin", "system")
_PERSONAL = "call me at +1 415 555 0132 about this"


class Course:
    """Makes `events` of one order. `pace` shortens what comes after a session (live traffic's express orders)."""

    def __init__(self, order: Order, shares: Shares, pace: float = 1.0) -> None:
        self._order = order
        self._shares = shares
        self._rng: Random = order.visit.rng(_COURSE)
        self._pace = pace
        self._at_ms = order.checkout_ms
        city = f',"city":"{order.city.code}"'
        user = f',"user_id":"{order.visit.user_id}"'
        session = f',"session_id":"ses_{order.visit.session_id}"'
        self._client = order.visit.who(is_signed_in=True)
        self._buyer = f'{user}{session}{city},"context":{{"role":"buyer"}}'
        self._platform = f'{city},"context":{{"role":"admin"}}'
        self._lbg = {"lbg_id": order.lbg_id}
        self.events: list[Event] = []
        self._run()

    def _run(self) -> None:
        order = self._order
        self._checkout()
        if not self._pay():
            for leg in order.legs:
                self._at(900)
                self._emit("leg.failed", {"reason": "payment failed"}, leg=leg)
            self._emit(
                "checkout.abandon", {"order_id": order.lbg_id, "step": "payment"}, who=self._client, ids={}
            )
            return
        deposits = self._confirm()
        confirmed_ms = self._at_ms
        for leg in order.legs:
            self._at_ms = confirmed_ms
            self._live(leg, deposits.get(leg.leg_id))
        self._at_ms = confirmed_ms
        if self._rng.random() < 0.007 and self._pace == 1.0:
            self._dispute()

    # Checkout and payment.

    def _checkout(self) -> None:
        order = self._order
        if not order.visit.is_signed_in:
            link = {"user_id": order.visit.user_id, "anon_id": order.visit.anon_id}
            self._emit("identity.link", link, who=self._platform, ids={})
        subtotal = sum(leg.money.subtotal for leg in order.legs)
        context = "studio" if order.legs[0].offer.is_studio else "person"
        start = {"order_id": order.lbg_id, "context": context, "subtotal_cents": subtotal}
        self._emit("checkout.start", start, who=self._client, ids={})
        self._at(2 * SECOND)
        self._emit("lbg.create", {"leg_count": len(order.legs)}, who=self._buyer)
        for leg in order.legs:
            self._emit("leg.create", _leg_payload(leg), leg=leg, who=self._buyer)
        self._at(SECOND)
        self._tax("tax.quote")
        self._at(60 * SECOND)

    def _tax(self, name: str) -> None:
        tax = sum(leg.money.tax + leg.money.fee_tax for leg in self._order.legs)
        self._emit(name, {"tax_cents": tax, "jurisdiction": self._order.city.code})

    def _pay(self) -> bool:
        order, rng = self._order, self._rng
        charge = {"charge_id": order.charge_id, "provider_ref": "pi_" + self._ref(), "method": order.method}
        cents = order.total
        self._provider("payment.intent.created", charge, cents)
        self._at(4 * SECOND)
        if rng.random() < 0.09:
            self._provider("payment.intent.requires_action", charge, cents)
            self._at(30 * SECOND)
        failed = {k: v for k, v in charge.items() if k != "method"}
        if rng.random() < PAYMENT_FAILS:
            code = rng.choice(
                ("card_declined", "insufficient_funds", "expired_card", "authentication_required")
            )
            self._provider("payment.intent.failed", {**failed, "failure_code": code}, cents)
            if rng.random() > PAYMENT_RETRIED:
                return False
            self._at(50 * SECOND)
        self._provider("payment.intent.succeeded", charge, cents)
        self._at(SECOND)
        if rng.random() < 0.004:
            self._provider("payment.capture.failed", {**failed, "failure_code": "processing_error"}, cents)
            return False
        processing = round(cents * 0.029) + 30 if order.method == "card" else min(500, round(cents * 0.008))
        self._provider("payment.capture.succeeded", {**failed, "fee_cents": processing}, cents)
        self._at(400)
        echo = {"order_id": order.lbg_id, "amount_cents": cents, "method": order.method}
        self._emit("checkout.payment_succeeded", echo, who=self._client, ids={})
        return True

    def _confirm(self) -> dict[str, tuple[str, int]]:
        """Confirms the order; the deposits that were authorised, by leg."""
        order, rng = self._order, self._rng
        legs = [leg for leg in order.legs if leg.offer.is_studio and rng.random() < 0.35]
        deposits = {leg.leg_id: ("dep_" + self._ref(), max(5_000, leg.money.total // 4)) for leg in legs}
        self._at(700)
        confirmed = {
            "leg_count": len(order.legs),
            "payment_method": order.method,
            "total_cents": order.total,
            "has_deposit_auth": bool(deposits),
        }
        self._emit("lbg.confirmed", confirmed, who=self._buyer)
        for leg in order.legs:
            self._at(30)
            self._emit("leg.confirmed", _leg_payload(leg), leg=leg, who=self._buyer)
            self._emit("fee.deferred.recorded", {}, leg=leg, cents=leg.money.fee)
            if leg.leg_id in deposits:
                self._deposit("authorized", leg, *deposits[leg.leg_id])
        self._tax("tax.commit")
        return deposits

    # A leg's life.

    def _live(self, leg: Leg, deposit: tuple[str, int] | None) -> None:
        if self._rng.random() < CANCELLED_SHARE:
            self._cancel(leg, deposit)
            return
        rng = self._rng
        self._at_ms = max(self._at_ms + SECOND, leg.start_ms - 2 * MINUTE + rng.randrange(6 * MINUTE))
        self._emit("leg.in_progress", _leg_payload(leg), leg=leg)
        money = self._amended(leg, deposit)
        self._at_ms = max(self._at_ms + SECOND, leg.end_ms - MINUTE + rng.randrange(8 * MINUTE))
        self._emit("leg.completed", _leg_payload(leg), leg=leg)
        self._at(2 * SECOND)
        self._emit("acceptance.window.start", {"ends_at": moment(leg.end_ms + 2 * DAY)}, leg=leg)
        self._emit("fee.earned.recorded", {}, leg=leg, cents=money.fee)
        money = self._accepted(leg, money)
        self._pay_out(leg, money.subtotal)

    def _cancel(self, leg: Leg, deposit: tuple[str, int] | None) -> None:
        rng, confirmed_ms = self._rng, self._at_ms
        lead_ms = leg.start_ms - confirmed_ms
        draw = rng.random()
        if draw < 0.06:
            self._at_ms, share = leg.start_ms + rng.randrange(30 * MINUTE), 0.0
        else:
            self._at_ms = confirmed_ms + int(max(lead_ms, MINUTE) * rng.random() ** 0.7)
            share = _refund_share(leg.start_ms - self._at_ms)
        who, by = self._buyer, rng.choice(_CANCELLERS)
        if by == "seller" and leg.offer.is_studio:
            by = "studio_owner"
        if by != "buyer":
            who, share = self._platform, 1.0
        reason = _PERSONAL if rng.random() < self._shares.pii else rng.choice(_REASONS)
        cancelled = {"by": by, "reason": reason, "subtotal_cents": leg.money.subtotal}
        if rng.random() < 0.8:
            cancelled["start_at"] = moment(leg.start_ms)
        self._emit("leg.cancelled", cancelled, leg=leg, who=who)
        if deposit:
            self._at(SECOND)
            self._deposit("voided", leg, *deposit)
        refunded = leg.money.part(share)
        if refunded.total:
            self._refund(leg, refunded.total, "cancellation")
        kept = leg.money.minus(refunded)
        if kept.total:
            self._emit("fee.earned.recorded", {}, leg=leg, cents=kept.fee)
            self._pay_out(leg, kept.subtotal)

    def _amended(self, leg: Leg, deposit: tuple[str, int] | None) -> Money:
        """What the leg is worth after what happened during it."""
        rng, draw = self._rng, self._rng.random()
        if deposit and draw < 0.3:
            return self._overtime(leg, deposit)
        if deposit:
            self._at(MINUTE)
            self._deposit("expired" if draw > 0.93 else "voided", leg, *deposit)
        if draw < 0.96:
            return leg.money
        kind = rng.choice(("change_order", "refund_line", "admin_adjustment"))
        credit = leg.money.part(rng.uniform(0.05, 0.25))
        self._at(5 * MINUTE)
        self._amend(leg, kind, Money(-credit.subtotal, -credit.tax, -credit.fee, -credit.fee_tax))
        if credit.total:
            self._refund(leg, credit.total, "goodwill" if kind == "admin_adjustment" else "other")
        return leg.money.minus(credit)

    def _overtime(self, leg: Leg, deposit: tuple[str, int]) -> Money:
        """An overrun, paid out of the deposit."""
        more = leg.money.part(min(0.2, deposit[1] / leg.money.total * 0.9))
        self._at(5 * MINUTE)
        self._amend(leg, "overtime", more)
        self._at(2 * SECOND)
        self._deposit("captured", leg, deposit[0], more.total)
        return Money(*(a + b for a, b in zip(_parts(leg.money), _parts(more), strict=True)))

    def _amend(self, leg: Leg, kind: str, delta: Money) -> None:
        payload = {
            "amendment_id": "amd_" + self._ref(),
            "kind": kind,
            "subtotal_delta_cents": delta.subtotal,
            "tax_delta_cents": delta.tax,
            "platform_fee_delta_cents": delta.fee,
            "platform_fee_tax_delta_cents": delta.fee_tax,
        }
        self._emit("amendment.added", payload, leg=leg)

    def _accepted(self, leg: Leg, money: Money) -> Money:
        """Waits for the acceptance of either kind; what the leg is worth then."""
        rng, draw = self._rng, self._rng.random()
        if draw < 0.035:
            self._after(rng.expovariate(1 / (5 * HOUR)))
            kind = rng.choice(("late", "quality", "no_show", "equipment"))
            self._emit("acceptance.issue_reported", {"kind": kind}, leg=leg, who=self._client)
            credit = money.part(rng.uniform(0.1, 0.4))
            self._after(rng.expovariate(1 / (8 * HOUR)))
            self._refund(leg, credit.total, "issue", is_proposed=True)
            money = money.minus(credit)
            draw = 0.5
        if draw < 0.66:
            self._after(min(rng.expovariate(1 / (9 * HOUR)), 1.9 * DAY))
            self._emit("acceptance.buyer.accept", {}, leg=leg, who=self._client)
        else:
            self._at_ms = max(self._at_ms, leg.end_ms) + int(2 * DAY * self._pace)
            self._emit("acceptance.auto_accept", {}, leg=leg)
        return money

    # Money that leaves.

    def _refund(self, leg: Leg, cents: int, reason: str, *, is_proposed: bool = False) -> None:
        order = self._order
        payload = {"refund_id": "rf_" + self._ref(), "charge_id": order.charge_id, "reason": reason}
        if is_proposed:
            self._emit("refund.proposed", payload, leg=leg, cents=cents)
            self._after(2 * HOUR)
        self._emit("refund.created", payload, leg=leg, cents=cents)
        self._at(20 * SECOND)
        payload["provider_ref"] = "re_" + self._ref()
        if self._rng.random() < 0.02:
            self._emit("refund.failed", payload, leg=leg, cents=cents)
            self._after(6 * HOUR)
            payload = {**payload, "refund_id": "rf_" + self._ref()}
            self._emit("refund.created", payload, leg=leg, cents=cents)
            self._at(20 * SECOND)
        self._emit("refund.succeeded", payload, leg=leg, cents=cents)

    def _pay_out(self, leg: Leg, cents: int) -> None:
        rng = self._rng
        if cents <= 0:
            return
        if rng.random() < 0.02:
            self._reserve(leg, cents)
        self._after(HOUR)
        payout = self._queued(leg, cents)
        if rng.random() < 0.006:
            self._emit("payout.paused", payout, leg=leg, cents=cents)
            self._after(DAY)
            self._emit("payout.canceled", payout, leg=leg, cents=cents)
            self._after(HOUR)
            payout = self._queued(leg, cents)
        self._after(rng.uniform(0.3, 1.1) * DAY)
        self._emit("payout.in_transit", payout, leg=leg, cents=cents)
        self._after(rng.uniform(0.5, 2) * DAY)
        if rng.random() < 0.025:
            self._emit("payout.failed", payout, leg=leg, cents=cents)
            if rng.random() < 0.25:
                return
            self._after(rng.uniform(0.3, 2) * DAY)
            payout = self._queued(leg, cents)
            self._after(DAY)
            self._emit("payout.in_transit", payout, leg=leg, cents=cents)
            self._after(DAY)
        paid = {**payout, "provider_ref": "po_" + self._ref()}
        if rng.random() < 0.15:
            del paid["payout_id"]
        self._emit("payout.paid", paid, leg=leg, who=_CITYLESS)

    def _queued(self, leg: Leg, cents: int) -> dict[str, object]:
        payout: dict[str, object] = {
            "payout_id": "pay_" + self._ref(),
            "leg_id": leg.leg_id,
            "amount_cents": cents,
            "payee_user_id": leg.offer.seller_user_id,
        }
        self._emit("payout.queued", payout, leg=leg, cents=cents)
        return payout

    def _reserve(self, leg: Leg, cents: int) -> None:
        reserve = {"reserve_id": "rsv_" + self._ref(), "payee_user_id": leg.offer.seller_user_id}
        self._after(10 * MINUTE)
        self._emit("reserve.hold", reserve, leg=leg, cents=cents // 5)
        self._after(3 * DAY)
        self._emit("reserve.release", reserve, leg=leg, cents=cents // 5)

    def _dispute(self) -> None:
        """A dispute by the card's issuer; half of them come under the older name."""
        order, rng = self._order, self._rng
        self._at_ms += int(rng.uniform(1, 12) * DAY)
        is_chargeback = rng.random() < 0.4
        opened = {
            "dispute_id": "dsp_" + self._ref(),
            "charge_id": order.charge_id,
            "reason": rng.choice(("fraudulent", "product_not_received", "duplicate")),
            "due_at": moment(self._at_ms + 7 * DAY),
        }
        ident = {"dispute_id": opened["dispute_id"]}
        self._provider("chargeback.open" if is_chargeback else "dispute.opened", opened, order.total)
        self._at_ms += int(rng.uniform(0.5, 4) * DAY)
        self._emit(
            "chargeback.submit" if is_chargeback else "dispute.evidence_submitted",
            ident,
            who=_CITYLESS,
            ids={},
        )
        self._at_ms += int(rng.uniform(3, 12) * DAY)
        is_won = rng.random() < 0.45
        if is_chargeback:
            outcome = {**ident, "outcome": "won" if is_won else "lost"}
            self._emit("chargeback.closed", outcome, who=_CITYLESS, ids={})
        else:
            self._emit("dispute.won" if is_won else "dispute.lost", ident, who=_CITYLESS, ids={})
        if not is_won:
            leg = order.legs[0]
            self._at(HOUR)
            clawback = {**ident, "payee_user_id": leg.offer.seller_user_id}
            self._emit("chargeback.clawback.applied", clawback, leg=leg, cents=leg.money.subtotal)

    # Writing.

    def _deposit(self, state: str, leg: Leg, deposit_id: str, cents: int) -> None:
        payload = {"deposit_id": deposit_id}
        self._emit(f"deposit.auth.{state}", payload, leg=leg, cents=cents, who=_CITYLESS)

    def _provider(self, name: str, payload: dict[str, object] | dict[str, str], cents: int) -> None:
        """What the payment provider's webhook says, which knows neither user nor city."""
        self._emit(name, payload, cents=cents, who=_CITYLESS)

    def _ref(self) -> str:
        return base32(self._rng.getrandbits(60), 12)

    def _at(self, mean_ms: float) -> None:
        """Time passes, about so much."""
        self._at_ms += 1 + int(mean_ms * (0.5 + self._rng.random()))

    def _after(self, ms: float) -> None:
        """Time passes that express orders shorten."""
        self._at_ms += 1 + int(ms * self._pace)

    def _emit(
        self,
        name: str,
        payload: object,
        *,
        leg: Leg | None = None,
        cents: int | None = None,
        who: str | None = None,
        ids: dict[str, str] | None = None,
    ) -> None:
        if ids is None:
            ids = {**self._lbg, "leg_id": leg.leg_id} if leg else self._lbg
        money = ""
        if cents is not None:
            money = f',"money":{{"amount_cents":{cents},"currency":"{self._order.city.currency}"}}'
        received_ms = self._at_ms + 30 + self._rng.randrange(400)
        self.events.append(
            domain_event(
                name,
                self._at_ms,
                received_ms,
                self._rng,
                self._platform if who is None else who,
                json_text(ids),
                json_text(payload),
                money,
            )
        )


def _leg_payload(leg: Leg) -> dict[str, object]:
    offer, money = leg.offer, leg.money
    return {
        "type": "studio" if offer.is_studio else "talent",
        "seller_user_id": offer.seller_user_id,
        "studio_id" if offer.is_studio else "service_profile_id": offer.offer_id,
        "subtotal_cents": money.subtotal,
        "tax_cents": money.tax,
        "platform_fee_cents": money.fee,
        "platform_fee_tax_cents": money.fee_tax,
        "total_cents": money.total,
        "start_at": moment(leg.start_ms),
        "end_at": moment(leg.end_ms),
    }


def _parts(money: Money) -> tuple[int, int, int, int]:
    return money.subtotal, money.tax, money.fee, money.fee_tax


def _refund_share(lead_ms: int) -> float:
    """How much of a cancelled leg the buyer gets back."""
    if lead_ms >= 3 * DAY:
        return 0.8
    return 0.3 if lead_ms >= DAY else 0.0
