"""The operations views while events are on their way: spooled, landed, released. Each counts once at every moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.integration.deployment import Deployment, Record

from rastup.contracts.registry import load_registry
from rastup.core.config import SpoolConfig
from rastup.ingest import lander
from rastup.ingest.spool import SpoolWriter
from rastup.ingest.spool.segments import list_segments
from rastup.lake.ledger import LandedFile
from rastup.lake.nrt import EARLIER_RECORDS, Views, bounded
from rastup.lake.unreleased import TailSegment

pytestmark = pytest.mark.slow
COUNT = "select coalesce(sum(impressions), 0)::int as n from nrt.ops_bookings_live"


class Spool:
    """A collector's spool, written as collectors write it."""

    def __init__(self, deployment: Deployment) -> None:
        self._settings = deployment.settings
        self._stored = threading.Event()
        self._writer = self._open()

    def _open(self) -> SpoolWriter[None]:
        config = SpoolConfig(min_free_disk_bytes=0)
        return SpoolWriter(self._settings.home.spool, "c0", config, lambda _t, _e: self._stored.set())

    def put(self, records: list[Record]) -> None:
        self._stored.clear()
        lines = b"".join(json.dumps(record).encode() + b"\n" for record in records)
        self._writer.submit(lines, None)
        assert self._stored.wait(10)

    def land(self) -> None:
        """Seals what is open, lands it, and goes on in a new stream."""
        self._writer.close()
        lander.run(self._settings, threading.Event(), once=True)
        self._writer = self._open()

    def close(self) -> None:
        self._writer.close()


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path)
    yield deployment
    deployment.close()


def _impressions(first: int, count: int) -> list[Record]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    payload = {
        "query_hash": "0a1b2c3d",
        "result_pos": 1,
        "filters": {},
        "target_type": "studio",
        "target_id": "std_1",
    }
    return [
        {
            "event_id": f"evt_01KB{n:022d}",
            "event": "search.card_impression",
            "v": 1,
            "occurred_at": at,
            "received_at": at,
            "anon_id": "an_1",
            "city": "houston",
            "context": {"role": "guest", "env": "prod", "source": "web"},
            "ids": {"impression_id": f"imp_{n}"},
            "payload": payload,
        }
        for n in range(first, first + count)
    ]


def test_an_event_counts_once_wherever_it_is_on_its_way(lake: Deployment) -> None:
    spool = Spool(lake)

    def segments() -> list[TailSegment]:
        found = list_segments(lake.settings.home.spool)
        return [TailSegment(s.stream, s.first_offset, s.path) for s in found]

    views = Views(lake.pipeline, segments)

    def shown() -> int:
        assert views.refresh() is not None
        return int(lake.rows(COUNT)[0]["n"])

    lake.bring(_impressions(0, 3))
    lake.run()
    assert shown() == 3
    spool.put(_impressions(10, 4))
    assert shown() == 7, "spooled"
    spool.put(_impressions(20, 5) + _impressions(10, 2))
    assert shown() == 12, "the segment has grown, and two came again"
    spool.land()
    assert shown() == 12, "landed, in no release"
    spool.put(_impressions(30, 1))
    assert shown() == 13
    lake.run()
    assert shown() == 13, "most of it released, one spooled"
    spool.land()
    lake.bring(_impressions(40, 2))
    assert shown() == 15, "landed by two ways"
    lake.run()
    assert shown() == 15
    spool.put(_impressions(0, 3))
    assert shown() == 15, "released long ago and sent again"
    spool.close()
    views.close()


def _payout(state: str, at: str) -> Record:
    contract = load_registry().newest(f"payout.{state}")
    assert contract is not None
    number = int(at[8:10] + at[11:13])
    return {
        **contract.examples[0],
        "event_id": f"evt_01KC{number:022d}",
        "occurred_at": at,
        "received_at": at,
    }


def test_what_waits_for_days_still_changes_what_it_is_about(lake: Deployment) -> None:
    lake.bring([_payout("queued", "2026-11-01T10:00:00.000Z")])
    lake.run()
    views = Views(lake.pipeline, list)
    backlog = "select coalesce(sum(backlog), 0)::int as n from nrt.ops_payout_backlog"
    views.refresh()
    assert lake.rows(backlog) == [{"n": 1}]
    lake.bring([_payout("paid", "2026-11-02T10:00:00.000Z")])
    again = Views(lake.pipeline, list)
    again.refresh()
    assert lake.rows(backlog) == [{"n": 0}]
    assert again.left_out == ()
    for each in (views, again):
        each.close()


def _file(event: str, day: str, hour: int, records: int) -> LandedFile:
    return LandedFile(
        path=f"{event}-{day}",
        kind="events",
        dt=day,
        hour=hour,
        env="prod",
        event=event,
        records=records,
        bytes=1,
        stream="c0",
        first_offset=0,
        end_offset=records,
        landed_at="2026-11-21T00:00:00.000Z",
    )


def test_of_what_waits_for_days_the_most_frequent_does_not_fit() -> None:
    now = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
    files = [
        _file("search.card_impression", "2026-11-20", 22, 900_000),
        _file("search.card_impression", "2026-11-20", 21, EARLIER_RECORDS),
        _file("payout.paid", "2026-10-01", 10, 10),
        _file("leg.create", "2026-11-19", 23, 1_000),
    ]
    taken, left_out = bounded(files, now)
    assert left_out == ("search.card_impression",)
    assert taken == [files[0], *files[2:]]
    assert bounded(files[2:], now) == (files[2:], ())
