"""Logging: structlog on standard error, readable on a terminal, JSON with a flag. Never holds event contents."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast


@contextlib.contextmanager
def _absent(module: str) -> Iterator[None]:
    """Lets what is imported within believe that a module is not installed."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # how Python notes that
    try:
        yield
    finally:
        del sys.modules[module]


with _absent(
    "rich"
):  # tracebacks drawn with it are nothing for a log, and it is six megabytes in each process
    import structlog

JSON_LOGS = "RASTUP_JSON_LOGS"
"""Environment variable that asks every process for JSON lines."""


def configure(*, json: bool = False, component: str | None = None, level: str = "info") -> None:
    """Sets up logging of this process; `component` is bound to every line."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if json or os.environ.get(JSON_LOGS)
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _Unfailing())),
        cache_logger_on_first_use=True,
    )
    if component:
        structlog.contextvars.bind_contextvars(component=component)


class _Unfailing(io.TextIOBase):
    """Standard error that never fails: nothing may depend on whether somebody reads the log, or on a full disk."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            return sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def get_logger(name: str | None = None) -> Any:
    """A logger; lines carry an event name and key-value pairs."""
    return structlog.get_logger(name)
