"""Reading the lake: a reader sees one release of the tables and one of the operations views, for as long as it is used.

One engine a pool. Each release is a database in memory with views on its snapshots; a reader is a cursor that looks
into the databases of the two releases it is pinned to.
"""

from __future__ import annotations

import re
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Engine, select

from rastup.core.config import Settings
from rastup.core.errors import NoRelease, UsageError
from rastup.lake import releases
from rastup.lake.batches import lines_of
from rastup.lake.engine import ENGINE_FAULTS, connect, engine_path, local_path, one_line, quoted, unavailable
from rastup.lake.ownership import require_own
from rastup.lake.releases import NRT, Release
from rastup.lake.statements import reading
from rastup.state.database import open_state
from rastup.state.schema import bronze_files

KEPT_DATABASES = 8
"""As many stay attached when nobody reads them; those that are read always do."""
INTERRUPT_EVERY_S = 0.05
"""Once is not enough: the engine forgets an interrupt that came just before the statement began."""
_HUGEINT = pa.decimal128(38, 0)
_NO_PARQUET = "No magic bytes found at end of file"
"""What the engine says of a Parquet file that was cut, with the same error as of a wrong argument."""
_NAMES_BRONZE = re.compile(r"\bbronze\b", re.IGNORECASE)
_BRONZE_RECORD = (
    '{"event":"VARCHAR","v":"INTEGER","event_id":"VARCHAR","occurred_at":"TIMESTAMPTZ","received_at":"TIMESTAMPTZ",'
    '"user_id":"VARCHAR","anon_id":"VARCHAR","session_id":"VARCHAR","city":"VARCHAR","device":"JSON","context":"JSON",'
    '"ids":"MAP(VARCHAR,VARCHAR)","money":{"amount_cents":"BIGINT","currency":"VARCHAR"},"geo":"JSON","page":"JSON",'
    '"campaign":"JSON","payload":"JSON"}'
)


class Limit:
    """The time for a question and all that it needs, counted from now; None is without end."""

    def __init__(self, limit_s: float | None) -> None:
        self.limit_s = limit_s
        self._end = None if limit_s is None else time.monotonic() + limit_s

    @property
    def left_s(self) -> float | None:
        """What is left of it."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())


class Reader:
    """One consistent view: `release` of Silver and Gold, `nrt` of the operations views (None before the first)."""

    def __init__(self, pool: ReaderPool, release: Release, nrt: Release | None, path: str) -> None:
        self.release = release
        self.nrt = nrt
        self._pool = pool
        self._path = path
        self._locked: duckdb.DuckDBPyConnection | None = None

    def query(self, sql: str, params: Sequence[Any] = (), *, limit_s: float | None = None) -> pa.Table:
        """The rows of one reading statement; `?` in it stand for `params`.

        Raises:
            UsageError: the statement is wrong, or does something else than read.
            StoreUnavailable: the files cannot be read.
            TimeoutError: it took longer than `limit_s` and was stopped.
        """
        limit = Limit(limit_s)
        try:
            with self._pool.faults(), self._session() as session:
                statement = reading(session, sql)
                if _NAMES_BRONZE.search(sql):
                    self._pool.show_bronze(self.release, limit)
                with _stopped_after(limit, session):
                    rows = session.execute(statement, list(params)).to_arrow_table()
        except duckdb.Error as error:
            raise UsageError(one_line(error)) from error
        return _with_integers(_distinctly_named(rows))

    def lock(self) -> None:
        """From here on the engine reads this lake and nothing else: for statements that a person has typed."""
        with self._pool.faults():
            self._locked = self._pool.lock(self._path)

    @contextmanager
    def _session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._locked is not None:
            yield self._locked
            return
        with self._pool.cursor() as session:
            session.execute(f"set search_path = {quoted(self._path)}")
            yield session


@dataclass
class _Database:
    """The views of one release, and who looks at them: a reader that is gone leaves by itself."""

    name: str
    has_bronze: bool = False
    readers: weakref.WeakSet[Reader] = field(default_factory=weakref.WeakSet)


class ReaderPool:
    """Readers of one deployment; may be used by any thread.

    Args:
        settings: of the deployment.
        engine: its state database when the caller has it open.
        memory_mb: the engine's memory limit.

    Attributes:
        is_broken: after a fault of its own the engine answers nothing more; another pool does.
    """

    def __init__(self, settings: Settings, engine: Engine | None = None, memory_mb: int = 1_000) -> None:
        self._settings = settings
        self._engine = engine or open_state(settings.state_url)
        self._connection = connect(settings, memory_mb=memory_mb)
        self._databases: OrderedDict[str, _Database] = OrderedDict()
        self._lock = threading.Lock()
        self._unfinished: str | None = None
        self.is_broken = False

    def pin(
        self, release_id: str | None = None, *, with_nrt: bool = True, limit_s: float | None = None
    ) -> Reader:
        """A reader of that release, or of the current one; `with_nrt`: and of the newest operations views.

        Raises:
            NoRelease: nothing has been published.
            UsageError: there is no such release, its files are removed, or the home is a copy of another.
            StoreUnavailable: its files cannot be read, or the engine failed.
            TimeoutError: it took longer than `limit_s` and was stopped.
        """
        limit = Limit(limit_s)
        release = releases.require(self._engine, release_id)
        nrt = releases.current(self._engine, NRT) if with_nrt else None
        require_own(self._settings, (table.metadata_location for table in release.tables))
        with self._alone(limit):
            databases = [self._database_of(one) for one in (release, nrt) if one is not None]
            main, of_nrt = databases[0].name, [f"{database.name}.nrt" for database in databases[1:]]
            path = [f"{main}.silver", f"{main}.gold", f"{main}.bronze", *of_nrt, f"{main}.main"]
            reader = Reader(self, release, nrt, ",".join(path))
            for database in databases:
                database.readers.add(reader)
            self._drop_unread()
        return reader

    def lock(self, path: str) -> duckdb.DuckDBPyConnection:
        """Bars the engine from every other place, for good; readers cannot be pinned any more.

        Returns:
            The session that looks into `path`: no other can be made to.
        """
        places = [local_path(url) for url in (self._settings.warehouse_url, self._settings.bronze_url)]
        urls = (self._settings.warehouse_url, self._settings.bronze_url)
        allowed = [str(place) if place else url for place, url in zip(places, urls, strict=True)]
        listed = ", ".join(quoted(place.rstrip("/") + "/") for place in allowed)
        self._connection.execute(f"set search_path = {quoted(path)}")
        self._connection.execute(f"set allowed_directories = [{listed}]")
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        return self._connection

    def interrupt(self) -> None:
        """Stops what is being pinned, or asked by a locked reader; to be repeated until that has ended."""
        self._connection.interrupt()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new session of the engine."""
        return self._connection.cursor()

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Within it what is no fault of the statement is StoreUnavailable, and a fault of the engine is noted."""
        try:
            yield
        except (duckdb.IOException, duckdb.HTTPException) as error:
            raise unavailable("the lake's files cannot be read", error) from error
        except duckdb.InvalidInputException as error:
            if _NO_PARQUET not in str(error):
                raise
            raise unavailable("the lake's files cannot be read", error) from error
        except ENGINE_FAULTS as error:
            self.is_broken = True
            raise unavailable("the engine failed", error) from error

    def show_bronze(self, release: Release, limit: Limit) -> None:
        """Lets the release's `bronze.events` show the landed records that it holds.

        Raises:
            StoreUnavailable: the engine failed.
            TimeoutError: it took longer than the limit and was stopped.
        """
        with self._alone(limit):
            database = self._databases[release.release_id]
            if not database.has_bronze:
                self._connection.execute(_bronze_view(self._settings, self._engine, database.name, release))
                database.has_bronze = True

    def close(self) -> None:
        """Frees the engine."""
        self._connection.close()

    @contextmanager
    def _alone(self, limit: Limit) -> Iterator[None]:
        """One thread at a time changes what is attached; neither the wait nor the change takes longer than the limit."""
        if not self._lock.acquire(timeout=-1 if limit.left_s is None else limit.left_s):
            raise TimeoutError(f"the lake was being opened for {limit.limit_s:g} s")
        try:
            with self.faults(), _stopped_after(limit, self._connection):
                yield
        finally:
            self._detach_unfinished()
            self._lock.release()

    def _database_of(self, release: Release) -> _Database:
        """The database with views on the release's snapshots; made when it is first asked for."""
        database = self._databases.get(release.release_id)
        if database is None:
            database = _Database(release.release_id.lower())
            self._unfinished = database.name
            self._attach(database.name, release)
            self._unfinished = None
            self._databases[release.release_id] = database
        self._databases.move_to_end(release.release_id)
        return database

    def _attach(self, name: str, release: Release) -> None:
        self._connection.execute(f"attach if not exists ':memory:' as {name}")
        for schema in ("silver", "gold", "nrt", "bronze"):
            self._connection.execute(f"create schema if not exists {name}.{schema}")
        for table in release.tables:
            if table.snapshot_id is None:
                continue
            source = f"iceberg_scan({quoted(engine_path(table.metadata_location))})"
            try:
                self._connection.execute(
                    f"create or replace view {name}.{table.name} as select * from {source}"
                )
            except (duckdb.InterruptException, *ENGINE_FAULTS):
                raise
            except duckdb.Error as error:
                raise unavailable(f"{table.name} of {release.release_id} cannot be read", error) from error

    def _detach_unfinished(self) -> None:
        """Leaves nothing of a database whose attaching or detaching failed or was stopped."""
        if self._unfinished is not None:
            with suppress(duckdb.Error):
                self._connection.execute(f"detach database if exists {self._unfinished}")
            self._unfinished = None

    def _drop_unread(self) -> None:
        unread = [release_id for release_id, database in self._databases.items() if not database.readers]
        for release_id in unread[: max(0, len(self._databases) - KEPT_DATABASES)]:
            self._unfinished = self._databases.pop(release_id).name
            self._connection.execute(f"detach {self._unfinished}")
            self._unfinished = None


@contextmanager
def _stopped_after(limit: Limit, session: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Stops what the session does within, and raises TimeoutError, when the limit is over."""
    if limit.left_s is None:
        yield
        return
    is_over = threading.Event()

    def watch() -> None:
        wait_s = limit.left_s
        while not is_over.wait(wait_s):
            session.interrupt()
            wait_s = INTERRUPT_EVERY_S

    watcher = threading.Thread(target=watch, name="query limit", daemon=True)
    watcher.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise TimeoutError(f"stopped after {limit.limit_s:g} s") from error
    finally:
        is_over.set()
        watcher.join()


def _distinctly_named(rows: pa.Table) -> pa.Table:
    """The rows with `a`, `a` as `a`, `a_1`: what comes after takes columns by their names."""
    names: list[str] = []
    for name in rows.column_names:
        count, fresh = 0, name
        while fresh in names:
            count += 1
            fresh = f"{name}_{count}"
        names.append(fresh)
    return rows.rename_columns(names)


def _with_integers(rows: pa.Table) -> pa.Table:
    """The rows with sums of integers as integers: the engine makes hugeints of them, and Arrow `_HUGEINT` of these.

    A column with one that is larger than any integer of 64 bits stays what it is.
    """
    for place, column in enumerate(rows.schema):
        if column.type == _HUGEINT:
            with suppress(pa.ArrowInvalid):
                rows = rows.set_column(place, column.name, rows.column(place).cast(pa.int64()))
    return rows


def _bronze_view(settings: Settings, engine: Engine, name: str, release: Release) -> str:
    """`bronze.events` over the files that this release or one before it was the first to hold."""
    root = engine_path(settings.bronze_url)
    query = select(bronze_files.c.path).where(
        bronze_files.c.kind == "events", bronze_files.c.release_id <= release.release_id
    )
    with engine.connect() as connection:
        held: Sequence[str] = connection.execute(query.order_by(bronze_files.c.path)).scalars().all()
    if not held:
        raise NoRelease(f"{release.release_id} holds no Bronze files.")
    lines = lines_of([f"{root}/{path}" for path in held], with_name=True)
    parts = ", ".join(
        f"regexp_extract(filename, '{key}=([^/]+)', 1){cast} as {as_}"
        for key, cast, as_ in (
            ("dt", "::date", "dt"),
            ("hour", "::int", "hour"),
            ("env", "", "env"),
            ("event", "", "event_name"),
        )
    )
    return (
        f"create or replace view {name}.bronze.events as select r.*, line as _raw, {parts} "
        f"from (select json_transform(line, '{_BRONZE_RECORD}') as r, line, filename from {lines})"
    )
