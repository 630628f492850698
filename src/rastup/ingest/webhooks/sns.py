"""SES's door: messages of SNS, verified with the certificate that they name; subscriptions confirmed for allowed topics."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from rastup.core.errors import PUT_FAILED, Rejected
from rastup.ingest.headers import Headers
from rastup.ingest.webhooks.certificates import CertificateRefusedError, Certificates, CertificateSource
from rastup.ingest.webhooks.door import (
    Delivery,
    Document,
    log,
    parsed,
    refused,
    signed_document,
    text_at,
)

PROVIDER = "ses"
NOTIFICATION, SUBSCRIBE, UNSUBSCRIBE = "Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"
_SUBSCRIPTION_FIELDS = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED_FIELDS: Mapping[str, tuple[str, ...]] = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIBE: _SUBSCRIPTION_FIELDS,
    UNSUBSCRIBE: _SUBSCRIPTION_FIELDS,
}
_HASHES: Mapping[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}
CONFIRM_AFTER_S = (0.0, 2.0, 10.0, 60.0, 300.0)
"""SNS itself gives up on an endpoint within two minutes; we go on for six."""


class SnsDoor:
    """Verifies messages and unwraps what SES says in them.

    Args:
        topics: ARNs that may speak for SES. Anybody can have SNS sign a message: it is the topic that says whose it is.
        certificates: of the signers.
        host_pattern: regular expression of the hosts that may confirm a subscription.
        confirming: fetches the address that confirms a subscription.
    """

    provider = PROVIDER
    has_test_keys = False
    answer = None

    def __init__(
        self,
        topics: Collection[str],
        certificates: Certificates,
        host_pattern: str,
        confirming: CertificateSource,
    ) -> None:
        self._topics = frozenset(topics)
        self._certificates = certificates
        self._confirmation = re.compile(rf"https://(?:{host_pattern})/\?[!-~]{{1,2000}}")
        self._confirming = confirming
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, headers: Headers, body: bytes) -> Delivery:  # noqa: ARG002  the body says it all
        """See `Door`."""
        message = signed_document(PROVIDER, lambda: parsed(body))
        await self.verify(message)
        if message["Type"] == UNSUBSCRIBE:
            log.warning("an SNS subscription was ended", topic=message["TopicArn"])
            return Delivery(None, note="unsubscribed")
        if message["Type"] == SUBSCRIBE:
            return self._subscribe(message)
        return _unwrapped(message)

    async def verify(self, message: Document) -> None:
        """Returns when SNS has signed the message for an allowed topic.

        Raises:
            Rejected: 401; 503 when the certificate cannot be had at this moment.
        """
        kind, topic = text_at(message, "Type"), text_at(message, "TopicArn")
        signed = signed_text(message)
        hashing = _HASHES.get(text_at(message, "SignatureVersion"))
        moment = _time(text_at(message, "Timestamp"))
        if signed is None or hashing is None or moment is None:
            raise refused(PROVIDER, "not a message of SNS", type=kind[:40])
        # The topic first: it costs nothing, and no stranger makes us fetch a certificate.
        if topic not in self._topics:
            raise refused(PROVIDER, "its topic is not in webhooks.sns_topics", topic=topic[:256])
        url = text_at(message, "SigningCertURL")
        try:
            signer = await self._certificates.signer(url, moment)
            if not signer.is_valid_at(moment):
                raise CertificateRefusedError("it was not valid when the message was signed")
            signature = base64.b64decode(text_at(message, "Signature"), validate=True)
            signer.key.verify(signature, signed, PKCS1v15(), hashing())
        except CertificateRefusedError as error:
            raise refused(PROVIDER, f"certificate: {error}", url=url[:256]) from error
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise refused(PROVIDER, "the signature does not hold") from error
        except OSError as error:
            log.warning("certificate of SNS cannot be had", url=url[:256], error=type(error).__name__)
            raise Rejected(
                503, PUT_FAILED, "Nothing was stored: the signature cannot be judged now."
            ) from error

    def _subscribe(self, message: Document) -> Delivery:
        url, topic = text_at(message, "SubscribeURL"), message["TopicArn"]
        if not self._confirmation.fullmatch(url) or not _confirms(url, topic):
            raise refused(PROVIDER, "its SubscribeURL is not SNS's", url=url[:256])
        task = asyncio.ensure_future(self._confirm(url, topic))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Delivery(None, note="subscription")

    async def _confirm(self, url: str, topic: str) -> None:
        for wait_s in CONFIRM_AFTER_S:
            await asyncio.sleep(wait_s)
            try:
                await asyncio.to_thread(self._confirming.fetch, url)
            except OSError as error:
                log.warning("subscription not confirmed yet", topic=topic, error=type(error).__name__)
            else:
                log.info("subscription confirmed", topic=topic)
                return
        log.error("subscription not confirmed; ask SNS to send the confirmation again", topic=topic)


def signed_text(message: Document) -> bytes | None:
    """What SNS signs: names and values of certain fields, each on a line; None when one is missing.

    Source: docs.aws.amazon.com/sns, verifying the signatures of Amazon SNS messages.
    """
    lines: list[str] = []
    for name in SIGNED_FIELDS.get(text_at(message, "Type"), ("",)):
        value = message.get(name)
        if value is None and name == "Subject":
            continue
        if not isinstance(value, str):
            return None
        lines += (name, value)
    return "".join(f"{line}\n" for line in lines).encode()


def _unwrapped(message: Document) -> Delivery:
    try:
        inner: Any = orjson.loads(message["Message"])
    except orjson.JSONDecodeError:
        inner = None  # SES says in plain words that a topic was set up
    if not isinstance(inner, dict):
        return Delivery(None, note="ignored")
    return Delivery({"sns": {name: message[name] for name in ("MessageId", "Timestamp")}, "ses": inner})


def _confirms(url: str, topic: str) -> bool:
    query = parse_qs(urlsplit(url).query)
    return query.get("Action") == ["ConfirmSubscription"] and query.get("TopicArn") == [topic]


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
