"""Making links: what they would record is checked now, so that no click fails later."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping

from sqlalchemy import Engine

from rastup.contracts.explanation import Finding
from rastup.contracts.registry import Registry
from rastup.contracts.validation import Validator
from rastup.core.clock import rfc3339_now
from rastup.core.config import RedirectConfig
from rastup.core.errors import UsageError
from rastup.ingest.admission import Admission, Stamp
from rastup.ingest.keys import ENVIRONMENTS, REDIRECT
from rastup.ingest.redaction import Redaction
from rastup.ingest.redirect.keyring import ClickKey, signing_key
from rastup.ingest.redirect.targets import LONGEST, Targets
from rastup.ingest.redirect.tokens import LONGEST as LONGEST_TOKEN
from rastup.ingest.redirect.tokens import Click, Signed, TokenRefusedError, record_of, sign, verify

PROOF = "$.campaign.click_token"


class Mint:
    """Makes tokens.

    Args:
        engine: the state database, which holds the keys.
        config: of the redirect.
        registry: of the contracts.
        clock_s: seconds since the epoch.
    """

    def __init__(
        self,
        engine: Engine,
        config: RedirectConfig,
        registry: Registry,
        clock_s: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._targets = Targets(config.targets)
        self._allowed = ", ".join(config.targets) or "none; set redirect.targets"
        self._registry = registry
        self._admission = Admission(Validator(registry))
        self._clock_s = clock_s

    def mint(self, click: Click, target: str) -> str:
        """The token of a link to `target` that is recorded as `click`; its version is the newest contract's.

        Raises:
            UsageError: the target, the event or a value is not allowed, or all of it is too long for a link.
        """
        self._check_target(target)
        click = dataclasses.replace(click, v=self._version(click))
        if click.env not in ENVIRONMENTS:
            raise UsageError(f"env {click.env!r} is not allowed; give one of {', '.join(ENVIRONMENTS)}.")
        key = signing_key(self._engine)
        token = sign(click, target, key, self._clock_s())
        self._check_record(_followed(token, key))
        return token

    def _check_target(self, target: str) -> None:
        if not self._targets.allows(target):
            raise UsageError(
                f"target {target[:200]!r} is not allowed; give an address in ASCII of at most {LONGEST} characters, "
                f"without user and password, at one of: {self._allowed}."
            )
        found = Redaction()
        found.everywhere(target)
        _refuse_personal("the target", found.counts)

    def _check_record(self, signed: Signed) -> None:
        """Lets nothing into a token that a record may not hold: the proof in the record carries it where nobody redacts."""
        click, now = signed.click, rfc3339_now()
        record = record_of(click, now, signed.proof)
        outcome = self._admission.admit(record, Stamp(now, click.env, REDIRECT))
        if isinstance(outcome, Finding):
            advice = "; that is the proof of all that is recorded, give less" if outcome.path == PROOF else ""
            raise UsageError(
                f"the click would be refused: {outcome.code} at {outcome.path}: {outcome.message}{advice}."
            )
        _refuse_personal("the click", record.get("schema_flags", {}).get("redacted", {}))

    def _version(self, click: Click) -> int:
        contract = self._registry.newest(click.event)
        if contract is None or not is_click(click.event):
            raise UsageError(
                f"event {click.event!r} is no click of the catalogue; give one of {', '.join(clicks(self._registry))}."
            )
        return contract.v


def _followed(token: str, key: ClickKey) -> Signed:
    """What the redirect will read in a token."""
    try:
        return verify(token, {key.key_id: key})
    except TokenRefusedError as error:
        raise UsageError(
            f"the link would be {len(token):,} characters long, and no link of more than {LONGEST_TOKEN:,} leads "
            "anywhere; give a shorter target, or less to record."
        ) from error


def is_click(event: str) -> bool:
    """Whether an event tells that somebody followed a link."""
    return event.rpartition(".")[2].endswith("click") and event != "promo.invalid_click"


def clicks(registry: Registry) -> list[str]:
    """The clicks of the catalogue."""
    return sorted({contract.event for contract in registry.contracts if is_click(contract.event)})


def _refuse_personal(what: str, kinds: Mapping[str, int]) -> None:
    if kinds:
        raise UsageError(
            f"{what} holds personal data or a secret ({', '.join(sorted(kinds))}); give it without."
        )
