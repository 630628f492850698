"""Stripe's door: signatures judged by Stripe's own library; snapshot events, and thin ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from rastup.core.clock import Clock, system_clock
from rastup.core.errors import ConfigError
from rastup.ingest.headers import Headers
from rastup.ingest.webhooks.door import Delivery, parsed, refused
from rastup.ingest.webhooks.thin import ObjectSource, as_snapshot

PROVIDER = "stripe"
_TIME = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")
_MISSING = (
    "webhooks.stripe_secrets is set, but Stripe's library is not installed: `pip install 'rastup[webhooks]'`, "
    "or remove the setting."
)


class StripeDoor:
    """Verifies with each active secret in turn.

    Args:
        secrets: endpoint secrets; during a roll both the old and the new one.
        tolerance_s: how far the signed time may be from ours.
        source: of the objects that thin events only name.
        is_wanted: whether the object of a type's events is of use.
    """

    provider = PROVIDER
    answer = None

    def __init__(
        self,
        secrets: Sequence[str],
        tolerance_s: int = 300,
        source: ObjectSource | None = None,
        is_wanted: Callable[[str], bool] = lambda _type: True,
        clock: Clock = system_clock,
    ) -> None:
        self._secrets = tuple(secrets)
        self._tolerance_s = tolerance_s
        self._source = source
        self._is_wanted = is_wanted
        self._clock = clock
        self._is_signed = _verifier() if self._secrets else None

    async def receive(self, headers: Headers, body: bytes) -> Delivery:
        """See `Door`."""
        self.verify(headers.get("stripe-signature"), body)
        document = parsed(body)
        is_test = document.get("livemode") is False
        if document.get("object") == "v2.core.event":
            return await as_snapshot(document, self._source, self._is_wanted, is_test=is_test)
        return Delivery(document, is_test=is_test)

    def verify(self, header: str | None, body: bytes) -> None:
        """Returns when one of the secrets has signed the body lately.

        Raises:
            Rejected: 401.
        """
        if self._is_signed is None:
            raise refused(PROVIDER, "webhooks.stripe_secrets is not set")
        if not header:
            raise refused(PROVIDER, "no Stripe-Signature header")
        # A list, not a generator: that the time taken depends on which secret holds would tell which one it is.
        held = [self._is_signed(body, header, secret) for secret in self._secrets]
        if not any(held):
            raise refused(PROVIDER, "no active secret made this signature")
        age_s = self._clock().timestamp() - _signed_at(header)
        if abs(age_s) > self._tolerance_s:
            raise refused(PROVIDER, "signed too long ago or ahead of our clock", age_s=int(age_s))


def require_library() -> None:
    """Says at once what is missing.

    Raises:
        ConfigError: Stripe's library is not installed.
    """
    if find_spec("stripe") is None:
        raise ConfigError(_MISSING)


def _verifier() -> Callable[[bytes, str, str], bool]:
    require_library()
    from stripe import SignatureVerificationError, WebhookSignature  # 0.5 s and 30 MB: only where it is used

    def is_signed(body: bytes, header: str, secret: str) -> bool:
        try:
            # The time is judged by our clock: Stripe's library looks at the past alone, and at no clock but its own.
            return bool(WebhookSignature.verify_header(body, header, secret, tolerance=None))
        except (SignatureVerificationError, ValueError, TypeError):  # the last: text that is not ASCII
            return False

    return is_signed


def _signed_at(header: str) -> float:
    found = _TIME.search(header)
    return float(found[1]) if found else 0.0
