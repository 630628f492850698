"""One build: where its models' rows go, and what changed on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.lake import parquet
from rastup.lake.batches import Batch
from rastup.lake.damage import refuse_damage
from rastup.lake.deduplication import Deduplication
from rastup.lake.difference import differing_days, differs
from rastup.lake.engine import ENGINE_FAULTS, one_line, quoted_list
from rastup.lake.scope import Scope
from rastup.lake.session import Session
from rastup.lake.spec import ModelSpec
from rastup.lake.storage import open_store
from rastup.lake.tables import LakeTable, Tables
from rastup.lake.touched import Touched

Progress = Callable[[str], None]


class ColumnsChanged(UsageError):
    """The query of a model gives other columns than its table has, although the model is the one that built it."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{table}: its columns changed; run `rastup pipeline run --full-refresh`.")
        self.table = table


@dataclass
class Build:
    """The state of one run: connection, tables, scope, the batches of Bronze files, and the tables that changed.

    `tag` is the name under which Iceberg keeps the snapshots that the run makes.
    """

    settings: Settings
    session: Session
    tables: Tables
    scope: Scope
    specs: Mapping[str, ModelSpec]
    batches: Sequence[Batch] = ()
    range_days: frozenset[date] = frozenset()
    tag: str | None = None
    on_progress: Progress = print
    changed: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    newest: datetime | None = None

    @cached_property
    def touched(self) -> Touched:
        """The groups that the run touches."""
        grouped = [spec for spec in self.specs.values() if spec.links or spec.touched_by]
        is_all = any(self._is_anew(spec, self.tables[spec.table]) for spec in grouped)
        return Touched(self.connection, is_all=is_all)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The engine's connection."""
        return self.session.connection

    def materialize(self, table_name: str) -> None:
        """Writes what the model's query gives and lets `<schema>.<table>` show the new snapshot.

        Raises:
            duckdb.Error: the query fails.
            UsageError: it gives what a table cannot hold.
            ColumnsChanged: it gives other columns than before.
        """
        spec = self.specs[table_name]
        table = self.tables[table_name]
        if self._stays(spec, table):
            self._let_others_read(spec)
            return
        columns = self._columns(spec)
        if not table.exists:
            table.create(columns, spec.partition_by)
        elif table.columns_differ(columns) and not self._is_anew(spec, table):
            # What a run touches is not enough to fill a table that has to be written again.
            raise ColumnsChanged(spec.table)
        if spec.is_unique:
            self._events(spec, table, columns)
        elif spec.write == "event":
            self._event_rows(spec, table, columns)
        else:
            self._whole(spec, table, columns)
        self.show(table)
        self._let_others_read(spec)

    def show(self, table: LakeTable) -> None:
        """Makes the table's name show its current snapshot."""
        if table.snapshot is None:
            self.session.show_empty(table.name, table.columns)
        else:
            self.session.show(table.name, table.table.metadata_location)

    def _whole(self, spec: ModelSpec, table: LakeTable, columns: pa.Schema) -> None:
        if self._is_anew(spec, table):
            files = self._write(spec, table, self._select(spec))
            self._commit(spec, table, columns, files, whole=True)
        elif spec.touched_by and not self.touched.is_all:
            fresh = self.touched.keep(spec, staged_view(spec.table))
            among = self.touched.among(spec)
            held = f"(select * from {spec.table} where {among})"
            rest = f"select * from {spec.table} where not {among}"
            self._differences(
                spec, table, columns, fresh, held, f"{rest} union all by name select * from {fresh}"
            )
        else:
            self.connection.execute(f"create table staged.fresh as select * from {staged_view(spec.table)}")
            try:
                self._differences(
                    spec, table, columns, "staged.fresh", spec.table, "select * from staged.fresh"
                )
            finally:
                self.connection.execute("drop table staged.fresh")

    def _differences(
        self, spec: ModelSpec, table: LakeTable, columns: pa.Schema, fresh: str, held: str, all_rows: str
    ) -> None:
        """Writes only what is not there already: a table that stays the same spares those that are built from it.

        Args:
            spec: the model.
            table: its table.
            columns: of both.
            fresh: the relation with what was computed now.
            held: the relation with what stands in the table for it.
            all_rows: the query for all that the table must hold.
        """
        days: set[date] | None = None
        if spec.partition_by == ("dt",):
            days = differing_days(self.connection, fresh, held, columns.names)
        if days is None and differs(self.connection, fresh, held, columns.names):
            files = self._write(spec, table, f"select * from ({all_rows})" + _order(spec))
            self._commit(spec, table, columns, files, whole=True)
        elif days:
            query = f"select * from ({all_rows}) where list_contains({quoted_list(sorted(map(str, days)))}::date[], dt)"
            files = self._write(spec, table, query + _order(spec))
            self._commit(spec, table, columns, files, replace_days=days)

    def _event_rows(self, spec: ModelSpec, table: LakeTable, columns: pa.Schema) -> None:
        files = self._write(spec, table, self._select(spec))
        whole = self._is_anew(spec, table)
        if files or whole or self.scope.replaced:
            self._commit(spec, table, columns, files, whole=whole, replace_days=self.scope.replaced)

    def _events(self, spec: ModelSpec, table: LakeTable, columns: pa.Schema) -> None:
        whole = self._is_anew(spec, table)
        if whole:
            self._commit(spec, table, columns, [], whole=True)
        pending = set(self.range_days)
        if not self.batches and pending:
            self._commit(spec, table, columns, [], replace_days=pending)
            self.scope.replaced |= pending
            self.scope.days |= pending
        for number, batch in enumerate(self.batches, 1):
            self.show(table)
            if len(self.batches) > 1:
                self.on_progress(
                    f"silver.events: batch {number} of {len(self.batches)}, {batch.records:,} records"
                )
            batch.show(self.connection, self.settings)
            deduplication = Deduplication(self.connection, staged_view(spec.table), spec.table, pending)
            try:
                found = deduplication.run()
            except duckdb.IOException:
                # Of a file that is gone or has no gzip header; other damage reads as fewer records.
                self._refuse_damage(batch)
                raise
            if found.read < batch.records:
                self._refuse_damage(batch)
                self.unreadable += batch.records - found.read
            self.newest = max(filter(None, (self.newest, found.newest)), default=None)
            replaced = found.replaced | pending
            pending = set()
            query = found.query + _order(spec)
            files = self._write(spec, table, query)
            deduplication.end()
            self.scope.days |= {file.day for file in files if file.day} | replaced
            self.scope.replaced |= replaced
            if files or replaced:
                self._commit(spec, table, columns, files, replace_days=replaced)
        self.scope.show(self.connection)

    def _refuse_damage(self, batch: Batch) -> None:
        refuse_damage(batch.files, open_store(self.settings.bronze_url, self.settings.bronze))

    def _stays(self, spec: ModelSpec, table: LakeTable) -> bool:
        """Whether nothing that the model reads has changed."""
        if spec.is_unique or self._is_anew(spec, table):
            return False
        return not (self.scope.days if spec.write == "event" else spec.inputs & self.changed.keys())

    def look_at_everything(self) -> None:
        """Lets checks look at all days of every table, not only at those that the run touched."""
        self.scope.anew |= self.specs.keys()
        self.scope.show(self.connection)

    def _let_others_read(self, spec: ModelSpec) -> None:
        """What is computed group by group reads a table's rows of the touched groups; see `touched`."""
        if spec.links:
            self.touched.is_all |= bool(self.scope.replaced)
            if self.touched.is_all and spec.table in self.changed:
                self.session.hold(spec.table)
            if self.touched.is_all or self.scope.days:
                self.touched.find(spec, staged_view(spec.table))
        elif spec.touched_by and self.touched.is_found and not self.touched.has(spec):
            self.touched.stay(spec)

    def _is_anew(self, spec: ModelSpec, table: LakeTable) -> bool:
        return spec.table in self.scope.anew or table.snapshot is None

    def _select(self, spec: ModelSpec) -> str:
        return f"select * from {staged_view(spec.table)}" + _order(spec)

    def _write(self, spec: ModelSpec, table: LakeTable, query: str) -> list[parquet.Written]:
        return parquet.write(self.connection, query, table.location, self.scope.run_id, spec.partition_by)

    def _commit(
        self,
        spec: ModelSpec,
        table: LakeTable,
        columns: pa.Schema,
        files: Sequence[parquet.Written],
        *,
        whole: bool = False,
        replace_days: Collection[date] = (),
    ) -> None:
        changes = columns if whole and table.columns_differ(columns) else None
        table.commit(
            [file.url for file in files],
            whole=whole,
            replace_days=replace_days,
            columns=changes,
            partition_by=spec.partition_by if whole and table.partition_by != spec.partition_by else None,
            fingerprint=spec.fingerprint,
            tag=self.tag,
        )
        rows = sum(file.rows for file in files)
        self.changed[spec.table] = self.changed.get(spec.table, 0) + rows

    def _columns(self, spec: ModelSpec) -> pa.Schema:
        try:
            columns = self.session.define(staged_view(spec.table), spec.query)
        except ENGINE_FAULTS:
            raise
        except duckdb.Error as error:
            raise UsageError(f"{spec.table}: {one_line(error)}") from error
        for column in columns:
            if not _is_allowed(column.type):
                raise UsageError(
                    f"{spec.table}.{column.name} has a type that Iceberg does not know ({column.type}); "
                    "cast it, for example a sum of integers to bigint."
                )
        return columns


def _is_allowed(kind: Any) -> bool:
    if pa.types.is_map(kind):
        return _is_allowed(kind.key_type) and _is_allowed(kind.item_type)
    if pa.types.is_list(kind):
        return _is_allowed(kind.value_type)
    if pa.types.is_struct(kind):
        return all(_is_allowed(f.type) for f in kind)
    if pa.types.is_decimal(kind):
        return bool(kind.scale > 0 or kind.precision < 38)  # a hugeint arrives as decimal(38, 0)
    refused = pa.types.is_unsigned_integer(kind) or pa.types.is_dictionary(kind) or pa.types.is_null(kind)
    return not (refused or pa.types.is_duration(kind) or pa.types.is_interval(kind))


def staged_view(table: str) -> str:
    """The view that shows a model's rows before they are written."""
    return f"staged.{table.replace('.', '__')}"


def _order(spec: ModelSpec) -> str:
    return f" order by {', '.join(spec.sort_by)}" if spec.sort_by else ""
