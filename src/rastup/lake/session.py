"""The engine's connection of a process that builds, and what its names show: kept open from one build to the next."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from rastup.core.config import Settings
from rastup.lake.engine import bound_spill, connect, engine_path, quoted

NO_LINES = "select null::varchar as line where false"
"""What `bronze.batch` shows while there is nothing to take."""


class Session:
    """One database in memory, opened when it is first used.

    Args:
        settings: of the deployment.
        memory_mb: memory limit, by default `lake.engine_memory_mb`.
    """

    def __init__(self, settings: Settings, memory_mb: int | None = None) -> None:
        self._settings = settings
        self._memory_mb = memory_mb
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._shown: dict[str, tuple[str, bool]] = {}
        self._held: set[str] = set()
        self._defined: dict[str, tuple[str, pa.Schema]] = {}

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection."""
        if self._connection is None:
            self._connection = connect(self._settings, memory_mb=self._memory_mb)
            # In order, each of thousands of small files would hold row groups of its own in memory.
            self._connection.execute("set global preserve_insertion_order = false")
            self._connection.execute(f"create or replace view bronze.batch as {NO_LINES}")
        return self._connection

    def close(self) -> None:
        """Closes the database; the next use opens a new one."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._held.clear()
        self._shown = {}
        self._defined.clear()

    def begin(self) -> None:
        """For the begin of a run: what it may put on the disk follows from what is free now."""
        bound_spill(self.connection, self._settings)

    def show(self, name: str, metadata_location: str, *, in_memory: bool = False) -> None:
        """Makes a name show the snapshot that is current in that metadata file.

        Args:
            name: `<schema>.<table>`.
            metadata_location: of the table.
            in_memory: read once, here, for whoever reads it again and again.
        """
        place = metadata_location, in_memory
        if self._shown.get(name) == place:
            return
        source = f"iceberg_scan({quoted(engine_path(metadata_location))})"
        kept = f"staged.kept__{name.replace('.', '__')}"
        if in_memory:
            self.connection.execute(f"create or replace table {kept} as select * from {source}")
            source = kept
        self.connection.execute(f"create or replace view {name} as select * from {source}")
        if not in_memory:
            self.connection.execute(f"drop table if exists {kept}")
        self._shown[name] = place

    def define(self, name: str, query: str) -> pa.Schema:
        """Makes a name stand for a query, and says its columns.

        The same again costs nothing, where planning it would read the metadata of every table in it. For as long as these
        have the columns that they had: see `forget`.

        Raises:
            duckdb.Error: the query fails.
        """
        known = self._defined.get(name)
        if known is None or known[0] != query:
            self.connection.execute(f"create or replace view {name} as {query}")
            columns = self.connection.execute(f"select * from {name} limit 0").to_arrow_table().schema
            known = self._defined[name] = query, columns
        return known[1]

    def forget(self) -> None:
        """Lets every name be defined anew, because the tables have other columns than before."""
        self._defined.clear()

    def hold(self, name: str) -> None:
        """Reads what a name shows into memory, from where it is shown until `let_go`."""
        held = f"staged.held__{name.replace('.', '__')}"
        self.connection.execute(f"create or replace table {held} as select * from {name}")
        self.connection.execute(f"create or replace view {name} as select * from {held}")
        self._shown.pop(name, None)
        self._held.add(held)

    def let_go(self) -> None:
        """Frees what a run has kept. The names that showed what was held must be shown again before they are used."""
        # The batch's files may be gone by the next run, which could not even be planned then.
        self.connection.execute(f"create or replace view bronze.batch as {NO_LINES}")
        while self._held:
            self.connection.execute(f"drop table if exists {self._held.pop()}")
        self.connection.execute("drop schema if exists touched cascade")
        self.connection.execute("create schema touched")

    def show_empty(self, name: str, columns: pa.Schema) -> None:
        """Makes a name show those columns without rows: the engine cannot scan a table that has no snapshot."""
        stand_in = f"staged.empty__{name.replace('.', '__')}"
        rows = columns.empty_table()
        self.connection.register("no_rows", rows)
        self.connection.execute(f"create or replace table {stand_in} as select * from no_rows")
        self.connection.unregister("no_rows")
        self.connection.execute(f"create or replace view {name} as select * from {stand_in}")
        self._shown.pop(name, None)
