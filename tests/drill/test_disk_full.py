"""A full disk: 503 with Retry-After, nothing acknowledged is lost, and the platform recovers by itself."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from rastup.core.clock import rfc3339_ms, system_clock
from tests.drill.judge import judge
from tests.drill.running import Running
from tests.drill.sender import Senders

pytestmark = pytest.mark.drill

FULL_S = 10.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB of its own."""
    mount = tmp_path / "disk"
    mount.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(mount)], capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.skip(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def fill(file: Path) -> None:
    """Writes until nothing more fits, down to the last byte."""
    with file.open("ab", buffering=0) as filler:
        for size in (65_536, 512, 1):
            try:
                while True:
                    filler.write(os.urandom(size))
            except OSError:
                continue


def views_of(platform: Running) -> str:
    """When the operations views were last refreshed."""
    views = platform.status()["nrt"]
    return str(views["created_at"]) if views else ""


def test_a_full_disk_is_answered_with_503_and_recovers(
    small_disk: Path, tmp_path: Path, record: Callable[..., None]
) -> None:
    # The bound on free space is lowered so that the disk itself fills up, not only our own measure of it.
    lowered = {"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"}
    with Running(small_disk / "home", lowered, log=tmp_path / "up.log") as platform:
        key = platform.key()
        filler = small_disk / "filler"
        with Senders(platform.url, key, threads=2) as senders:
            ledger = senders.ledger
            Running.wait_for(lambda: len(ledger.acknowledged) > 200, 60, "events to be taken")
            fill(filler)
            Running.wait_for(lambda: len(ledger.refusals) > 5, 60, "503 answers")
            until = time.monotonic() + FULL_S
            ready: Counter[int] = Counter()
            while time.monotonic() < until:
                fill(filler)  # what the platform gives back meanwhile is taken, too
                ready[httpx.get(f"{platform.url}/health/ready").status_code] += 1
                time.sleep(0.5)
            filler.unlink()
            freed_at = rfc3339_ms(system_clock())
            before, started = len(ledger.acknowledged), time.monotonic()
            Running.wait_for(lambda: len(ledger.acknowledged) > before + 200, 60, "events to be taken again")
            recovered_s = time.monotonic() - started
        refused = len(ledger.refusals)
        # A second after a write that failed the spool lets events try again, so the probe says both in turn.
        assert ready[503] > 0
        assert set(ledger.statuses) == {"200", "503"}
        assert ledger.statuses["503"] == refused > 5
        assert {code for _, code in ledger.refusals} == {"EVENT_PUT_FAILED"}
        waits = {after for after, _ in ledger.refusals}
        assert all(after is not None and after.isdigit() and int(after) > 0 for after in waits), waits
        assert platform.restarts()["collector"] == 0
        platform.settle()
        # Nor may a part live on without doing its work: the operations views are refreshed again.
        Running.wait_for(lambda: views_of(platform) > freed_at, 60, "the views to be refreshed again")
        states = {part["name"]: part["state"] for part in platform.status()["components"]}
        assert set(states.values()) == {"ok"}, states
        counts = judge(platform, ledger)
        assert platform.stop() == 0
    assert "Traceback" not in (tmp_path / "up.log").read_text()
    record(
        "disk_full",
        full_s=FULL_S,
        answers=ledger.statuses,
        ready_while_full=dict(ready),
        retry_after_s=sorted(map(str, waits)),
        taken_again_after_s=round(recovered_s, 1),
        **counts,
    )
