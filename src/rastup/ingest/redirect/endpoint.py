"""`/r/<token>`: checks a link, claims it, forwards, and records the click.

The forward waits for the store of used links for some milliseconds at most, and for the spool not at all: what is recorded
is decided by the claim, whenever it comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Engine

from rastup.contracts.explanation import Finding
from rastup.core.clock import rfc3339_now
from rastup.core.config import RedirectConfig, Settings
from rastup.core.errors import SpoolFull
from rastup.core.ids import derive_event_id
from rastup.ingest.admission import Admission, Stamp, quarantine_line
from rastup.ingest.bus import Publisher
from rastup.ingest.collector.access import AUTH_INVALID
from rastup.ingest.collector.enrichment import BOT, Enrichment
from rastup.ingest.collector.exchange import Answer
from rastup.ingest.collector.meters import Meters
from rastup.ingest.keys import REDIRECT
from rastup.ingest.redirect import answers
from rastup.ingest.redirect.claims import MOST_WAITING, Claim, Claims, Told, open_claims_store
from rastup.ingest.redirect.complaints import warn
from rastup.ingest.redirect.keyring import Keyring
from rastup.ingest.redirect.targets import Targets
from rastup.ingest.redirect.tokens import (
    ELSEWHERE,
    REPLAYED,
    Signed,
    TokenRefusedError,
    check_age,
    key_id_of,
    record_of,
    verify,
)
from rastup.ingest.redirect.visitors import AHEAD, HEAD, PERSON, PROGRAM, visitor

PATH = "/r/"
PROMO_CLICK = "promo.click"
UNRECORDED, UNCHECKED = "unrecorded", "unchecked"


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker of the collector lends its links.

    Attributes:
        admission: makes lines of records.
        enrichment: tells of devices and places.
        meters: counts.
        writer: takes lines for the spool.
        loop: of the worker.
    """

    admission: Admission
    enrichment: Enrichment
    meters: Meters
    writer: Publisher[asyncio.Future[None]]
    loop: asyncio.AbstractEventLoop


class Redirect:
    """The links of one worker.

    Args:
        config: of the redirect.
        worker: in which it runs.
        keyring: the signing keys.
        make_claims: makes the claims, given what is to be called when some are decided and when some are first.
    """

    def __init__(
        self,
        config: RedirectConfig,
        worker: Worker,
        keyring: Keyring,
        make_claims: Callable[[Told, Told], Claims],
    ) -> None:
        self._config = config
        self._admission = worker.admission
        self._enrichment = worker.enrichment
        self._meters = worker.meters
        self._keyring = keyring
        self._targets = Targets(config.targets)
        self._writer = worker.writer
        self._loop = worker.loop
        self._unsynced = 0
        self._claims = make_claims(self._tell, self._keep)

    def start(self) -> None:
        """Starts the threads."""
        self._keyring.start()
        self._claims.start()

    def close(self) -> None:
        """Records what is claimed."""
        for _ in range(self._claims.close()):
            self._meters.redirect(UNRECORDED)
        self._keyring.close()

    async def answer(self, method: str, path: str, headers: Any, client: str) -> Answer:
        """The answer to one request."""
        kind = visitor(method, headers)
        try:
            signed = await self._signed(path.removeprefix(PATH))
            if signed.target is None or not self._targets.allows(signed.target):
                raise TokenRefusedError(ELSEWHERE)
            if kind == AHEAD:
                self._meters.redirect(kind)
                return answers.not_ahead()
            if kind != HEAD:
                await self._click(signed, kind, headers, client)
        except TokenRefusedError as refusal:
            self._meters.redirect(refusal.reason)
            answer = answers.refused(refusal.reason, headers.get("accept") or "")
            self._meters.refused((REDIRECT, "unknown"), AUTH_INVALID, answer.status)
            return answer
        self._meters.redirect(kind)
        return answers.forwarded(signed.target)

    async def _signed(self, token: str) -> Signed:
        named = key_id_of(token)
        if named is not None and named not in self._keyring.keys:
            await self._keyring.look_again()
        signed = verify(token, self._keyring.keys)
        config = self._config
        check_age(signed.click, time.time(), valid_s=config.valid_s, skew_s=config.skew_s)
        return signed

    async def _click(self, signed: Signed, kind: str, headers: Any, client: str) -> None:
        """Claims a click and has it recorded.

        Raises:
            TokenRefusedError: it was claimed before.
        """
        # A program that opens every link of an e-mail must not use up the link of the person who reads it.
        nonce = signed.click.nonce if kind == PERSON else f"{signed.click.nonce} {PROGRAM}"
        if self._claims.is_mine(nonce):
            raise TokenRefusedError(REPLAYED)
        if self._claims.has_ended or self._claims.waiting + self._unsynced > MOST_WAITING:
            self._meters.redirect(UNRECORDED)
            return
        line = self._line(signed, nonce, kind, headers, client)
        future: asyncio.Future[bool] = self._loop.create_future()
        self._claims.submit(Claim(int(signed.click.made_s), nonce, line, signed.click.env, future))
        done, _ = await asyncio.wait([future], timeout=self._config.store_wait_ms / 1000)
        if not done:
            self._meters.redirect(UNCHECKED)
        elif not future.result():
            raise TokenRefusedError(REPLAYED)

    def _line(self, signed: Signed, nonce: str, kind: str, headers: Any, client: str) -> bytes:
        click = signed.click
        stamp = Stamp(rfc3339_now(), click.env, REDIRECT)
        event_id = derive_event_id(int(click.made_s * 1000), f"click {nonce}".encode())
        record = {"event_id": event_id, **record_of(click, stamp.received_at, signed.proof)}
        told = self._enrichment.of_browser("domain", headers, client)(record, record)
        flags = BOT if kind == PROGRAM else told
        if kind == PROGRAM and click.event == PROMO_CLICK:
            record["payload"] |= {"valid": False, "invalid_reason": "bot"}
        outcome = self._admission.admit(record, stamp, flags)
        if isinstance(outcome, Finding):  # its contract has changed since the link was made
            raw = orjson.dumps(record)
            return quarantine_line(raw, outcome, stamp, dialect="domain", event=click.event)
        return outcome

    def _tell(self, claims: list[Claim]) -> None:
        """Called by the claims' thread: whoever waits may go on."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, claims)

    def _keep(self, claims: list[Claim]) -> None:
        """Called by the claims' thread: the records of those that were first go to the spool."""
        full = self._writer.full_reason
        stored: asyncio.Future[None] = asyncio.Future(loop=self._loop)
        if full is None:
            self._writer.submit(b"".join(claim.line for claim in claims), stored)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._follow, [claim.env for claim in claims], stored, full)

    def _follow(self, envs: list[str], stored: asyncio.Future[None], full: str | None) -> None:
        self._unsynced += len(envs)
        stored.add_done_callback(partial(self._stored, envs))
        if full is not None:
            stored.set_exception(SpoolFull(full))

    def _stored(self, envs: list[str], stored: asyncio.Future[None]) -> None:
        self._unsynced -= len(envs)
        if (error := stored.exception()) is not None:
            warn("clicks were forwarded and not recorded", len(envs), reason=str(error))
        for env in envs:
            if error is None:
                self._meters.took((REDIRECT, env), 1, 0, 0)
            else:
                self._meters.redirect(UNRECORDED)


def _settle(claims: list[Claim]) -> None:
    for claim in claims:
        if claim.future is not None and not claim.future.done():
            claim.future.set_result(claim.is_first)


def open_redirect(settings: Settings, state: Engine, worker: Worker) -> Redirect:
    """The redirect of a worker."""
    store = open_claims_store(settings.clicks_url)
    make_claims = partial(Claims, store, settings.redirect.valid_s)
    redirect = Redirect(settings.redirect, worker, Keyring(state), make_claims)
    redirect.start()
    return redirect


def check(settings: Settings) -> None:
    """Says at once what would keep links from working.

    Raises:
        ConfigError: a target or the store's address is wrong.
        StoreUnavailable: the store cannot be opened.
    """
    Targets(settings.redirect.targets)
    open_claims_store(settings.clicks_url).dispose()
