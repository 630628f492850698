"""What goes wrong with a database, said so that a user knows what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DatabaseError, InterfaceError, NoSuchModuleError, OperationalError

from rastup.core.errors import ConfigError, DamageFound, StoreUnavailable

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
_SQLITE_DAMAGED = {11: "SQLITE_CORRUPT", 26: "SQLITE_NOTADB"}


@contextmanager
def opening(setting: str) -> Iterator[None]:
    """Says of the URL in a setting that its kind of database cannot be used.

    Raises:
        ConfigError: names the setting.
    """
    try:
        yield
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"{setting} cannot be used: {error}. Allowed are sqlite and, with its driver installed, postgresql."
        ) from error


def explain(engine: Engine, what: str, after_damage: str) -> None:
    """Makes errors of our own of a database that is locked, away or damaged; a wrong statement stays what it is.

    Args:
        engine: of the database.
        what: it is, for example `state database`.
        after_damage: what to do when its file is damaged.
    """
    url = engine.url  # a listener that knew the engine would keep it open
    event.listen(engine, "handle_error", lambda context: _explain(url, what, after_damage, context))


def damaged(url: URL, what: str, found: object, after_damage: str) -> DamageFound:
    """The error of a database that is damaged: which one it is, what was found, what to do."""
    seen = " ".join(str(found).split())
    return DamageFound(
        f"{what} {url.render_as_string(hide_password=True)} is damaged: {seen}. {after_damage}"
    )


def _explain(url: URL, what: str, after_damage: str, context: ExceptionContext) -> None:
    if not isinstance(context.sqlalchemy_exception, DatabaseError | InterfaceError):
        return
    error = context.original_exception
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        code &= 0xFF  # what is above tells variants apart
    if code in _SQLITE_DAMAGED:
        raise damaged(url, what, error, after_damage) from error
    if code in _SQLITE_LOCKED:
        advice = (
            f"Another process has held it for {BUSY_WAIT_S:g} s; wait for that one to end, then try again."
        )
    elif code in _SQLITE_AWAY or (code is None and _is_away(context)):
        advice = "Check that it exists and can be reached and written, then try again"
        advice += (
            "; or set RASTUP_HOME or --home to a folder that can be written." if code is not None else "."
        )
    else:
        return
    place = url.render_as_string(hide_password=True)
    raise StoreUnavailable(f"{what} {place}: {error}. {advice}") from error


def _is_away(context: ExceptionContext) -> bool:
    return isinstance(context.sqlalchemy_exception, OperationalError | InterfaceError)
