"""A full disk: 503 with Retry-After, nothing acknowledged is lost, and the platform recovers by itself."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.drill.judge import judge
from tests.drill.running import Running
from tests.drill.sender import Senders

pytestmark = pytest.mark.drill


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


def test_a_full_disk_is_answered_with_503_and_recovers(small_disk: Path) -> None:
    # The bound on free space is lowered so that the disk itself fills up, not only our own measure of it.
    with Running(small_disk / "home", {"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"}) as platform:
        key = platform.key()
        filler = small_disk / "filler"
        with Senders(platform.url, key, threads=2) as senders:
            time.sleep(3)
            with filler.open("wb") as file:
                try:
                    while True:
                        file.write(os.urandom(65536))
                        file.flush()
                except OSError:
                    pass
            Running.wait_for(lambda: senders.ledger.statuses.get("503", 0) > 5, 60, "503 answers")
            answer = httpx.post(
                f"{platform.url}/collect", json=[], headers={"Authorization": f"Bearer {key}"}
            )
            ready = httpx.get(f"{platform.url}/health/ready")
            filler.unlink()
            before = len(senders.ledger.acknowledged)
            Running.wait_for(
                lambda: len(senders.ledger.acknowledged) > before, 60, "events to be taken again"
            )
        assert answer.status_code in (200, 400, 503)
        assert ready.status_code == 503
        assert set(senders.ledger.statuses) <= {"200", "503"}
        platform.settle()
        judge(platform, senders.ledger)
