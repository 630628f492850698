"""The state database: SQLite in one deployment's folder, or PostgreSQL, brought to the newest schema on opening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text

from rastup.core.errors import ConfigError, DamageFound, StoreUnavailable, UsageError
from rastup.core.paths import not_writable
from rastup.state.failures import BUSY_WAIT_S, damaged, explain, opening
from rastup.state.schema import metadata

HEAD = "0006"
"""The newest migration; opening an older database runs the missing ones."""
_ONE_AT_A_TIME = {"sqlite": "begin immediate", "postgresql": "select pg_advisory_xact_lock(7082751)"}
"""What a transaction begins with that migrates: a second one waits for its end. The number is that of this lock alone."""
_WHAT = "state database"
_AFTER_DAMAGE = (
    "Stop everything, put back a copy of it; without one, move it away: Bronze holds all events, `rastup keys create` "
    "makes new keys, and `rastup pipeline run --full-refresh` builds a release from Bronze."
)


def open_state(url: str) -> Engine:
    """Opens the state database, creating and migrating it when needed. Safe to call from several processes at once.

    Raises:
        ConfigError: the URL names a kind of database that cannot be used.
        UsageError: a newer program has made it.
        StoreUnavailable: the database cannot be reached or written.
        DamageFound: its file is damaged, or tables are missing.
    """
    engine = _engine(make_url(url))
    explain(engine, _WHAT, _AFTER_DAMAGE)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    with engine.connect() as connection:
        version = _version(connection)
        if version == HEAD and (missing := metadata.tables.keys() - _tables(connection)):
            raise _damaged(engine, f"no table {', '.join(sorted(missing))}")
    if version != HEAD:
        _migrate(engine)
    return engine


def verify_state(engine: Engine) -> None:
    """Reads all of a SQLite database, since whoever asks for a row meets only the damage on its way.

    Raises:
        DamageFound: says what SQLite found first.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        found = connection.exec_driver_sql("pragma quick_check(1)").scalar()
    if found != "ok":
        raise _damaged(engine, found)


def _engine(url: URL) -> Engine:
    kind = url.get_backend_name()
    if kind not in _ONE_AT_A_TIME:
        raise ConfigError(f"state.url cannot be used: {kind!r}. Allowed are sqlite and postgresql.")
    is_sqlite = kind == "sqlite"
    if is_sqlite and url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(not_writable(Path(url.database).parent, error)) from error
    with opening("state.url"):
        return create_engine(url, connect_args={"timeout": BUSY_WAIT_S} if is_sqlite else {})


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # WAL lets readers go on while one process writes; FULL because keys and releases must survive a power cut.
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.execute(f"pragma busy_timeout={BUSY_WAIT_S * 1000:.0f}")
    cursor.execute("pragma foreign_keys=on")
    cursor.close()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _damaged(engine: Engine, found: object) -> DamageFound:
    return damaged(engine.url, _WHAT, found, _AFTER_DAMAGE)


def _migrate(engine: Engine) -> None:
    # Alembic is imported here because every command opens the state and almost none migrates it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        connection.exec_driver_sql(_ONE_AT_A_TIME[engine.dialect.name])
        version = _version(connection)
        if version == HEAD:
            return
        if version is None and metadata.tables.keys() & _tables(connection):
            raise _damaged(engine, "it has tables, and no alembic_version says of which schema")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            place = engine.url.render_as_string(hide_password=True)
            raise UsageError(
                f"{_WHAT} {place} has the schema {version}; this program knows those up to {HEAD}. "
                "Use the newer rastup that made it, or a copy of the database from before."
            ) from error
