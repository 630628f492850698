"""The state database on a PostgreSQL of our own, where one is installed; elsewhere these tests are skipped, with a word."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from rastup.core.errors import UsageError
from rastup.state.database import HEAD, open_state
from rastup.state.schema import metadata

pytest.importorskip("psycopg")
if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
    pytest.skip("no PostgreSQL is installed here", allow_module_level=True)


# PostgreSQL refuses to run as root.
USER = "nobody" if os.geteuid() == 0 else None


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, user=USER)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A server's folder, which its socket lies in."""
    with tempfile.TemporaryDirectory(prefix="rastup-pg-") as name:
        folder, data = Path(name), Path(name, "data")
        if USER:
            shutil.chown(folder, USER)
        _run("initdb", "-D", data, "-U", "me", "-A", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        _run("pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        yield folder
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def url(server: Path, request: pytest.FixtureRequest) -> str:
    """An empty database."""
    name = request.node.name[:63]
    _run("createdb", "-h", server, "-U", "me", name)
    return f"postgresql+psycopg://me@/{name}?host={server}"


def test_several_processes_may_open_an_empty_state_at_once(url: str) -> None:
    code = "import sys; from rastup.state.database import open_state; open_state(sys.argv[1])"
    children = [
        subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert [(child.communicate()[1], child.returncode) for child in children] == [("", 0)] * 6


def test_the_migrations_make_exactly_the_declared_tables(url: str) -> None:
    engine = open_state(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_state_of_a_newer_program_is_refused_in_a_line(url: str) -> None:
    engine = open_state(url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UsageError, match=rf"has the schema 9999; .* {HEAD}"):
        open_state(url)
