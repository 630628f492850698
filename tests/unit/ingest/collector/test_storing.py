"""What a worker counts is stored, whatever becomes of the notes beside it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from rastup.core.config import load
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.collector.storing import Storing


def test_counts_are_stored_though_the_totals_cannot_be_published(tmp_path: Path) -> None:
    settings = load(tmp_path / "home", environ={"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"})
    not_a_folder = tmp_path / "full"
    not_a_folder.touch()
    meters = Meters(not_a_folder / "collector")
    loop = asyncio.new_event_loop()
    storing = Storing(settings, meters, SeenIds(10), loop)
    meters.took(("web", "prod"), 3, 2, 1)
    meters.refused(("web", "prod"), "EVENT_TOO_LARGE", 413)
    storing.close()
    loop.close()
    lines = [
        line for path in settings.home.spool.glob("*/*.ndjson") for line in path.read_text().splitlines()
    ]
    (meter,) = (found["_meter"] for found in map(json.loads, lines) if "_meter" in found)
    assert (meter["accepted"], meter["duplicates"], meter["quarantined"]) == (3, 2, 1)
    assert meter["rejected"] == {"EVENT_TOO_LARGE": 1}
