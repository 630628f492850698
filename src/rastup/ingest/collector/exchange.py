"""One request while it is answered, and what gives answers."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any

import orjson

from rastup.core.errors import Rejected
from rastup.ingest.collector.meters import Place

Headers = list[tuple[str, str]]
Query = dict[str, list[str]]
JSON: Headers = [("content-type", "application/json")]
NOBODY: Place = ("unknown", "unknown")


@dataclass(slots=True)
class Exchange:
    """One request.

    Attributes:
        scope: what Granian knows of the request: method, path, headers, query, client.
        proto: Granian's side of it, from which the body comes.
        place: source and environment, once its key is known.
        headers: of the answer, whether it is one or a refusal.
        plain: its body without content encoding, once it is read.
    """

    scope: Any
    proto: Any
    place: Place = NOBODY
    headers: Headers | None = None
    plain: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of HTTP; without `body` it has none, not even an empty one."""

    status: int
    headers: Headers
    body: bytes | None = None


class Endpoint(abc.ABC):
    """What one or several paths lead to.

    Attributes:
        takes_events: its answers come after a sync, and the time that they take is metered.
    """

    takes_events = True

    @abc.abstractmethod
    async def answer(self, exchange: Exchange) -> Answer:
        """The answer.

        Raises:
            Rejected: the request is refused.
        """

    def refusal(self, error: Rejected) -> tuple[int, bytes]:
        """Status and body that say why a request is refused."""
        return refusal(error)


def refusal(error: Rejected) -> tuple[int, bytes]:
    """Status and body of a refusal, where an endpoint's clients expect no others."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.position is not None:
        body["position"] = error.position
    return error.status, orjson.dumps(body)
