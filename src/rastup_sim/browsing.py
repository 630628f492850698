"""What a visitor does before an order or instead of one: searches, sees cards, clicks, looks at profiles and studios."""

from __future__ import annotations

from rastup_sim.orders import Order
from rastup_sim.shares import Shares
from rastup_sim.visits import Visit
from rastup_sim.wire import HOUR, MINUTE, SECOND, Event, base32, domain_event, json_text, mix, web_event
from rastup_sim.world import ROLES, Offer, World

_BROWSING = 31
_SORTS = ("relevance", "relevance", "relevance", "price", "rating", "distance", "newest")
_WORDS = (
    "wedding",
    "product shoot",
    "café portrait",
    "lookbook",
    "headshots",
    "music video",
    "editorial",
    "newborn",
)
_PII = (
    "write to jo.smith@example.com",
    "call +1 415 555 0132",
    "4111 1111 1111 1111",
    "ana@example.org or 212-555-0187",
)
_SURPRISES = ('"ab_bucket":"b"', '"scroll_depth":0.63', '"client_seq":17')


class Browsing:
    """The client's events of one visit, in order. `events` is what it gives."""

    def __init__(self, world: World, shares: Shares, visit: Visit, order: Order | None) -> None:
        self._world = world
        self._shares = shares
        self._visit = visit
        self._order = order
        self._rng = rng = visit.rng(_BROWSING)
        self._at_ms = visit.start_ms
        self._lag_ms = visit.late_ms + 40 + rng.randrange(900)
        who = visit.web_who if visit.is_web else visit.who
        self._who = who(is_signed_in=visit.is_signed_in)
        self.events: list[Event] = []
        self._run()

    def _run(self) -> None:
        rng = self._rng
        if rng.random() < 0.18:
            self._suggest()
        searches = 1 + (rng.random() < 0.3)
        for number in range(searches):
            self._search(with_order=number == 0)
        if self._order is None and not self._visit.is_crawler and rng.random() < 0.045:
            self._abandoned_checkout()

    def _suggest(self) -> None:
        text = self._words()
        self._emit("suggest.view", {"scope": "search", "q": text[:12], "items": self._rng.randrange(9)})

    def _words(self) -> str:
        if self._rng.random() < self._shares.pii:
            return self._rng.choice(_PII)
        return self._rng.choice(_WORDS)

    def _search(self, *, with_order: bool) -> None:
        rng, order = self._rng, self._order if with_order else None
        is_studio = order.legs[0].offer.is_studio if order else rng.random() < 0.3
        shown = self._world.offers(rng, self._visit.city_index, is_studio, 4 + rng.randrange(6))
        chosen = rng.randrange(min(6, len(shown))) if order else -1
        if order:
            shown[chosen] = order.legs[0].offer
        query_hash = base32(rng.getrandbits(60), 12).lower()
        filters = {"kind": "studio"} if is_studio else {"role": rng.choice(ROLES)}
        if rng.random() < 0.4:
            filters["max_price"] = rng.choice((10_000, 15_000, 25_000))  # type: ignore[assignment]
        self._query(query_hash, filters, len(shown))
        self._cards(query_hash, json_text(filters), shown, chosen)
        if rng.random() < 0.02:
            self._emit("search.save", {"query_hash": query_hash})
        if rng.random() < 0.015 and self._visit.is_signed_in:
            self._alert(query_hash)

    def _query(self, query_hash: str, filters: dict[str, str], count: int) -> None:
        rng = self._rng
        query = {"query_hash": query_hash, "filters": filters, "sort": rng.choice(_SORTS), "results": count}
        if rng.random() < 0.6:
            query["q"] = self._words()
        self._emit("search.query", query)
        if rng.random() < 0.08:
            ms = round(rng.lognormvariate(4.6, 0.5), 1)
            self._emit_backend("search.latency", self._at_ms + 200, {"ms": ms, "query_hash": query_hash})
        if rng.random() < 0.004:
            self._emit_backend(
                "search.error", self._at_ms + 200, {"code": "TIMEOUT", "query_hash": query_hash}
            )
        self._pause(150, 700)
        self._emit("search.results_view", {"query_hash": query_hash, "count": count})

    def _cards(self, query_hash: str, filters: str, shown: list[Offer], chosen: int) -> None:
        rng, visit = self._rng, self._visit
        kind = shown[0].kind
        head = f'"query_hash":"{query_hash}","result_pos":'
        middle = f',"target_type":"{kind}","target_id":"'
        clicked: list[tuple[int, str]] = []
        prefix = base32(mix(visit.number, self._at_ms), 12)
        for position, offer in enumerate(shown, 1):
            self._at_ms += 90 + int(rng.random() * 1_600)
            impression = f"imp_{prefix}{position:02}"
            payload = f'{head}{position}{middle}{offer.offer_id}","filters":{filters}'
            self._emit_text("search.card_impression", f'{{"impression_id":"{impression}"}}', payload)
            if position - 1 == chosen or rng.random() < 0.16 / (1 + 0.25 * position):
                clicked.append((position, impression))
        for position, impression in clicked:
            self._click(shown[position - 1], position, impression)

    def _click(self, offer: Offer, position: int, impression: str) -> None:
        rng = self._rng
        self._pause(SECOND, 25 * SECOND)
        if rng.random() < 0.12:
            payload = f'"hit_id":"{offer.offer_id}","rank":{position},"scope":"search"'
            self._emit_text("search.result_click", "{}", payload)
        else:
            payload = f'"target_id":"{offer.offer_id}","result_pos":{position}'
            self._emit_text("search.card_click", f'{{"impression_id":"{impression}"}}', payload)
        self._pause(400, 2 * SECOND)
        verified = "true" if offer.is_verified else "false"
        if offer.is_studio:
            self._emit_text("studio.view", "{}", f'"studio_id":"{offer.offer_id}","verified":{verified}')
            if rng.random() < 0.07 and self._visit.is_signed_in:
                self._quote(offer)
        else:
            payload = f'"profile_id":"{offer.offer_id}","role":"{offer.role}","verified":{verified}'
            self._emit_text("profile.view", "{}", payload)

    def _quote(self, studio: Offer) -> None:
        rng = self._rng
        quote = {"quote_id": "quo_" + base32(rng.getrandbits(60), 12), "studio_id": studio.offer_id}
        hours = rng.choice((2, 4, 8))
        self._pause(10 * SECOND, 90 * SECOND)
        self._emit("studio.quote.request", {**quote, "hours": hours})
        if rng.random() > 0.85:
            return
        answered_ms = self._at_ms + min(int(rng.expovariate(1 / (20 * MINUTE))), HOUR) + 2 * MINUTE
        if rng.random() < 0.2:
            self._emit_backend("studio.quote.response", answered_ms, {**quote, "outcome": "declined"})
            return
        total_cents = studio.hourly_cents * hours
        offer = {**quote, "outcome": "offered", "total_cents": total_cents}
        self._emit_backend("studio.quote.response", answered_ms, offer)
        if rng.random() < 0.4:
            self._accept_quote(answered_ms, quote)

    def _accept_quote(self, answered_ms: int, quote: dict[str, str]) -> None:
        """The visitor comes back to the offer, in the app."""
        at_ms = answered_ms + MINUTE + self._rng.randrange(50 * MINUTE)
        who = self._visit.who(is_signed_in=True)
        payload = json_text(quote)
        event = domain_event("studio.quote.accept", at_ms, at_ms + 300, self._rng, who, "{}", payload)
        self.events.append(event)

    def _alert(self, query_hash: str) -> None:
        rng = self._rng
        alert_id = "alr_" + base32(rng.getrandbits(60), 12)
        self._emit("search.alert.create", {"alert_id": alert_id, "query_hash": query_hash})
        triggered_ms = self._at_ms + 20 * MINUTE + rng.randrange(HOUR)
        self._emit_backend(
            "search.alert.triggered", triggered_ms, {"alert_id": alert_id, "matches": 1 + rng.randrange(6)}
        )

    def _abandoned_checkout(self) -> None:
        rng = self._rng
        order_id = "lbg_" + base32(rng.getrandbits(60), 12)
        is_studio = rng.random() < 0.3
        offer = self._world.offers(rng, self._visit.city_index, is_studio, 1)[0]
        self._pause(30 * SECOND, 3 * MINUTE)
        context = "studio" if is_studio else "person"
        cents = offer.hourly_cents * rng.choice((2, 3, 4, 8))
        self._emit("checkout.start", {"order_id": order_id, "context": context, "subtotal_cents": cents})
        self._pause(30 * SECOND, 4 * MINUTE)
        step = rng.choice(("details", "details", "docs", "payment", "payment"))
        if rng.random() < 0.8:
            self._emit("checkout.abandon", {"order_id": order_id, "step": step})

    def _pause(self, low_ms: int, high_ms: int) -> None:
        self._at_ms += low_ms + int(self._rng.random() * (high_ms - low_ms))

    def _emit(self, name: str, payload: dict[str, object]) -> None:
        self._emit_text(name, "{}", json_text(payload)[1:-1])

    def _emit_text(self, name: str, ids: str, payload: str) -> None:
        """One client event; `payload` is the members of the JSON object."""
        rng = self._rng
        if rng.random() < self._shares.unknown:
            payload = f"{payload},{rng.choice(_SURPRISES)}"
        if self._visit.is_web:
            both = f"{ids[1:-1]},{payload}" if ids != "{}" else payload
            self.events.append(web_event(name, self._at_ms, rng, self._who, f"{{{both}}}"))
            return
        received_ms = self._at_ms + self._lag_ms
        self.events.append(
            domain_event(name, self._at_ms, received_ms, rng, self._who, ids, f"{{{payload}}}")
        )

    def _emit_backend(self, name: str, at_ms: int, payload: dict[str, object]) -> None:
        who = f',"city":"{self._visit.city.code}","context":{{"role":"admin"}}'
        received_ms = at_ms + 20 + self._rng.randrange(200)
        self.events.append(domain_event(name, at_ms, received_ms, self._rng, who, "{}", json_text(payload)))
