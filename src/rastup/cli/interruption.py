"""Ending a command that runs until it is told to."""

from __future__ import annotations

import signal
import threading


def interruption() -> threading.Event:
    """Is set by Ctrl-C, and by whoever asks the process to end."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
