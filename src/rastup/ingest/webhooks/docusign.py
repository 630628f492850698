"""DocuSign Connect's door: one HMAC header for each key of the account, any of which may be one of ours."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha256

from rastup.ingest.headers import Headers
from rastup.ingest.webhooks.door import Delivery, parsed, refused

PROVIDER = "docusign"
MOST_SIGNATURES = 100
"""Keys that an account of DocuSign Connect may have."""


class DocusignDoor:
    """Verifies `X-DocuSign-Signature-<n>`: base64 of HMAC-SHA256 over the raw body, the key taken as text.

    DocuSign's libraries have no code for it. Source: developers.docusign.com, Connect, HMAC.
    """

    provider = PROVIDER
    has_test_keys = False
    answer = None

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(key.encode() for key in keys)

    async def receive(self, headers: Headers, body: bytes) -> Delivery:
        """See `Door`."""
        self.verify(headers, body)
        return Delivery(parsed(body))

    def verify(self, headers: Headers, body: bytes) -> None:
        """Returns when one of the keys has signed the body.

        Raises:
            Rejected: 401.
        """
        if not self._keys:
            raise refused(PROVIDER, "webhooks.docusign_keys is not set")
        sent = _signatures(headers)
        if not sent:
            raise refused(PROVIDER, "no X-DocuSign-Signature header")
        expected = [base64.b64encode(hmac.digest(key, body, sha256)) for key in self._keys]
        held = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in sent]
        if not any(held):
            raise refused(PROVIDER, "no active key made this signature")


def _signatures(headers: Headers) -> list[bytes]:
    found: list[bytes] = []
    while (
        len(found) < MOST_SIGNATURES
        and (value := headers.get(f"x-docusign-signature-{len(found) + 1}")) is not None
    ):
        found.append(value.strip().encode("utf-8", "replace"))
    return found
