"""What a link answers."""

from __future__ import annotations

import orjson

from rastup.ingest.collector.access import AUTH_INVALID
from rastup.ingest.collector.exchange import Answer
from rastup.ingest.redirect.tokens import EARLY, ELSEWHERE, EXPIRED, FORGED, REPLAYED

_HEADERS = (
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),  # the token is in the address, and is nobody else's business
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex, nofollow"),
)
_SAID = {  # reason: status, what a person reads. One answer for all that does not verify: a forger learns nothing.
    FORGED: (401, "This link is not valid."),
    EARLY: (401, "This link is not valid."),
    ELSEWHERE: (403, "This link leads to a place that is not allowed."),
    REPLAYED: (409, "This link has been used already."),
    EXPIRED: (410, "This link has expired."),
}
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{0}</title><h1>{0}</h1><p>Go back to where you found it and follow it anew.</p></html>"
)


def forwarded(target: str) -> Answer:
    """On to the target."""
    return Answer(302, [("location", target), *_HEADERS], b"")


def not_ahead() -> Answer:
    """For a browser that looks ahead: it asks again when its person really goes there.

    A success would be kept, and shown later without our knowing of the click.
    """
    return Answer(503, list(_HEADERS), b"")


def refused(reason: str, accept: str) -> Answer:
    """Why a link leads nowhere: a page for a browser, else JSON."""
    status, text = _SAID[reason]
    if "text/html" in accept:
        kind, body = "text/html; charset=utf-8", _PAGE.format(text).encode()
    else:
        kind, body = "application/json", orjson.dumps({"code": AUTH_INVALID, "message": text})
    return Answer(status, [("content-type", kind), *_HEADERS], body)
