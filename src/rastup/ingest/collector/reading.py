"""The bodies of requests: read within a deadline, inflated within a bound."""

from __future__ import annotations

from typing import Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # imported there to be imported

from rastup.core.config import IngestConfig
from rastup.core.errors import Rejected
from rastup.ingest.collector.bodies import NOT_JSON, Parsed, inflate, parse, too_large
from rastup.ingest.collector.deadlines import Deadlines


class Reading:
    """Reads the bodies of one worker.

    Args:
        config: of the collector.
        deadlines: cut off clients that do not send all.
    """

    def __init__(self, config: IngestConfig, deadlines: Deadlines) -> None:
        self._config = config
        self._deadlines = deadlines

    async def raw(self, headers: Any, proto: Any, limit: int) -> bytes:
        """The body as it was sent.

        Raises:
            Rejected: it is too large, did not come in time, or was broken off.
        """
        length = headers.get("content-length")
        if length is not None and int(length) > limit:
            raise too_large(limit)
        try:
            if length is not None:
                return bytes(await self._deadlines.within(proto()))
            return await self._deadlines.within(_chunks(proto, limit, has_trailers="trailer" in headers))
        except TimeoutError as error:
            seconds = self._config.read_timeout_s
            raise Rejected(408, NOT_JSON, f"The request was not complete after {seconds:g} s.") from error
        except ProtocolClosed as error:
            raise Rejected(400, NOT_JSON, "The client went away before the request was complete.") from error

    async def plain(self, headers: Any, proto: Any, limit: int) -> bytes:
        """The body without its content encoding.

        Raises:
            Rejected: as `raw` does; or its encoding is unknown or broken.
        """
        return inflate(await self.raw(headers, proto, limit), headers.get("content-encoding") or "", limit)

    def parsed(self, headers: Any, plain: bytes) -> Parsed:
        """The messages in a body: one, an array of them, or one a line.

        Raises:
            Rejected: it holds none, or too many.
        """
        kind = headers.get("content-type") or ""
        if "charset" in kind and "utf-8" not in kind.lower() and "ascii" not in kind.lower():
            raise Rejected(415, NOT_JSON, f"Content-Type {kind[:60]!r}: only UTF-8 is taken.")
        return parse(
            plain,
            is_ndjson="ndjson" in kind or "jsonl" in kind,
            max_events=self._config.max_events_per_request,
        )


async def _chunks(proto: Any, limit: int, *, has_trailers: bool) -> bytes:
    """A body without Content-Length, never more than `limit` of it in memory.

    Granian gives an empty chunk where a body ends, and one more in place of an error or of trailers.
    """
    body, empty = bytearray(), 0
    async for chunk in proto:
        body += chunk
        empty += not chunk
        if len(body) > limit:
            raise too_large(limit)
    if empty > 1 and not has_trailers:
        raise Rejected(
            400,
            NOT_JSON,
            "The body is not whole: it was broken off, a chunk is malformed, or no Trailer header names its trailers.",
        )
    return bytes(body)
