"""Leases: one holder at a time, freed by the kernel however the holder dies. The oracle is the kernel's own lock table."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rastup.core.errors import LeaseHeld
from rastup.state.leases import Lease, holder_of

HOLD = """
import sys, time
from pathlib import Path
from rastup.state.leases import Lease
with Lease(Path(sys.argv[1]), purpose="a test"):
    print("held", flush=True)
    time.sleep(60)
"""


def _hold(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    child = _hold(tmp_path / "lake.lease")
    try:
        with (
            pytest.raises(LeaseHeld, match=rf"process {child.pid} \(a test, since .*one writer"),
            Lease(tmp_path / "lake.lease", purpose="me"),
        ):
            pass
        holder = holder_of(tmp_path / "lake.lease")
        assert holder is not None
        assert (holder.pid, holder.purpose) == (child.pid, "a test")
    finally:
        child.kill()
        child.communicate()


def test_a_killed_holder_leaves_the_lease_free(tmp_path: Path) -> None:
    child = _hold(tmp_path / "lake.lease")
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    with Lease(tmp_path / "lake.lease", purpose="me"):
        assert holder_of(tmp_path / "lake.lease") is not None
    assert holder_of(tmp_path / "lake.lease") is None


def test_waiting_says_so_once_and_gets_the_lease_when_it_is_free(tmp_path: Path) -> None:
    child = _hold(tmp_path / "lake.lease")
    told: list[object] = []

    def on_wait(holder: object) -> None:
        told.append(holder)
        child.kill()

    with Lease(tmp_path / "lake.lease", purpose="me", wait_s=30, on_wait=on_wait):
        assert len(told) == 1
    child.communicate()


def test_nobody_holds_what_does_not_exist(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "none.lease") is None


LOOK = """
import sys
from pathlib import Path
from rastup.state.leases import holder_of
print("looking", flush=True)
while True:
    holder_of(Path(sys.argv[1]))
"""


def test_whoever_only_looks_keeps_nobody_from_the_lease(tmp_path: Path) -> None:
    path = tmp_path / "lake.lease"
    path.touch()
    lookers = [
        subprocess.Popen([sys.executable, "-c", LOOK, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for looker in lookers:
            assert looker.stdout is not None
            assert looker.stdout.readline() == "looking\n"
        for _ in range(1_000):
            with Lease(path, purpose="me"):
                pass
    finally:
        for looker in lookers:
            looker.kill()
            looker.communicate()


def test_those_who_look_take_each_other_for_no_holder(tmp_path: Path) -> None:
    path = tmp_path / "lake.lease"
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert holder_of(path) is None
        fcntl.flock(other, fcntl.LOCK_EX)
        assert holder_of(path) is not None


def test_a_full_disk_makes_a_lease_nameless_and_never_everlasting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "lake.lease"
    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", full)
        disk.setattr(os, "ftruncate", full)
        with Lease(path, purpose="me"), pytest.raises(LeaseHeld), Lease(path, purpose="another"):
            pass
    with Lease(path, purpose="me"):
        holder = holder_of(path)
        assert holder is not None and (holder.pid, holder.purpose) == (os.getpid(), "me")
    assert holder_of(path) is None
