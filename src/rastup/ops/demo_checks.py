"""What `rastup up --demo --once` shows and checks: the release's KPIs, its lag, and that nothing was lost or doubled."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rastup.core.clock import now_ms
from rastup.core.config import Settings
from rastup.core.errors import Unavailable
from rastup.lake.reader import Reader, ReaderPool
from rastup.ops import status as status_of
from rastup.state.database import open_state

WAIT_S = 120.0
QUIET_S = 6.0
"""Three refreshes without news: everything sent is in the views."""
HISTORY_DAYS_AT_LEAST = 28


@dataclass
class Report:
    """Lines for a person, and the checks that failed."""

    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def check(self, holds: bool, what: str) -> None:
        """Notes one check."""
        self.lines.append(f"{'✓' if holds else '✗'} {what}")
        if not holds:
            self.failures.append(what)


def check_demo(settings: Settings, stop: threading.Event) -> Report:
    """Waits until everything sent is in a release and in the operations views, then checks it.

    Raises:
        Unavailable: it did not become visible in time, or the platform is being stopped.
    """
    report = Report()
    pool = ReaderPool(settings)
    _wait_for_views(settings, pool, stop)
    _lag(pool.pin(), report)
    _wait_for_release(settings, stop)
    reader = pool.pin()
    _kpis(reader, report)
    _checks(reader, report)
    return report


def _wait_for_views(settings: Settings, pool: ReaderPool, stop: threading.Event) -> None:
    """Waits until the operations views count what was sent, and have stopped to move."""
    query = "select sum(accepted) from nrt.ops_ingest_health"
    seen, moved_at, started = None, time.monotonic(), time.monotonic()
    while not stop.wait(0.5):
        count = _value(pool, query) if status_of.collect(settings).nrt else None
        if count != seen:
            seen, moved_at = count, time.monotonic()
        elif seen and time.monotonic() - moved_at > QUIET_S:
            return
        if time.monotonic() - started > WAIT_S:
            break
    raise Unavailable("the operations views did not come up; see logs/pipeline.log")


def _lag(reader: Reader, report: Report) -> None:
    lag = _rows(
        reader,
        "select max_by(accepted, minute) as n, max_by(p95_lag_s, minute) as p95_s from nrt.ops_ingest_health",
    )[0]
    count, p95_s = lag["n"], lag["p95_s"] or 0.0
    report.lines.append(
        f"operations views: {count:,} events in the last minute, 95 of 100 seen {p95_s:.1f} s after arrival"
    )


def _value(pool: ReaderPool, query: str) -> Any:
    return pool.pin().query(query).column(0)[0].as_py()


def _wait_for_release(settings: Settings, stop: threading.Event) -> None:
    engine = open_state(settings.state_url)
    deadline = time.monotonic() + WAIT_S
    while not stop.wait(0.5):
        found = status_of.collect(settings, engine=engine)
        if found.backlog.spool_segments == 0 and found.backlog.pending_files == 0:
            return
        if time.monotonic() > deadline:
            raise Unavailable(
                f"{found.backlog.spool_segments} segments have not landed and {found.backlog.pending_files} files are in "
                "no release; see logs/lander.log and logs/pipeline.log"
            )
    raise Unavailable("stopped")


def _rows(reader: Reader, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reader.query(query).to_pylist()
    return rows


def _kpis(reader: Reader, report: Report) -> None:
    until = reader.release.data_until
    if until:
        lag_s = now_ms() / 1000 - datetime.fromisoformat(until).timestamp()
        report.lines.append(f"release {reader.release.release_id}: newest event {lag_s:.0f} s old")
    money = """
        select currency, sum(gmv_cents) / 100 as gmv, sum(lbgs_confirmed) as bookings,
               sum(platform_fee_cents) / sum(gmv_cents) as take_rate
        from gold.kpi_gmv_daily join gold.kpi_take_rate using (dt, city, currency, gmv_cents)
        group by currency order by currency
    """
    for row in _rows(reader, money):
        rate = "–" if row["take_rate"] is None else f"{row['take_rate']:.1%}"
        report.lines.append(
            f"{row['currency']}  GMV {row['gmv']:,.0f}   bookings {row['bookings']:,}   take rate {rate}"
        )


def _checks(reader: Reader, report: Report) -> None:
    once = _rows(reader, "select count(*) as n, count(distinct event_id) as ids from silver.events")[0]
    bronze = _rows(reader, "select count(*) as n, count(distinct event_id) as ids from bronze.events")[0]
    report.check(once["n"] == once["ids"], f"silver.events holds each event once ({once['n']:,})")
    report.check(
        once["ids"] == bronze["ids"],
        f"every landed event is in it ({bronze['ids']:,} ids in {bronze['n']:,} landed records)",
    )
    days = _rows(reader, "select count(distinct dt) as days from silver.events")[0]["days"]
    report.check(days >= HISTORY_DAYS_AT_LEAST, f"there are events of {days} days")
    sold = _rows(reader, "select count(distinct dt) as days from gold.kpi_gmv_daily where gmv_cents > 0")[0][
        "days"
    ]
    report.check(sold > 0, f"there is GMV on {sold} of them")
    split = _rows(
        reader,
        "select count(*) as n from gold.fact_orders "
        "where total_cents <> subtotal_cents + tax_cents + platform_fee_cents + platform_fee_tax_cents",
    )[0]
    report.check(split["n"] == 0, "every order's total is the sum of its parts")
    gmv = _rows(
        reader,
        "select (select sum(gmv_cents) from gold.kpi_gmv_daily) as marts, (select sum(subtotal_cents) from "
        "silver.fact_booking_legs where status = 'confirmed' and env = 'prod') as facts",
    )[0]
    report.check(gmv["marts"] == gmv["facts"], "GMV equals the sum over confirmed legs")
