"""Every Silver fact, Gold mart and operations view, built by the real pipeline, against the plain-Python oracle.

One hostile world takes the way of every import: duplicates, late events, states entered twice, clocks that disagree. It
comes in shuffled parts, one of which is still in the spool when the operations views are compared.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.golden import live
from tests.golden.oracle import GOLD, SILVER, Oracle, Tables
from tests.golden.poison import CITY, poison
from tests.golden.records import Record, once
from tests.golden.worlds import World, rfc3339

from rastup.console.definitions import model_of
from rastup.core.config import Settings, SpoolConfig, load
from rastup.core.paths import data_dir
from rastup.ingest.importer import Importer, Origin
from rastup.ingest.lander import Landing
from rastup.ingest.spool import SpoolWriter
from rastup.ingest.spool.segments import list_segments
from rastup.lake.nrt import Views
from rastup.lake.pipeline import Pipeline, Request
from rastup.lake.reader import ReaderPool
from rastup.lake.unreleased import TailSegment

pytestmark = pytest.mark.slow

SEED = 20
TABLES = [f"{schema}.{name}" for schema, names in (("silver", SILVER), ("gold", GOLD)) for name in names]
VIEWS = ["nrt.ops_payout_backlog", "nrt.ops_bookings_live", "nrt.ops_ingest_health"]
FIRST, EVERYTHING = "the first part", "everything, late and again"


def worlds(now: dt.datetime) -> list[Record]:
    """Twelve days of orders and a busy last day, as far as they have been received by now."""
    past = World(SEED, now - dt.timedelta(days=12)).build(30)
    today = World(SEED + 1, now - dt.timedelta(hours=30), days=1.24).build(60, first=100)
    return [record for record in past + today if record["received_at"] < rfc3339(now)]


class Deployment:
    """An empty deployment with a pipeline that stays open."""

    def __init__(self, home: Path) -> None:
        self.settings: Settings = load(home / "home", environ={})
        self.pipeline = Pipeline(self.settings)
        self._scratch = home
        self._imports = 0

    def bring(self, records: Sequence[Record]) -> None:
        """Imports the records as files, one for each environment, and lands them."""
        for env in sorted({record["context"]["env"] for record in records}):
            self._imports += 1
            file = self._scratch / f"{self._imports}.ndjson"
            some = [record for record in records if record["context"]["env"] == env]
            file.write_text("".join(json.dumps(record) + "\n" for record in some))
            importer = Importer(self.settings, Origin(env, "world"))
            with Landing(self.settings) as landing:
                landing.wait_for(importer.run([file]))
            assert importer.tally.quarantined == 0

    def spool(self, lines: Sequence[bytes]) -> None:
        """Leaves lines in the spool, un-landed."""
        stored = threading.Event()
        writer: SpoolWriter[None] = SpoolWriter(
            self.settings.home.spool, "c0", SpoolConfig(min_free_disk_bytes=0), lambda _t, _e: stored.set()
        )
        writer.submit(b"".join(lines), None)
        assert stored.wait(10)
        writer.close()

    def land(self) -> None:
        """Lands what is in the spool."""
        with Landing(self.settings) as landing:
            for segment in list_segments(self.settings.home.spool):
                landing.wait_for(segment.stream)

    def views(self) -> Views:
        """The operations views, which know the spool."""

        def segments() -> list[TailSegment]:
            found = list_segments(self.settings.home.spool)
            return [TailSegment(segment.stream, segment.first_offset, segment.path) for segment in found]

        return Views(self.pipeline, segments)

    def bronze(self) -> list[bytes]:
        """Every landed line, read by Python's gzip."""
        files = self.settings.home.bronze.glob("events/**/*.json.gz")
        return [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]

    def tables(self, names: Sequence[str]) -> dict[str, list[Record]]:
        """The tables of the current releases."""
        pool = ReaderPool(self.settings)
        try:
            reader = pool.pin()
            return {name: reader.query(f"select * from {name}").to_pylist() for name in names}
        finally:
            pool.close()


@dataclass(frozen=True)
class Stage:
    """What the lake showed, and what the oracle says it should have."""

    shown: Mapping[str, list[Record]]
    expected: Tables


@dataclass(frozen=True)
class Story:
    """The stages of one lake, the operations views between them, what poison made of it, and the same built anew.

    `checks` are the gate's, and `suites` what they expect; `health` is the view
    of ingest health as SQL.
    """

    stages: Mapping[str, Stage]
    views: Mapping[str, list[Record]]
    oracle: Oracle
    meters: Sequence[Record]
    poisoned: Mapping[str, list[Record]]
    rebuilt: Mapping[str, list[Record]]
    checks: Mapping[str, str]
    suites: Mapping[str, dict[str, Any]]
    health: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    now, rng = dt.datetime.now(dt.UTC), random.Random(SEED)
    records = worlds(now)
    records.sort(key=lambda record: record["received_at"])
    most, landed = (int(len(records) * share) for share in (0.7, 0.85))
    older = rng.sample(records[:most], most)
    first, late = older[most // 4 :], older[: most // 4]
    deployment = Deployment(tmp_path_factory.mktemp("lake"))
    stages: dict[str, Stage] = {}

    def run(stage: str, request: Request) -> None:
        deployment.pipeline.run(request)
        stages[stage] = Stage(deployment.tables(TABLES), Oracle(deployment.bronze()).tables())

    deployment.bring(first)
    run(FIRST, Request())

    deployment.bring(records[most:landed])
    tail = [json.dumps(record).encode() + b"\n" for record in records[landed:]]
    meters = list(reports(now, rng))
    deployment.spool(tail + [json.dumps({"_meter": meter}).encode() + b"\n" for meter in meters])
    views = deployment.views()
    assert views.refresh() is not None
    shown = deployment.tables(VIEWS)
    oracle = Oracle(deployment.bronze() + [line.rstrip() for line in tail])

    deployment.land()
    deployment.bring(late + rng.sample(first, len(first) // 3))
    run(EVERYTHING, Request())
    kept = {(event.event_id, event.received_at) for event in once(deployment.bronze())}
    assert kept == {(event.event_id, event.received_at) for event in once(records)}, "an import lost a record"

    deployment.spool(list(poison(now - dt.timedelta(minutes=5))))
    assert views.refresh() is not None
    deployment.land()
    deployment.pipeline.run(Request())
    poisoned = deployment.tables([*TABLES, *VIEWS])
    deployment.pipeline.run(Request("full"))
    rebuilt = deployment.tables(TABLES)
    health = deployment.pipeline.project.specs["nrt.ops_ingest_health"].query
    checks = {check.name: check.query for check in deployment.pipeline.project.checks}
    deployment.pipeline.close()
    return Story(stages, shown, oracle, meters, poisoned, rebuilt, checks, suites(), health)


def suites() -> dict[str, dict[str, Any]]:
    """What the models' files say that a table must hold, by the name of the check."""
    files = data_dir("transform").glob("models/**/*.yml")
    models = [model for file in files for model in yaml.safe_load(file.read_text()).get("models", [])]
    found = [test["expectations"] for model in models for test in model.get("data_tests", [])]
    return {suite["name"]: suite["arguments"] for suite in found}


def reports(now: dt.datetime, rng: random.Random) -> Iterator[Record]:
    """What collectors report: every second of the last minutes, some of it long ago, refusals without a key."""
    for seconds in [*range(1, 200), 3 * 3600, 7100, 7300]:
        at = rfc3339(now - dt.timedelta(seconds=seconds))
        report = {"minute": f"{at[:16]}:00.000Z", "received_at": at, "rejected": {}}
        for source in ("web", "app"):
            counts = {name: rng.choice((0, 0, 1, 7)) for name in ("accepted", "duplicates", "quarantined")}
            yield report | {"source": source, "env": rng.choice(("prod", "prod", "stage"))} | counts
        none = dict.fromkeys(("accepted", "duplicates", "quarantined"), 0)
        refused = {"AUTH_INVALID": 2} | ({"EVENT_TOO_LARGE": 1} if seconds % 3 else {})
        yield report | {"source": "unknown", "env": "unknown", "rejected": refused} | none


def assert_same(shown: Sequence[Record], expected: Sequence[Record]) -> None:
    """The same rows with the same columns, in any order."""
    assert shown and expected
    names = sorted(shown[0])
    assert names == sorted(expected[0])
    ours, theirs = (
        Counter(tuple(_plain(row[name]) for name in names) for row in rows) for rows in (shown, expected)
    )
    too_many, missing = list((ours - theirs).elements()), list((theirs - ours).elements())
    assert not too_many and not missing, f"{names}\nshown: {too_many[:3]}\nexpected: {missing[:3]}"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


@pytest.mark.parametrize("stage", [FIRST, EVERYTHING])
@pytest.mark.parametrize("table", TABLES)
def test_table_equals_the_oracle(story: Story, stage: str, table: str) -> None:
    assert_same(story.stages[stage].shown[table], story.stages[stage].expected[table])


@pytest.mark.parametrize("table", TABLES)
def test_parts_in_any_order_come_to_what_a_full_build_comes_to(story: Story, table: str) -> None:
    assert_same(story.poisoned[table], story.rebuilt[table])


def test_payout_backlog_counts_what_is_released_landed_and_spooled(story: Story) -> None:
    shown = story.views["nrt.ops_payout_backlog"]
    assert_same(shown, live.ops_payout_backlog(story.oracle, shown[0]["as_of"]))


def test_live_bookings_count_what_is_released_landed_and_spooled(story: Story) -> None:
    shown = story.views["nrt.ops_bookings_live"]
    assert_same(shown, live.ops_bookings_live(story.oracle, shown[0]["as_of"]))


def test_ingest_health_counts_what_collectors_report(story: Story) -> None:
    shown = story.views["nrt.ops_ingest_health"]
    as_of = shown[0]["as_of"]
    assert_same(
        shown, live.ops_ingest_health(story.meters, [(live.EPOCH, live.EPOCH), (as_of, as_of)], as_of)
    )


AS_OF = dt.datetime(2026, 11, 21, 8, 30, 12, 345_000, tzinfo=dt.UTC)
AGO_S = st.integers(-5_000, 130 * 60_000).map(lambda milliseconds: dt.timedelta(milliseconds=milliseconds))
COUNT = st.integers(0, 30)
REPORT = st.fixed_dictionaries(
    {
        "ago": AGO_S,
        "source": st.sampled_from(["web", "app"]),
        "env": st.sampled_from(["prod", "prod", "prod", "dev", "unknown"]),
        **dict.fromkeys(("accepted", "duplicates", "quarantined"), COUNT),
        "rejected": st.dictionaries(st.sampled_from(["AUTH_INVALID", "EVENT_TOO_LARGE"]), st.integers(1, 5)),
    }
)
REFRESHES = st.lists(st.tuples(AGO_S, st.integers(-100, 9_000)), max_size=8)


@pytest.fixture(scope="module")
def health(story: Story) -> Iterator[Callable[..., list[Record]]]:
    """The view of ingest health over any reports and refreshes."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; create schema live")
        connection.execute("set variable as_of = ?::timestamptz", [AS_OF])
        connection.execute(
            "create table live.tail_meter (minute timestamptz, received_at timestamptz, source varchar, env varchar, "
            "accepted bigint, duplicates bigint, quarantined bigint, rejected map(varchar, bigint))"
        )
        connection.execute("create table live.refreshes (as_of timestamptz, visible_at timestamptz)")

        def shown(
            meters: Sequence[Record], refreshes: Sequence[tuple[dt.datetime, dt.datetime]]
        ) -> list[Record]:
            connection.execute("delete from live.tail_meter; delete from live.refreshes")
            connection.executemany("insert into live.refreshes values (?, ?)", refreshes)
            names = ("minute", "received_at", "source", "env", "accepted", "duplicates", "quarantined")
            for meter in meters:
                entries = [{"key": code, "value": n} for code, n in meter["rejected"].items()]
                connection.execute(
                    f"insert into live.tail_meter values ({'?, ' * len(names)} map_from_entries(?))",
                    [*(meter[name] for name in names), entries],
                )
            return connection.execute(story.health).to_arrow_table().to_pylist()

        yield shown


@settings(max_examples=25)
@given(reports=st.lists(REPORT, min_size=1, max_size=12), refreshes=REFRESHES)
def test_the_lag_of_a_minute_is_what_it_was_when_its_events_became_visible(
    health: Callable[..., list[Record]], reports: list[Record], refreshes: list[tuple[dt.timedelta, int]]
) -> None:
    meters = []
    for report in reports:
        at = rfc3339(AS_OF - report["ago"])
        meters.append(report | {"minute": f"{at[:16]}:00.000Z", "received_at": at})
    begun = sorted(AS_OF - abs(ago) for ago, _ in refreshes)
    seen = sorted(
        moment + dt.timedelta(milliseconds=took) for moment, (_, took) in zip(begun, refreshes, strict=True)
    )
    instants = [*zip(begun, seen, strict=True), (AS_OF, AS_OF + dt.timedelta(seconds=1))]
    shown, expected = health(meters, instants), live.ops_ingest_health(meters, instants, AS_OF)
    assert bool(shown) == bool(expected)
    if shown:
        assert_same(shown, expected)


@pytest.mark.parametrize("table", [table for table in TABLES if "latest" not in table])
def test_poison_stops_no_build_and_touches_nothing_else(story: Story, table: str) -> None:
    def elsewhere(rows: Sequence[Record]) -> list[Record]:
        return [row for row in rows if row["city"] != CITY]

    assert len(story.poisoned[table]) > len(story.stages[EVERYTHING].shown[table])
    assert_same(elsewhere(story.poisoned[table]), elsewhere(story.stages[EVERYTHING].shown[table]))


COLUMNS = {
    "gold.kpi_gmv_daily": "dt city currency legs_confirmed gmv_cents lbgs_confirmed aov_cents",
    "gold.kpi_take_rate": "dt city currency gmv_cents platform_fee_cents take_rate earned_fee_cents",
    "gold.kpi_cancellations": "dt city lead_band legs_cancelled legs_confirmed cancellation_rate",
    "gold.kpi_refunds": "dt city currency refunds refund_cents captured_cents refund_rate "
    "refund_cents_7d captured_cents_7d refund_rate_7d",
    "gold.kpi_refunds_by_reason": "dt city currency reason refunds refund_cents",
    "gold.fact_orders": "order_id buyer_identity_id city currency legs state subtotal_cents tax_cents platform_fee_cents "
    "platform_fee_tax_cents total_cents refunded_cents created_at checkout_started_at confirmed_at completed_at "
    "cancelled_at first_touch_at is_first_order",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_marts_have_the_columns_of_the_specification_in_its_order(story: Story, table: str) -> None:
    assert list(story.stages[EVERYTHING].shown[table][0]) == COLUMNS[table].split()


@pytest.mark.parametrize("table", [*TABLES, *VIEWS])
def test_every_column_is_described_and_no_other(story: Story, table: str) -> None:
    found = model_of(table)
    assert found is not None and found.description.split(". ")[-1].startswith("One row per ") and found.owner
    assert list(found.columns) == list(story.poisoned[table][0])
    assert all(text.endswith(".") for text in found.columns.values())


DAMAGE = {
    "expect_column_values_to_not_be_null": "null",
    "expect_column_values_to_be_in_set": "'nonsense'",
    "expect_column_values_to_be_between": "-1",
    "expect_column_values_to_match_regex": "'usd'",
}


@pytest.mark.parametrize("table", TABLES)
def test_the_gate_sees_every_damage_that_it_is_there_for(story: Story, table: str) -> None:
    schema, name = table.split(".")
    check, given = story.checks[f"expectations_of_{name}"], story.suites[f"expectations_of_{name}"]
    suite = {key: value for key, value in given.items() if key.startswith("expect_")}
    rows = pa.Table.from_pylist(story.poisoned[table])
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"create schema {schema}")
        connection.execute(f"set variable anew = ['{table}']")
        connection.register("rows", rows)

        def refused(damage: str) -> set[str]:
            connection.execute(f"create or replace table {table} as select * from rows")
            connection.execute(damage.format(newest=f"rowid = (select max_by(rowid, {order}) from {table})"))
            return {row[0] for row in connection.execute(check).fetchall()}

        order = "dt" if "dt" in rows.column_names else "rowid"
        assert refused("select 1") == set()
        key = suite.pop("expect_compound_columns_to_be_unique")
        again = f"insert into {table} select * from {table} where {{newest}}"
        assert refused(again) == {f"expect_compound_columns_to_be_unique: {', '.join(key)}"}
        suite.pop("expect_rows_to_hold", None)
        for expectation, columns in suite.items():
            for column in columns:
                damage = f"update {table} set {column} = {DAMAGE[expectation]} where {{newest}}"
                assert f"{expectation}: {column}" in refused(damage)


def test_a_mart_that_does_not_agree_with_its_facts_is_refused(story: Story) -> None:
    check = story.checks["marts_agree_with_facts"]
    with duckdb.connect() as connection:
        connection.execute("create schema silver; create schema gold")
        for table in TABLES:
            connection.register("rows", pa.Table.from_pylist(story.poisoned[table]))
            connection.execute(f"create table {table} as select * from rows")
        assert connection.execute(check).fetchall() == []
        for mart, column in (("kpi_gmv_daily", "gmv_cents"), ("kpi_refunds_by_reason", "refund_cents")):
            connection.execute(f"update gold.{mart} set {column} = -5 where rowid = 0")
        said = {row[0] for row in connection.execute(check).fetchall()}
    assert said == {
        "GMV of kpi_gmv_daily is that of the legs",
        "GMV of kpi_take_rate is that of kpi_gmv_daily",
        "refund_cents of kpi_refunds are those by reason",
    }


def test_a_leg_without_its_order_is_refused(story: Story) -> None:
    check = story.checks["legs_reach_their_orders"]
    with duckdb.connect() as connection:
        connection.execute("create schema silver; create schema gold")
        for table in ("silver.fact_booking_legs_latest", "gold.fact_orders"):
            connection.register("rows", pa.Table.from_pylist(story.poisoned[table]))
            connection.execute(f"create table {table} as select * from rows")
        connection.execute(
            "create table silver.int_legs as select env, leg_id, lbg_id from silver.fact_booking_legs_latest"
        )
        assert connection.execute(check).fetchall() == []
        connection.execute("delete from gold.fact_orders where legs > 0 and rowid < 20")
        connection.execute("delete from silver.fact_booking_legs_latest where rowid = 0")
        said = {row[0] for row in connection.execute(check).fetchall()}
    assert said == {
        "a leg of int_legs stands in fact_booking_legs_latest",
        "the order of a leg is in fact_orders",
    }
