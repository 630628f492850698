"""A process that ends when its parent does, however the parent ends (Linux; elsewhere it outlives it)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Asks the kernel for SIGTERM when the process `parent`, which started this one, is gone."""
    if sys.platform != "linux":
        return
    # A handler that a server's fork has inherited would note the signal and go on.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)  # it died before the kernel was asked
