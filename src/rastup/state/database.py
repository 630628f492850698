"""The state database: SQLite in one deployment's folder, or PostgreSQL, brought to the newest schema on opening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from rastup.core.errors import StoreUnavailable

HEAD = "0002"
"""The newest migration; opening an older database runs the missing ones."""


def open_state(url: str) -> Engine:
    """Opens the state database, creating and migrating it when needed. Safe to call from several processes at once.

    Raises:
        StoreUnavailable: the database cannot be reached or written.
    """
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30} if is_sqlite else {})
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
    try:
        if _version(engine) != HEAD:
            _migrate(engine)
    except OperationalError as error:
        place = parsed.render_as_string(hide_password=True)
        raise StoreUnavailable(
            f"state database {place}: {error.orig}. Check that it exists and can be written."
        ) from error
    return engine


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # WAL lets readers go on while one process writes; FULL because keys and releases must survive a power cut.
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.execute("pragma busy_timeout=30000")
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
