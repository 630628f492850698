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
_TIME = re.compile(r"[0-9]{1,12}")
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
    has_test_keys = True
    answer = None

    def __init__(
        self,
        secrets: Sequence[str],
        tolerance_s: int = 300,
        source: ObjectSource | None = None,
        is_wanted: Callable[[str], bool] = lambda _type: True,
        clock: Clock = system_clock,
    ) -> None:
        self._secrets = tuple(secret for secret in secrets if secret.strip())  # anybody has an empty one
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
        if (signed_at := _signed_at(header)) is None:
            raise refused(PROVIDER, "the Stripe-Signature header has no time, or not one alone")
        # A list, not a generator: that the time taken depends on which secret holds would tell which one it is.
        held = [self._is_signed(body, header, secret) for secret in self._secrets]
        if not any(held):
            raise refused(PROVIDER, "no active secret made this signature")
        age_s = self._clock().timestamp() - signed_at
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
            # As text: older versions of the library sign what Python prints of bytes.
            # The time is judged by our clock: the library looks at the past alone, and at no clock but its own.
            return bool(WebhookSignature.verify_header(body.decode(), header, secret, tolerance=None))
        except (SignatureVerificationError, ValueError, TypeError):  # no UTF-8; text that is not ASCII
            return False

    return is_signed


def _signed_at(header: str) -> float | None:
    """The time that was signed; None unless there is one alone, of bare digits.

    Of several the library signs the first and reads it as `int` does: two readers might take two times for the one signed.
    """
    times = [value for name, _, value in (item.partition("=") for item in header.split(",")) if name == "t"]
    return float(times[0]) if len(times) == 1 and _TIME.fullmatch(times[0]) else None
