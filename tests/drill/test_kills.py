"""kill -9 of any process at any moment: nothing acknowledged is lost, nothing is there twice, nothing is half there."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.drill.judge import judge
from tests.drill.running import Running
from tests.drill.sender import Senders

KILLS = int(os.environ.get("DRILL_KILLS", "200"))
SEED = int(os.environ.get("DRILL_SEED", "1"))

pytestmark = pytest.mark.drill


def test_nothing_acknowledged_is_lost_by_kills(tmp_path: Path, results: Path) -> None:
    rng = random.Random(SEED)
    # Short segments and builds, so that kills fall into every step of landing and publishing.
    hurried = {
        "RASTUP_SPOOL__SEGMENT_MAX_AGE_S": "2",
        "RASTUP_PIPELINE__BUILD_INTERVAL_S": "2",
        "RASTUP_PIPELINE__NRT_INTERVAL_S": "1",
    }
    killed: dict[str, int] = {}
    with Running(tmp_path / "home", hurried) as platform:
        with Senders(platform.url, platform.key(), threads=2, batch=10, pause_s=0.05, seed=SEED) as senders:
            while sum(killed.values()) < KILLS:
                time.sleep(rng.uniform(0.2, 1.6))
                if part := platform.kill_one(rng):
                    killed[part] = killed.get(part, 0) + 1
            Running.wait_for(platform.is_ready, 120, "the collector to come back")
            time.sleep(2)
        platform.settle()
        counts = judge(platform, senders.ledger)
        assert platform.stop() == 0
    results.joinpath("kills.json").write_text(
        json.dumps({"killed": killed, "answers": senders.ledger.statuses, **counts}, indent=2) + "\n"
    )
