"""Warnings of what may go wrong a thousand times a second: each said again after a while, with how often it came."""

from __future__ import annotations

import time

from rastup.core.logs import get_logger

SAY_AGAIN_S = 10.0
log = get_logger()
_said: dict[str, tuple[float, int]] = {}


def warn(what: str, clicks: int, **facts: object) -> None:
    """Logs that something happened to so many clicks."""
    now = time.monotonic()
    last, before = _said.get(what, (-SAY_AGAIN_S, 0))
    if now - last < SAY_AGAIN_S:
        _said[what] = (last, before + clicks)
        return
    _said[what] = (now, 0)
    log.warning(what, clicks=before + clicks, **facts)
