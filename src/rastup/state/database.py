"""The state database: SQLite in one deployment's folder, or PostgreSQL, brought to the newest schema on opening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InterfaceError, OperationalError

from rastup.core.errors import StoreUnavailable

HEAD = "0003"
"""The newest migration; opening an older database runs the missing ones."""
BUSY_WAIT_S = 30.0
"""How long a statement waits for another process's write before it gives up."""
_SQLITE_LOCKED = {5: "SQLITE_BUSY", 6: "SQLITE_LOCKED"}
_SQLITE_AWAY = {
    3: "SQLITE_PERM",
    8: "SQLITE_READONLY",
    10: "SQLITE_IOERR",
    13: "SQLITE_FULL",
    14: "SQLITE_CANTOPEN",
}


def open_state(url: str) -> Engine:
    """Opens the state database, creating and migrating it when needed. Safe to call from several processes at once.

    Raises:
        StoreUnavailable: the database cannot be reached or written.
    """
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_WAIT_S} if is_sqlite else {})
    event.listen(engine, "handle_error", lambda context: _raise_unavailable(parsed, context))
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    if _version(engine) != HEAD:
        _migrate(engine)
    return engine


def _raise_unavailable(url: URL, context: ExceptionContext) -> None:
    """Says of a database that is locked or away what a user can do; a statement of ours that is wrong stays what it is."""
    if not isinstance(context.sqlalchemy_exception, OperationalError | InterfaceError):
        return
    error = context.original_exception
    advice = "Check that it exists and can be reached and written, then try again."
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        code &= 0xFF  # what is above tells variants apart
        if code in _SQLITE_LOCKED:
            advice = f"Another process has held it for {BUSY_WAIT_S:g} s; wait for that one to end, then try again."
        elif code not in _SQLITE_AWAY:
            return
    place = url.render_as_string(hide_password=True)
    raise StoreUnavailable(f"state database {place}: {error}. {advice}") from error


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # WAL lets readers go on while one process writes; FULL because keys and releases must survive a power cut.
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.execute(f"pragma busy_timeout={BUSY_WAIT_S * 1000:.0f}")
    cursor.execute("pragma foreign_keys=on")
    cursor.close()


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("select version_num from alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    # Alembic is imported here because every command opens the state and almost none migrates it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("begin immediate")
        if _version_of(connection) == HEAD:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version_of(connection: Any) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()  # type: ignore[no-any-return]
