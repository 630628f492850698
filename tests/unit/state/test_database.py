"""The state database: migrations and declared tables agree (Alembic's own comparison), and opening is safe in parallel."""

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.state import heartbeats
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
