"""The state database: migrations and declared tables agree (Alembic's own comparison), and opening is safe in parallel."""

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, Table, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from rastup.cli.main import main
from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.errors import ConfigError, DamageFound, StoreUnavailable, UsageError
from rastup.ingest.keys import create_key, list_keys
from rastup.state import database, heartbeats
from rastup.state.database import HEAD, open_state
from rastup.state.schema import metadata


def test_the_migrations_make_exactly_the_declared_tables(tmp_path: Path) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration() -> None:
    folder = Path(sys.modules["rastup.state.database"].__file__ or "").parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_several_processes_may_open_an_empty_state_at_once(tmp_path: Path) -> None:
    code = "import sys; from rastup.state.database import open_state; open_state(sys.argv[1])"
    url = f"sqlite:///{tmp_path / 'state.db'}"
    children = [
        subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert [(child.communicate()[1], child.returncode) for child in children] == [("", 0)] * 6


def test_a_heartbeat_replaces_the_one_before(tmp_path: Path) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    heartbeats.beat(engine, "lander", lag_s=3.0)
    before = rfc3339_ms(system_clock())
    heartbeats.beat(engine, "lander", lag_s=1.5, detail={"landed": 7})
    found = heartbeats.read_all(engine)
    assert list(found) == ["lander"]
    assert (found["lander"].lag_s, found["lander"].detail) == (1.5, {"landed": 7})
    assert found["lander"].at >= before


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_WAIT_S", 0.05)


def _locked(path: Path) -> sqlite3.Connection:
    """Another program that keeps the database to itself, in SQLite's own words."""
    other = sqlite3.connect(path)
    other.execute("begin exclusive")
    return other


@pytest.mark.usefixtures("impatient")
def test_a_locked_state_is_unavailable_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    engine = open_state(f"sqlite:///{path}")
    with (
        contextlib.closing(_locked(path)),
        pytest.raises(
            StoreUnavailable, match=rf"state database sqlite:///{path}: .*locked.*Another process has held it"
        ),
    ):
        create_key(engine, source="web", env="prod")
    assert create_key(engine, source="web", env="prod").record.source == "web"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("is_new", [True, False])
def test_a_state_that_cannot_be_opened_is_unavailable(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "state.db"
    if is_new:
        path.mkdir()
        with pytest.raises(StoreUnavailable, match="unable to open"):
            open_state(f"sqlite:///{path}")
        return
    with contextlib.closing(_locked(path)), pytest.raises(StoreUnavailable, match="locked"):
        open_state(f"sqlite:///{path}")


def test_a_password_is_not_in_the_message(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnavailable, match="Check that it exists") as told:
        open_state("postgresql+psycopg://me:s3cr3t@127.0.0.1:1/state?connect_timeout=1")
    assert "s3cr3t" not in str(told.value)


@pytest.mark.parametrize("place", [0, 4096])
def test_a_damaged_state_says_so_and_what_is_lost(tmp_path: Path, place: int) -> None:
    path = tmp_path / "state.db"
    open_state(f"sqlite:///{path}").dispose()
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * 3000)
    with pytest.raises(DamageFound, match=r"state database .* is damaged: .*Bronze holds all events"):
        list_keys(open_state(f"sqlite:///{path}"))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("drop table releases", "no table releases"),
        ("delete from alembic_version", "no alembic_version says"),
        ("drop table alembic_version", "no alembic_version says"),
    ],
)
@pytest.mark.parametrize("command", ["status", "doctor --output json", "keys list"])
def test_a_state_that_lacks_a_table_or_its_version_is_damaged_and_left_as_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    harm: str,
    found: str,
    command: str,
) -> None:
    path = tmp_path / "state" / "rastup.db"
    open_state(f"sqlite:///{path}").dispose()
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute(harm)
        before = list(other.iterdump())
    monkeypatch.setattr(sys, "argv", ["rastup", *command.split(), "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        main()
    told = "".join(capsys.readouterr())
    assert end.value.code == 1 and "internal error" not in told
    line = next(one for one in told.splitlines() if found in one)
    assert f"state database sqlite:///{path} is damaged" in line and "put back a copy" in line
    with contextlib.closing(sqlite3.connect(path)) as other:
        assert list(other.iterdump()) == before


@pytest.mark.parametrize("url", ["nodatabase://host/name", "postgresql+nodriver://host/name"])
def test_a_kind_of_database_that_is_not_there_names_the_setting(url: str) -> None:
    with pytest.raises(ConfigError, match=r"state\.url cannot be used"):
        open_state(url)


def test_a_wrong_statement_of_ours_stays_a_fault(tmp_path: Path) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with pytest.raises(OperationalError, match="no such table"), engine.connect() as connection:
        connection.execute(text("select * from nowhere"))


def test_the_command_line_ends_with_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "state" / "rastup.db"
    open_state(f"sqlite:///{path}").dispose()
    code = (
        "import sys; from rastup.state import database; database.BUSY_WAIT_S = 0.05; "
        "from rastup.cli.main import main; sys.argv[0] = 'rastup'; main()"
    )
    command = [sys.executable, "-c", code, "keys", "create", "--source", "web", "--home", str(tmp_path)]
    with contextlib.closing(_locked(path)):
        ended = subprocess.run(command, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "state database" in ended.stderr
    assert "internal error" not in ended.stderr


_SINCE = {
    "0002": ["drop table webhook_references"],
    "0003": ["drop table click_keys"],
    "0004": [
        "drop index quarantine_repair",
        "alter table quarantine drop column repair_id",
        "drop table quarantine_repairs",
        "drop table withdrawals",
    ],
    "0005": ["drop table bus_positions"],
    "0006": [
        "drop index bronze_files_newest",
        "create index bronze_files_dt on bronze_files (kind, dt)",
    ],
}
"""What each version has brought, taken away again."""


@pytest.mark.parametrize("version", ["0001", *_SINCE])
def test_a_state_of_an_earlier_version_gets_what_it_lacks_and_keeps_its_rows(
    tmp_path: Path, version: str
) -> None:
    path = tmp_path / "state.db"
    # Programs up to 0005 made a new database of what they declared, whatever its migrations said.
    first = create_engine(f"sqlite:///{path}")
    metadata.create_all(first)
    first.dispose()
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        for later in sorted((name for name in _SINCE if name > version), reverse=True):
            for statement in _SINCE[later]:
                old.execute(statement)
        old.execute("create table alembic_version (version_num varchar(32) not null primary key)")
        old.execute("insert into alembic_version values (?)", (version,))
        old.execute("insert into quarantine (bad_id, state, at, who) values ('bad_1', 'replayed', '', 'me')")
    engine = open_state(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("select bad_id, repair_id from quarantine")).all() == [("bad_1", None)]


def test_what_is_declared_later_waits_for_its_own_migration(tmp_path: Path) -> None:
    later = Table("later", metadata, Column("id", Integer, primary_key=True))
    try:
        engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    finally:
        metadata.remove(later)
    assert "releases" in (names := inspect(engine).get_table_names()) and "later" not in names


def test_a_state_of_a_newer_program_is_refused_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    open_state(f"sqlite:///{path}").dispose()
    with contextlib.closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(UsageError, match=rf"state database sqlite:///{path} has the schema 9999; .* {HEAD}"):
        open_state(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as newer:
        assert newer.execute("select version_num from alembic_version").fetchall() == [("9999",)]
