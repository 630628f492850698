"""Releases under failure: a gate that refuses, a model that breaks, a crash at any commit, a second writer, a rollback."""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.golden.worlds import World
from tests.integration.deployment import Deployment, searches

from rastup.cli.release import release
from rastup.core.errors import (
    DamageFound,
    LeaseHeld,
    ModelFailed,
    QualityCheckFailed,
    ReleaseMoved,
    StoreUnavailable,
    UsageError,
)
from rastup.core.paths import data_dir
from rastup.lake import main_run, publication, releases, runs
from rastup.lake.build import Build
from rastup.lake.pipeline import LEASE, Pipeline
from rastup.lake.reader import ReaderPool
from rastup.lake.request import Request
from rastup.lake.tables import LakeTable
from rastup.state.leases import Lease

pytestmark = pytest.mark.slow

FIRST, SECOND = searches(range(10)), searches(range(10, 25), at="2026-11-19T10:00:00.000Z")
FIRST_IDS = [record["event_id"] for record in FIRST]
ALL_IDS = FIRST_IDS + [record["event_id"] for record in SECOND]


class Killed(BaseException):
    """Stands for kill -9: nothing of the run may catch it to clean up."""


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose first release holds FIRST."""
    deployment = Deployment(tmp_path, environ={"RASTUP_PIPELINE__LEASE_WAIT_S": "0.3"})
    deployment.bring(FIRST)
    deployment.run()
    yield deployment
    deployment.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the dbt project in the place of the real one."""
    folder = tmp_path / "transform"
    shutil.copytree(data_dir("transform"), folder, ignore=shutil.ignore_patterns("target", "logs"))
    monkeypatch.setattr("rastup.lake.project.data_dir", lambda _name: folder)
    return folder


def _current(lake: Deployment) -> str:
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    return release.release_id


def _dies_at(call: int, real: Callable[..., Any], error: type[BaseException] = Killed) -> Callable[..., Any]:
    calls = iter(range(1, 10_000))

    def dying(*arguments: Any, **options: Any) -> Any:
        if next(calls) == call:
            raise error
        return real(*arguments, **options)

    return dying


def test_a_refused_run_leaves_the_last_release_and_says_which_check_and_which_days(
    lake: Deployment, project: Path
) -> None:
    before = _current(lake)
    check = project / "tests" / "few_searches.sql"
    check.parent.mkdir(exist_ok=True)
    check.write_text("select * from {{ ref('events') }} where dt > date '2026-11-18'\n")
    lake.bring(SECOND)
    lake.reopen()
    with pytest.raises(
        QualityCheckFailed, match=r"few_searches on silver.events: 15 rows on 2026-11-19"
    ) as refused:
        lake.run()
    assert refused.value.exit_code == 1
    assert _current(lake) == before
    assert lake.ids() == FIRST_IDS
    check.unlink()
    lake.reopen()
    lake.run()
    assert lake.ids() == ALL_IDS


def test_a_model_that_breaks_leaves_the_last_release_and_is_named(lake: Deployment, project: Path) -> None:
    model = project / "models" / "gold" / "marketplace" / "kpi_gmv_daily.sql"
    good = model.read_text()
    model.write_text("select no_such_column from {{ ref('fact_booking_legs') }}\n")
    lake.bring(SECOND)
    lake.reopen()
    with pytest.raises(ModelFailed, match="kpi_gmv_daily"):
        lake.run()
    assert lake.ids() == FIRST_IDS
    model.write_text(good)
    lake.reopen()
    lake.run()
    assert lake.ids() == ALL_IDS


def test_a_model_that_breaks_on_its_rows_is_named_too(lake: Deployment, project: Path) -> None:
    model = project / "models" / "silver" / "identity" / "int_identity_days.sql"
    model.write_text(model.read_text().replace("min(occurred_at)", "min(cast(identity_id as integer))"))
    lake.bring(SECOND)
    lake.reopen()
    with pytest.raises(ModelFailed, match="int_identity_days") as broken:
        lake.run()
    assert broken.value.exit_code == 1
    last = runs.list_runs(lake.pipeline.engine, limit=1)[0]
    assert (last.state, last.models[-1]["model"]) == ("failed", "silver.int_identity_days")


def test_a_check_that_is_new_looks_at_what_was_built_before_it(lake: Deployment, project: Path) -> None:
    (project / "tests" / "few_events.sql").write_text(
        "select * from {{ ref('events') }} where dt < '2026-12-31'\n"
    )
    lake.reopen()
    with pytest.raises(QualityCheckFailed, match="few_events"):
        lake.run()


def test_a_fact_that_loses_rows_in_its_new_version_is_refused(lake: Deployment, project: Path) -> None:
    lake.bring([{**r, "event": "studio.view", "payload": {"studio_id": "std_1"}} for r in SECOND])
    lake.run()
    model = project / "models" / "silver" / "search" / "fact_views.sql"
    text = model.read_text()
    model.write_text(text.replace("from studio_views\n", "from studio_views where false\n"))
    assert model.read_text() != text
    with pytest.raises(QualityCheckFailed, match="events_reach_their_facts"):
        lake.run()


def test_a_process_that_lives_builds_what_the_files_say_now(lake: Deployment, project: Path) -> None:
    model = project / "models" / "silver" / "search" / "fact_views.sql"
    model.write_text(model.read_text() + "-- another version\n")
    lake.bring(SECOND)
    published = lake.run().release
    assert published is not None and published.project == lake.pipeline.project.digest
    lake.reopen()
    assert lake.run().state == "unchanged"


def test_another_environment_for_the_marts_builds_them_anew(tmp_path: Path) -> None:
    records = World(1, dt.datetime.now(dt.UTC) - dt.timedelta(days=12)).build(12)
    orders = "select order_id from gold.fact_orders order by 1"
    prod = Deployment(tmp_path)
    prod.bring(records[:-5])
    prod.run()
    of_prod = prod.rows(orders)
    prod.close()
    stage = Deployment(tmp_path, environ={"RASTUP_LAKE__MARTS_ENV": "stage"})
    stage.run()
    at_once = stage.rows(orders)
    stage.bring(records[-5:])
    stage.run()
    little_by_little = stage.rows(orders)
    stage.run(Request("full"))
    assert at_once == little_by_little == stage.rows(orders) != of_prod
    stage.close()


def test_columns_of_other_types_build_the_whole_table_anew(
    lake: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = [
        {**r, "event": "studio.view", "payload": {"studio_id": "std_1"}} for r in searches(range(50, 75))
    ]
    lake.bring(views[:10])
    lake.run()
    told: list[str] = []
    differ = LakeTable.columns_differ

    def once(table: LakeTable, columns: Any) -> bool:
        is_first = table.name == "silver.fact_views" and not told
        told.extend([table.name] if is_first else [])
        return is_first or differ(table, columns)

    monkeypatch.setattr(LakeTable, "columns_differ", once)
    lake.bring(views[10:])
    lake.run()
    assert told == ["silver.fact_views"]
    assert lake.rows("select count(*) as n from silver.fact_views") == [{"n": len(views)}]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[: len(data) // 2], "fails its checksum"),
        (lambda _data: b"", "fails its checksum"),
        (lambda data: data[:-40] + bytes(b ^ 255 for b in data[-40:-20]) + data[-20:], "fails its checksum"),
        (lambda _data: gzip.compress(b""), "holds 0 records instead of 25"),
    ],
)
def test_a_damaged_bronze_file_is_named_and_refused(
    lake: Deployment, damage: Callable[[bytes], bytes], said: str
) -> None:
    before = _current(lake)
    lake.bring(searches(range(200, 225), at="2026-11-20T10:00:00.000Z"))
    [file] = lake.settings.home.bronze.glob("events/dt=2026-11-20/**/*.json.gz")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    with pytest.raises(DamageFound, match=f"{file.name} {said}"):
        lake.run()
    assert _current(lake) == before
    file.write_bytes(whole)
    lake.run()
    assert len(lake.ids()) == len(FIRST) + 25


def test_what_is_advised_after_damage_helps(lake: Deployment) -> None:
    lake.bring(searches(range(200, 225), at="2026-11-20T10:00:00.000Z"))
    [file] = lake.settings.home.bronze.glob("events/dt=2026-11-20/**/*.json.gz")
    whole = file.read_bytes()
    file.write_bytes(b"")
    with pytest.raises(DamageFound, match=r"or move them out of Bronze and run .*--full-refresh"):
        lake.run()
    file.unlink()
    with pytest.raises(DamageFound, match=f"{file.name} is gone from .*--accept-loss"):
        lake.run(Request("full"))
    lake.run(Request("full", accept_loss=True))
    assert len(lake.ids()) == len(FIRST)
    file.write_bytes(whole)
    lake.run(Request("full"))
    assert len(lake.ids()) == len(FIRST) + 25


def test_a_lost_state_is_no_empty_lake(lake: Deployment) -> None:
    before = lake.ids()
    shutil.rmtree(lake.settings.home.state)
    again = Pipeline(lake.settings)
    result = again.run(Request())
    again.close()
    assert result.release is not None and result.new_files > 0
    assert lake.ids() == before


def test_nobody_rolls_back_to_what_nobody_can_read(lake: Deployment) -> None:
    first = _current(lake)
    lake.bring(SECOND)
    lake.run()
    ask = ["rollback", first, "--home", str(lake.settings.home.root)]
    with pytest.raises(UsageError, match="no terminal to ask on; add --yes"):
        CliRunner().invoke(release, ask, catch_exceptions=False)
    shutil.rmtree(lake.settings.home.lake)
    again = Pipeline(lake.settings)
    again.run(Request("full"))
    again.close()
    with pytest.raises(StoreUnavailable, match=f"of {first} cannot be read"):
        CliRunner().invoke(release, [*ask, "--yes"], catch_exceptions=False)
    assert releases.held_reason(lake.pipeline.engine) is None


def test_a_copied_home_never_writes_into_the_lake_it_was_copied_from(
    lake: Deployment, tmp_path: Path
) -> None:
    shutil.copytree(lake.settings.home.root, tmp_path / "copy" / "home")
    before = lake.ids()
    other = Deployment(tmp_path / "copy")
    other.bring(searches(range(300, 310), at="2026-11-20T10:00:00.000Z"))
    with pytest.raises(UsageError, match="copied or moved"):
        other.run()
    with pytest.raises(UsageError, match="copied or moved"):
        other.ids()
    assert lake.ids() == before
    shutil.rmtree(other.settings.home.lake)
    other.run(Request.of(None, None, True, "test"))
    assert len(other.ids()) == len(before) + 10


@pytest.mark.parametrize("left", [None, b"{", b"{}"])
def test_damaged_metadata_of_a_table_are_named_and_what_is_advised_helps(
    lake: Deployment, left: bytes | None
) -> None:
    lake.pipeline.close()
    folder = lake.settings.home.lake / "warehouse/silver/events/metadata"
    newest = max(folder.glob("*.metadata.json"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    if left is not None:
        newest.write_bytes(left)
    with pytest.raises(
        DamageFound, match=r"^The metadata of the table silver.events are damaged: .*full-refresh"
    ):
        lake.run(Request("full"))
    lake.reopen()
    shutil.rmtree(lake.settings.home.lake)
    lake.run(Request("full"))
    assert len(lake.ids()) == len(FIRST)


def test_a_damaged_catalog_is_named(lake: Deployment) -> None:
    lake.bring(searches(range(310, 320), at="2026-11-20T10:00:00.000Z"))
    (lake.settings.home.lake / "catalog.db").write_bytes(b"\xa5" * 5000)
    with pytest.raises(DamageFound, match=r"Iceberg catalog .* is damaged: .*full-refresh"):
        lake.run()


@pytest.mark.parametrize("event_id", ["evt_7ZZZZZZZZZ0000000000000000", "evt_76EZAJ1RRR0000000000000000"])
def test_an_id_of_a_day_that_no_calendar_has_is_an_event_like_any(lake: Deployment, event_id: str) -> None:
    far = {**SECOND[0], "event_id": event_id}
    for records in ([far], [far, SECOND[1]]):
        lake.bring(records)
        lake.run()
    assert lake.ids() == sorted([*FIRST_IDS, event_id, SECOND[1]["event_id"]])


def test_a_clock_that_goes_back_changes_no_order(lake: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = _current(lake), releases.now_ms
    monkeypatch.setattr(releases, "now_ms", lambda: now() - 3_600_000)
    lake.bring(SECOND)
    lake.run()
    newest = _current(lake)
    assert [r.release_id for r in releases.list_releases(lake.pipeline.engine)][:2] == [newest, before]
    assert lake.rows("select count(*) as n from bronze.events") == [{"n": len(ALL_IDS)}]
    assert releases.rollback(lake.pipeline.engine, before, who="test", dry_run=True).undone == (newest,)


def test_a_table_takes_new_columns_in_the_order_of_its_model(lake: Deployment, project: Path) -> None:
    before = _current(lake)
    model = project / "models" / "silver" / "identity" / "int_identity_days.sql"
    text = model.read_text()
    model.write_text(
        text.replace(
            "        identity_id,\n        min(",
            "        count(*) as events,\n        identity_id,\n        min(",
        )
    )
    assert model.read_text() != text
    lake.bring(SECOND)
    lake.reopen()
    lake.run()
    of_table = "select * from silver.int_identity_days"
    assert list(lake.rows(of_table)[0]) == ["dt", "env", "events", "identity_id", "first_seen_at"]
    assert sum(row["events"] for row in lake.rows(of_table)) == len(ALL_IDS)
    assert list(lake.rows(of_table, before)[0]) == ["dt", "env", "identity_id", "first_seen_at"]


def test_a_table_takes_another_layout_and_the_releases_before_stay_readable(
    lake: Deployment, project: Path
) -> None:
    before = _current(lake)
    model = project / "models" / "silver" / "search" / "fact_views.sql"
    assert "partition_by='dt'" in model.read_text()
    model.write_text(model.read_text().replace("partition_by='dt'", "partition_by=['view_type']"))
    views = [
        {**r, "event": "studio.view", "payload": {"studio_id": f"std_{n}"}} for n, r in enumerate(SECOND)
    ]
    lake.bring(views)
    lake.reopen()
    lake.run()
    count = "select count(*) as n from silver.fact_views"
    assert lake.rows(count) == [{"n": len(views)}]
    assert lake.rows(count, before) == [{"n": 0}]
    model.write_text(model.read_text().replace("partition_by=['view_type']", "partition_by='dt'"))
    lake.reopen()
    lake.run()
    assert lake.rows(count) == [{"n": len(views)}]


@pytest.mark.parametrize("commit", [2, 9])
def test_a_run_killed_between_two_commits_shows_nothing_and_is_made_good(
    lake: Deployment, monkeypatch: pytest.MonkeyPatch, commit: int
) -> None:
    before = _current(lake)
    lake.bring(SECOND)
    with monkeypatch.context() as patched:
        # dbt reports the model as failed, and the run dies before it can put back what was committed.
        patched.setattr(Build, "_commit", _dies_at(commit, Build._commit, OSError))
        patched.setattr(publication, "align", _dies_at(2, publication.align))
        with pytest.raises(Killed):
            lake.run(Request("full"))
    assert _current(lake) == before
    assert lake.ids() == FIRST_IDS
    lake.reopen()
    lake.run()
    assert lake.ids() == ALL_IDS


@pytest.mark.parametrize("step", ["_held", "publish"])
def test_a_run_killed_while_it_publishes_is_published_wholly_or_not_at_all(
    lake: Deployment, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    lake.bring(SECOND)
    with monkeypatch.context() as patched:
        if step == "_held":
            patched.setattr(publication, "_held", _dies_at(3, publication._held))
        else:
            patched.setattr(releases, "publish", _dies_at(1, releases.publish))
        with pytest.raises(Killed):
            lake.run()
    assert lake.ids() == FIRST_IDS
    lake.reopen()
    lake.run()
    assert lake.ids() == ALL_IDS
    states = [run.state for run in runs.list_runs(lake.pipeline.engine)]
    assert states.count(runs.PUBLISHED) == 2


def test_a_run_killed_after_it_has_published_is_not_repeated(
    lake: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.bring(SECOND)
    with monkeypatch.context() as patched:
        patched.setattr(main_run.retention, "expire", _dies_at(1, main_run.retention.expire))
        with pytest.raises(Killed):
            lake.run()
    lake.reopen()
    assert lake.run().state == runs.UNCHANGED
    assert lake.ids() == ALL_IDS


def test_a_second_writer_is_told_who_writes(lake: Deployment) -> None:
    lake.bring(SECOND)
    with (
        Lease(lake.settings.home.run / LEASE, purpose="somebody else's run"),
        pytest.raises(LeaseHeld, match="somebody else's run"),
    ):
        lake.run()
    lake.run()
    assert lake.ids() == ALL_IDS


def test_a_reader_keeps_its_release_while_others_are_built(lake: Deployment) -> None:
    pool = ReaderPool(lake.settings)
    reader = pool.pin()
    lake.bring(SECOND)
    lake.run(Request("full"))
    lake.run(Request("full"))
    count = "select count(*) as n from silver.events"
    assert reader.query(count).to_pylist() == [{"n": len(FIRST_IDS)}]
    assert pool.pin().query(count).to_pylist() == [{"n": len(ALL_IDS)}]
    pool.close()


def test_a_rollback_serves_the_release_before_and_the_next_run_takes_everything_again(
    lake: Deployment,
) -> None:
    first = _current(lake)
    lake.bring(SECOND)
    second = lake.run().release
    assert second is not None
    releases.rollback(lake.pipeline.engine, first, who="on-call")
    assert lake.ids() == FIRST_IDS
    assert lake.ids(second.release_id) == ALL_IDS
    assert "by on-call" in str(releases.held_reason(lake.pipeline.engine))
    third = lake.run().release
    assert third is not None
    assert third.release_id not in (first, second.release_id)
    assert lake.ids() == ALL_IDS
    assert releases.held_reason(lake.pipeline.engine) is None


def test_a_rollback_while_a_run_builds_stands(lake: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _current(lake)
    lake.bring(SECOND)
    lake.run()
    lake.bring(searches(range(25, 30), at="2026-11-20T10:00:00.000Z"))
    real = publication.publish

    def publish_late(*arguments: Any, **options: Any) -> Any:
        releases.rollback(lake.pipeline.engine, first, who="on-call")
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(publication, "publish", publish_late)
        with pytest.raises(ReleaseMoved, match="rolled back meanwhile"):
            lake.run()
    assert _current(lake) == first
    assert lake.ids() == FIRST_IDS
    lake.run()
    assert len(lake.ids()) == 30


def test_what_no_kept_release_needs_is_removed_from_the_disk(tmp_path: Path) -> None:
    environ = {"RASTUP_LAKE__RELEASE_KEEP": "0", "RASTUP_LAKE__SNAPSHOT_GRACE_S": "0"}
    lake = Deployment(tmp_path, environ=environ)
    lake.bring(FIRST)
    first = lake.run().release
    sizes = []
    for _ in range(4):
        lake.run(Request("full"))
        sizes.append(len([p for p in lake.settings.home.lake.rglob("*") if p.is_file()]))
    assert first is not None
    with pytest.raises(UsageError, match="removed"):
        lake.ids(first.release_id)
    assert lake.ids() == FIRST_IDS
    assert sizes[-1] <= sizes[1] * 1.2, sizes
    lake.close()


def test_days_are_taken_again_from_bronze_and_come_to_the_same(lake: Deployment) -> None:
    lake.bring(SECOND)
    lake.run()
    query = "select * exclude (_run_id) from silver.events order by event_id"
    before = lake.rows(query)
    result = lake.run(Request.of(date(2026, 11, 19), date(2026, 11, 19), False, "test"))
    assert result.new_records == len(SECOND)
    assert lake.rows(query) == before
    runs_of = lake.rows(
        "select dt::varchar as dt, max(_run_id) as run from silver.events group by 1 order by 1"
    )
    assert runs_of[1]["run"] == result.run_id
    assert runs_of[0]["run"] != result.run_id


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy (select 1) to '/tmp/x.csv'",
        "attach '/tmp/x.db'",
        "install httpfs",
        "load httpfs",
        "create table t as select 1",
        "drop view silver.events",
        "delete from silver.events",
        "set memory_limit = '1TB'",
        "call pragma_version()",
        "select 1; select 2",
        "",
        "select getenv('HOME')",
        "select * from glob('/*')",
    ],
)
def test_typed_sql_reads_the_lake_and_nothing_else(sandbox: Any, sql: str) -> None:
    with pytest.raises(UsageError):
        sandbox.query(sql)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    lake = Deployment(tmp_path_factory.mktemp("sandbox"))
    lake.bring(FIRST)
    lake.run()
    pool = ReaderPool(lake.settings)
    reader = pool.pin()
    reader.query("select count(*) from bronze.events")
    reader.lock()
    assert reader.query("select count(*) as n from silver.events").to_pylist() == [{"n": 10}]
    yield reader
    pool.close()
    lake.close()


def test_a_parquet_file_that_was_cut_is_no_wrong_question(lake: Deployment) -> None:
    for file in (lake.settings.home.lake / "warehouse/silver/events").rglob("*.parquet"):
        file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(StoreUnavailable, match=r"^the lake's files cannot be read: .*\.parquet"):
        lake.ids()
    lake.pipeline.close()
    lake.run(Request("full"))
    assert len(lake.ids()) == len(FIRST)
