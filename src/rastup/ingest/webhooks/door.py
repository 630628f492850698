"""What every provider's door has in common: it turns a request into a verified document, or refuses it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from rastup.core.errors import Rejected
from rastup.core.logs import get_logger
from rastup.ingest.headers import Headers

SIGNATURE_INVALID = "WEBHOOK_SIGNATURE_INVALID"
NOT_JSON = "EVENT_ENVELOPE_INVALID"
TELL_AGAIN_S = 10.0
log = get_logger()

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified webhook.

    Attributes:
        document: what the provider's mapping reads; None when the delivery is done with by being acknowledged.
        note: what became of a delivery without a document, for the metrics.
        is_test: it is of the provider's test mode.
        aside: why the document cannot be mapped, and the parts of it that may be kept, when that is so.
    """

    document: Document | None
    note: str = ""
    is_test: bool = False
    aside: tuple[str, Document] | None = None


class Door(Protocol):
    """One provider's way in."""

    @property
    def provider(self) -> str:
        """The provider's name."""
        ...

    @property
    def has_test_keys(self) -> bool:
        """Whether the provider's tests have keys of their own: who lists one has asked for them."""
        ...

    @property
    def answer(self) -> tuple[str, bytes] | None:
        """Content type and body that the provider wants to hear; None for the collector's own answer."""
        ...

    async def receive(self, headers: Headers, body: bytes) -> Delivery:
        """The delivery in a request.

        Raises:
            Rejected: 401 `WEBHOOK_SIGNATURE_INVALID`; 400 for what is signed but not what the provider sends; 503 when
                the signature cannot be judged at this moment.
        """
        ...


class ClosedDoor:
    """The door of a provider that is not set up: what needs nothing of its libraries, because nobody comes in."""

    has_test_keys = False
    answer = None

    def __init__(self, provider: str, setting: str) -> None:
        self.provider = provider
        self._setting = setting

    async def receive(self, headers: Headers, body: bytes) -> Delivery:  # noqa: ARG002  whatever it is
        """See `Door`."""
        raise refused(self.provider, f"webhooks.{self._setting} is not set")


_told: dict[tuple[str, str], list[float]] = {}
"""When each reason was logged last, and how often it came since: strangers must not fill the log."""


def refused(provider: str, why: str, **facts: object) -> Rejected:
    """The refusal of a signature: the log says why, the answer says nothing that helps a forger."""
    now = time.monotonic()
    last = _told.setdefault((provider, why), [-TELL_AGAIN_S, 0])
    last[1] += 1
    if now - last[0] >= TELL_AGAIN_S:
        log.warning("webhook refused", provider=provider, why=why, times=int(last[1]), **facts)
        last[:] = [now, 0]
    return Rejected(401, SIGNATURE_INVALID, "The request is not signed as this endpoint asks for.")


def signed_document(provider: str, read: Callable[[], Document]) -> Document:
    """A document that carries its signature within: what cannot be read is not signed.

    Raises:
        Rejected: 400 `WEBHOOK_SIGNATURE_INVALID`.
    """
    try:
        return read()
    except Rejected as error:
        refused(provider, "no signed document")
        raise Rejected(400, SIGNATURE_INVALID, f"No signed document: {error.message}") from error


def parsed(body: bytes | str) -> Document:
    """The JSON object in a body whose signature holds.

    Raises:
        Rejected: 400.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected(
            400, NOT_JSON, f"The body is not JSON: {error.msg[:120]}.", position=error.pos
        ) from error
    if not isinstance(document, dict):
        raise Rejected(400, NOT_JSON, "Expected one JSON object.", position=0)
    return document


def text_at(document: Mapping[str, Any], name: str) -> str:
    """A text field; empty when it is absent or no text."""
    value = document.get(name)
    return value if isinstance(value, str) else ""
