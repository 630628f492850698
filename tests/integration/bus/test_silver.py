"""From a bus into Silver: once, whatever was sent again, read again or killed on the way."""

from __future__ import annotations

import json
import os
import signal

import pytest
from tests.integration.bus.rigs import Published, Rig, in_child
from tests.integration.deployment import Deployment, searches


@pytest.mark.slow
def test_each_event_is_in_silver_once(kafka: Rig) -> None:
    records = searches(range(60))
    for record in records:
        record["context"] |= {"env": "prod", "source": "web"}
    lines = [json.dumps(record).encode() + b"\n" for record in records]

    def die(step: str) -> None:
        if step == "stored":
            os.kill(os.getpid(), signal.SIGKILL)

    with Published(kafka) as bus:
        assert bus.put(lines[:40]) is None
        assert in_child(lambda: kafka.read(die)) == -signal.SIGKILL
        assert bus.put(lines[20:50]) is None  # its client never heard the answer
        kafka.arrive()
        lake = Deployment(kafka.folder, environ=kafka.environ)
        try:
            lake.run()
            wanted = sorted(str(record["event_id"]) for record in records)
            assert lake.ids() == wanted[:50]
            assert bus.put(lines[45:]) is None
            kafka.arrive()
            lake.run()
            assert lake.ids() == wanted
        finally:
            lake.close()
    assert len(kafka.bronze()) > len(records), "Bronze holds what was sent again; Silver knows it"
