"""The engine's connection of a process that builds, and what its names show: kept open from one build to the next."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from rastup.core.config import Settings
from rastup.lake.engine import engine_path, prepare, quoted

NO_LINES = "select null::varchar as line where false"
"""What `bronze.batch` shows while there is nothing to take."""


class Session:
    """One database in memory. dbt opens it and hands it over (`adopt`), or its user does (`open`).

    Args:
        settings: of the deployment.
        memory_mb: memory limit, by default `lake.engine_memory_mb`.
    """

    def __init__(self, settings: Settings, memory_mb: int | None = None) -> None:
        self._settings = settings
        self._memory_mb = memory_mb
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._shown: dict[str, str] = {}
        self._held: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection yet."""
        return self._connection is not None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection."""
        if self._connection is None:
            raise RuntimeError("the engine is not open; dbt opens it")
        return self._connection

    def adopt(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes a fresh connection the lake's."""
        prepare(connection, self._settings, memory_mb=self._memory_mb)
        # In order, each of thousands of small files would hold row groups of its own in memory.
        connection.execute("set global preserve_insertion_order = false")
        connection.execute(f"create or replace view bronze.batch as {NO_LINES}")
        self._connection = connection
        self._shown = {}

    def open(self) -> None:
        """Opens a database of its own."""
        self.adopt(duckdb.connect())

    def close(self) -> None:
        """Closes the database that `open` opened."""
        if self._connection is not None:
            self._connection.close()
            self.forget()

    def forget(self) -> None:
        """Called when dbt has closed the connection."""
        self._connection = None
        self._held.clear()
        self._shown = {}

    def show(self, name: str, metadata_location: str) -> None:
        """Makes a name show the snapshot that is current in that metadata file."""
        if self._shown.get(name) != metadata_location:
            source = f"iceberg_scan({quoted(engine_path(metadata_location))})"
            self.connection.execute(f"create or replace view {name} as select * from {source}")
            self._shown[name] = metadata_location

    def hold(self, name: str) -> None:
        """Reads what a name shows into memory, from where it is shown until `let_go`."""
        held = f"staged.held__{name.replace('.', '__')}"
        self.connection.execute(f"create or replace table {held} as select * from {name}")
        self.connection.execute(f"create or replace view {name} as select * from {held}")
        self._shown.pop(name, None)
        self._held.add(held)

    def let_go(self) -> None:
        """Frees what is held. The names that showed it must be shown again before they are used."""
        while self._held:
            self.connection.execute(f"drop table if exists {self._held.pop()}")

    def show_empty(self, name: str, columns: pa.Schema) -> None:
        """Makes a name show those columns without rows: the engine cannot scan a table that has no snapshot."""
        stand_in = f"staged.empty__{name.replace('.', '__')}"
        rows = columns.empty_table()
        self.connection.register("no_rows", rows)
        self.connection.execute(f"create or replace table {stand_in} as select * from no_rows")
        self.connection.unregister("no_rows")
        self.connection.execute(f"create or replace view {name} as select * from {stand_in}")
        self._shown.pop(name, None)
