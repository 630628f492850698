"""Leases: at most one process at a time is the writer of a lake, and at most one the lander of a spool.

Embedded, a lease is an advisory lock on a file: the kernel frees it however its holder dies, so there is no
time-out to tune and none to wait for. A note beside the lock says who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.errors import LeaseHeld, Unavailable
from rastup.core.paths import not_writable


@dataclass(frozen=True)
class Holder:
    """Who holds a lease: process id, what it does, since when (RFC 3339)."""

    pid: int
    purpose: str
    since: str


class Lease:
    """`with Lease(home.run / "lake.lease", purpose="pipeline run"): …`

    Raises:
        LeaseHeld: another process holds it and did not let go within `wait_s` seconds.
        Unavailable: its folder cannot be written.
    """

    def __init__(
        self,
        path: Path,
        *,
        purpose: str,
        wait_s: float = 0.0,
        on_wait: Callable[[Holder | None], None] | None = None,
    ) -> None:
        self._path = path
        self._purpose = purpose
        self._wait_s = wait_s
        self._on_wait = on_wait
        self._fd: int | None = None

    def __enter__(self) -> Lease:
        fd = self._open()
        deadline = time.monotonic() + self._wait_s
        told = False
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                holder = holder_of(self._path)
                if holder is None:  # somebody was only looking, or has just let go
                    time.sleep(0.001)
                    continue
                if time.monotonic() >= deadline:
                    os.close(fd)
                    raise LeaseHeld(_describe(self._path, holder)) from error
                if self._on_wait and not told:
                    self._on_wait(holder)
                    told = True
                time.sleep(0.05)
        self._fd = fd
        note = {"pid": os.getpid(), "purpose": self._purpose, "since": rfc3339_ms(system_clock())}
        with suppress(OSError):  # on a full disk the lease holds, and nobody is told whose it is
            os.ftruncate(fd, 0)
            os.pwrite(fd, json.dumps(note).encode(), 0)
        return self

    def _open(self) -> int:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Unavailable(not_writable(self._path.parent, error)) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fd is not None:
            fd, self._fd = self._fd, None
            with suppress(OSError):
                os.ftruncate(fd, 0)
            os.close(fd)


def holder_of(path: Path) -> Holder | None:
    """Who holds the lease at `path` now, or None when nobody does.

    Looks through a shared lock, which only a holder's excludes: lookers never take each other for one.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
        except BlockingIOError:
            pass
        try:
            note = json.loads(os.pread(fd, 4096, 0) or b"{}")
            return Holder(int(note["pid"]), str(note["purpose"]), str(note["since"]))
        except (ValueError, KeyError):
            return Holder(0, "unknown", "")
    finally:
        os.close(fd)


def _describe(path: Path, holder: Holder | None) -> str:
    who = f"process {holder.pid} ({holder.purpose}, since {holder.since})" if holder else "another process"
    return (
        f"the lease {path.name} is held by {who}. One lake has one writer: wait for it to end, "
        "or stop it with `rastup up`'s Ctrl-C, then try again."
    )
