"""Dropbox Sign's door: a form with the field `json`, whose `event_hash` proves who sent it."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

from rastup.ingest.headers import Headers
from rastup.ingest.webhooks.door import Delivery, Document, parsed, refused, signed_document, text_at
from rastup.ingest.webhooks.forms import form_field

PROVIDER = "dropbox_sign"


class DropboxSignDoor:
    """Verifies `event_hash`: hex of HMAC-SHA256 over `event_time` and `event_type`, with the account's API key.

    The provider's library compares with `==`, and brings 40 MB of models for this one line. The hash covers the event's
    time and type alone: that is all that Dropbox Sign proves, so nothing else of the body is trusted beyond its shape.
    """

    provider = PROVIDER
    has_test_keys = False
    answer = ("text/plain", b"Hello API Event Received")

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(key.encode() for key in keys)

    async def receive(self, headers: Headers, body: bytes) -> Delivery:
        """See `Door`."""
        if not self._keys:
            raise refused(PROVIDER, "webhooks.dropbox_sign_keys is not set")
        kind = headers.get("content-type") or ""
        document = signed_document(PROVIDER, lambda: parsed(form_field(kind, body, "json")))
        self.verify(document)
        return Delivery(document, is_test=_is_test(document))

    def verify(self, document: Document) -> None:
        """Returns when one of the keys has signed the event.

        Raises:
            Rejected: 401.
        """
        event = document.get("event")
        event = event if isinstance(event, dict) else {}
        time, kind, sent = (text_at(event, name) for name in ("event_time", "event_type", "event_hash"))
        if not (time and kind and sent):
            raise refused(PROVIDER, "event_time, event_type or event_hash is missing")
        signed = f"{time}{kind}".encode("utf-8", "replace")
        theirs = sent.encode("utf-8", "replace")
        expected = [hmac.digest(key, signed, sha256).hex().encode() for key in self._keys]
        held = [hmac.compare_digest(ours, theirs) for ours in expected]
        if not any(held):
            raise refused(PROVIDER, "no active key made this hash")


def _is_test(document: Document) -> bool:
    request = document.get("signature_request")
    return isinstance(request, dict) and request.get("test_mode") in (True, "1", "true")  # 1 is True
