"""Ending a command that runs until it is told to, or that would run for long."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")
STOP_EVERY_S, STOPPED_WITHIN_S = 0.05, 1.0
"""What has not ended by then ends with the process."""


def interruption() -> threading.Event:
    """Is set by Ctrl-C, and by whoever asks the process to end."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def interruptible(work: Callable[[], T], stop: Callable[[], None]) -> T:
    """What `work` returns, however long it stays outside of Python; Ctrl-C calls `stop` until it has ended.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    # Whom a script has started in the background is born deaf to it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return done.result()
    except KeyboardInterrupt:
        end = time.monotonic() + STOPPED_WITHIN_S
        while not done.done() and time.monotonic() < end:
            stop()
            wait([done], STOP_EVERY_S)
        raise
