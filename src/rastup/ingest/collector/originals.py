"""What messages without bytes of their own are quarantined as: their JSON, bounded for each and for all of a request.

Messages of one request may share a part, and each would have it written anew: a body of a megabyte can stand for gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from rastup.core.errors import Rejected
from rastup.ingest.admission import TOO_LARGE

MOST_BYTES = 32_000_000
"""Of all messages of a request that are quarantined, beyond the bytes of its body."""
DEEP_KEPT_BYTES = 4_096
"""Of a message that is nested deeper than orjson writes; no contract allows an eighth of that depth."""
DEEP_COST_BYTES = 64_000

Entries = Iterator[tuple[bytes, Any]]
"""What stands before a value, and the value."""


class Originals:
    """The messages of one request.

    Args:
        body_bytes: size of the request's body.
    """

    def __init__(self, body_bytes: int) -> None:
        self._most = MOST_BYTES + body_bytes
        self._left = self._most
        self._deep_cost = max(DEEP_COST_BYTES, body_bytes)

    def of(self, message: Any) -> bytes:
        """A message as JSON, or the start of its JSON when it is nested so deep that it can be read but not written.

        Raises:
            Rejected: 413, the messages of this request come to too much.
        """
        try:
            written = orjson.dumps(message)
            self._left -= len(written)
        except TypeError:
            # Orjson may have written all the rest before it came to the depth.
            self._left -= self._deep_cost
            written = _start(message)
        if self._left < 0:
            raise Rejected(
                413,
                TOO_LARGE,
                f"The refused events come to more than {self._most} bytes, with what they share written in each; "
                "send smaller batches.",
            )
        return written


def _start(message: Any) -> bytes:
    start = bytearray()
    for piece in _pieces(message):
        start += piece
        if len(start) >= DEEP_KEPT_BYTES:
            break
    # Cut between characters: what is kept is text.
    return bytes(start[:DEEP_KEPT_BYTES]).decode(errors="ignore").encode()


def _pieces(message: Any) -> Iterator[bytes]:
    """The JSON of a message, without recursion."""
    levels: list[tuple[Entries, bytes]] = [(iter([(b"", message)]), b"")]
    while levels:
        entries, end = levels[-1]
        for before, value in entries:
            yield before
            if isinstance(value, dict):
                yield b"{"
                levels.append((_members(value), b"}"))
                break
            if isinstance(value, list):
                yield b"["
                levels.append((_elements(value), b"]"))
                break
            yield orjson.dumps(value)
        else:
            yield end
            levels.pop()


def _members(value: dict[str, Any]) -> Entries:
    for index, (name, below) in enumerate(value.items()):
        yield (b"," if index else b"") + orjson.dumps(name) + b":", below


def _elements(value: list[Any]) -> Entries:
    for index, below in enumerate(value):
        yield b"," if index else b"", below
