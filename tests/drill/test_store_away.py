"""The object store is away for a while: events are taken on, and land when it is back."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drill.judge import judge
from tests.drill.running import Running, free_port
from tests.drill.sender import Senders

pytestmark = pytest.mark.drill

AWAY_S = float(os.environ.get("DRILL_AWAY_S", "120"))
GATEWAY = "github.com/versity/versitygw/cmd/versitygw@latest"


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A real S3 server: its endpoint, how to stop it and how to start it again."""
    binary = shutil.which("versitygw")
    if binary is None:
        if shutil.which("go") is None:
            pytest.skip("neither versitygw nor go is installed")
        subprocess.run(
            ["go", "install", GATEWAY], env={**os.environ, "GOBIN": str(tmp_path / "bin")}, check=True
        )
        binary = str(tmp_path / "bin" / "versitygw")
    (tmp_path / "s3" / "lake").mkdir(parents=True)
    port = free_port()
    running: list[subprocess.Popen[bytes]] = []
    command = [
        binary,
        "--access",
        "drill",
        "--secret",
        "drillsecret",
        "--port",
        f"127.0.0.1:{port}",
        "posix",
        str(tmp_path / "s3"),
    ]

    def start() -> None:
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        time.sleep(1)

    def stop() -> None:
        running[-1].kill()
        running[-1].wait()

    start()
    yield f"http://127.0.0.1:{port}", stop, start
    stop()


def test_events_are_taken_while_the_store_is_away(
    tmp_path: Path,
    gateway: tuple[str, Callable[[], None], Callable[[], None]],
    record: Callable[..., None],
) -> None:
    endpoint, stop, start = gateway
    environ = {
        "RASTUP_BRONZE__URL": "s3://lake/bronze",
        "RASTUP_BRONZE__S3_ENDPOINT": endpoint,
        "RASTUP_BRONZE__S3_ACCESS_KEY_ID": "drill",
        "RASTUP_BRONZE__S3_SECRET_ACCESS_KEY": "drillsecret",
        "RASTUP_SPOOL__SEGMENT_MAX_AGE_S": "3",
    }
    with Running(tmp_path / "home", environ) as platform:
        with Senders(platform.url, platform.key(), threads=2) as senders:
            time.sleep(8)
            stop()
            before = len(senders.ledger.acknowledged)
            time.sleep(AWAY_S)
            meanwhile = len(senders.ledger.acknowledged) - before
            start()
            time.sleep(5)
        assert meanwhile > 0
        assert set(senders.ledger.statuses) == {"200"}
        platform.settle()
        counts = judge(platform, senders.ledger)
    record(
        "store_away",
        away_s=AWAY_S,
        acknowledged_meanwhile=meanwhile,
        answers=senders.ledger.statuses,
        **counts,
    )
