"""Answers in AppSync's shape, for what is refused before there is anything to execute."""

from __future__ import annotations

import orjson

from rastup.core.errors import Rejected

PATH = "/graphql"
MALFORMED = "MalformedHttpRequestException"
_TYPES = {"AUTH_INVALID": "UnauthorizedException", "EVENT_ENVELOPE_INVALID": MALFORMED}


def malformed(message: str) -> Rejected:
    """The refusal of what is no GraphQL request."""
    return Rejected(400, MALFORMED, message)


def refused(error: Rejected) -> bytes:
    """The body of a refusal."""
    return orjson.dumps(
        {"errors": [{"errorType": _TYPES.get(error.code, error.code), "message": error.message}]}
    )
