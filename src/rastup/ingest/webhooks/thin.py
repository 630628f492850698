"""Stripe's thin events name an object without carrying it: with a read key it is fetched, else they wait aside."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol

import orjson

from rastup.core.errors import PUT_FAILED, Rejected
from rastup.ingest.webhooks.door import Delivery, Document, log
from rastup.ingest.webhooks.downloads import body_of
from rastup.ingest.webhooks.fields import rfc3339

_PATH = re.compile(r"/v[12]/[A-Za-z0-9_/]{1,200}")
_OPAQUE = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_PERMISSION = re.compile(rb"\brak_[a-z0-9_]{1,80}")
"""How Stripe names the permissions of restricted keys."""
_TIMEOUT_S = (3.0, 6.0)
_MOST_BYTES = 1_000_000
API = "https://api.stripe.com"


class NotPermittedError(OSError):
    """The key may not read an object: that is ours to mend, and no reason to do without it."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"status 403; it lacks {permission}")
        self.permission = permission


class NoObjectError(Exception):
    """There is no object to be had, now or later; its text says why."""


class ObjectSource(Protocol):
    """Where the object of a thin event is read."""

    def fetch(self, path: str, account: str | None) -> Document:
        """The object at a path of the API as it is now.

        Raises:
            NoObjectError: it does not exist, or its account is closed to us.
            NotPermittedError: the key lacks a permission.
            OSError: it cannot be had at this moment.
        """
        ...


class StripeApi:
    """Stripe's API, read with a restricted key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def fetch(self, path: str, account: str | None) -> Document:
        """See `ObjectSource`."""
        import requests  # 20 MB and a tenth of a second: only where something is fetched

        headers = {"Authorization": f"Bearer {self._key}"} | ({"Stripe-Account": account} if account else {})
        with requests.get(
            API + path, headers=headers, timeout=_TIMEOUT_S, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code in (404, 410):
                raise NoObjectError("the thin event's object does not exist any more")
            if answer.status_code == 403:
                named = _PERMISSION.search(body_of(answer, _MOST_BYTES))
                if named is None:  # most of all `account_invalid`: its account has disconnected the platform
                    raise NoObjectError("the thin event's account gives its objects to this key no more")
                raise NotPermittedError(named[0].decode())
            if answer.status_code != 200:
                raise OSError(f"status {answer.status_code}")
            document = orjson.loads(body_of(answer, _MOST_BYTES))
            if not isinstance(document, dict):
                raise OSError("no object")
            return document


async def as_snapshot(
    document: Document, source: ObjectSource | None, is_wanted: Callable[[str], bool], *, is_test: bool
) -> Delivery:
    """The thin event as if it had carried its object.

    Raises:
        Rejected: 503: the object cannot be had now; Stripe sends the event again.
    """
    related = document.get("related_object")
    related = related if isinstance(related, dict) else {}
    account = _opaque(document.get("context"))
    snapshot: Document = {
        "id": document.get("id"),
        "object": "event",
        "type": str(document.get("type", "")).removeprefix("v1."),
        "created": document.get("created"),
        "account": account,
    }
    if source is not None and not is_wanted(snapshot["type"]):
        return Delivery(snapshot, is_test=is_test)
    allowed = _allowed(document, related)
    path = related.get("url")
    if source is None or not isinstance(path, str) or not _PATH.fullmatch(path):
        why = "a thin event names its object without carrying it; set webhooks.stripe_api_key or use snapshot events"
        return Delivery(document, is_test=is_test, aside=(why, allowed))
    try:
        found = await asyncio.to_thread(source.fetch, path, account)
    except NoObjectError as error:
        return Delivery(document, is_test=is_test, aside=(str(error), allowed))
    except (OSError, ValueError) as error:
        if isinstance(error, NotPermittedError):
            told = "webhooks.stripe_api_key may not read the object of a thin event; give it the permission"
            log.error(told, type=allowed["type"], permission=error.permission)
        else:
            log.warning(
                "object of a thin event cannot be had", type=allowed["type"], error=type(error).__name__
            )
        raise Rejected(
            503, PUT_FAILED, "Nothing was stored: the event's object cannot be had now."
        ) from error
    return Delivery({**snapshot, "data": {"object": found}}, is_test=is_test)


def _allowed(document: Document, related: Document) -> Document:
    kept: dict[str, Any] = {name: _opaque(document.get(name)) for name in ("id", "object", "type", "context")}
    kept["created"] = rfc3339(document.get("created"))
    kept["related_object"] = {name: _opaque(related.get(name)) for name in ("id", "type")}
    return kept


def _opaque(value: Any) -> str | None:
    return value if isinstance(value, str) and _OPAQUE.fullmatch(value) else None
