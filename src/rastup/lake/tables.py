"""The tables of the lake: creating, committing files, going back, tagging.

All writing goes through `LakeTable`; one process at a time may write (the lease).
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Sequence
from datetime import date

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError, ValidationError
from pyiceberg.expressions import AlwaysTrue, In, Reference
from pyiceberg.io.pyarrow import schema_to_pyarrow
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.table.update.snapshot import ManageSnapshots
from pyiceberg.transforms import IdentityTransform
from pyiceberg.typedef import Identifier

from rastup.core.errors import DamageFound
from rastup.lake.catalog import AFTER_DAMAGE
from rastup.lake.commits import (
    NAME_MAPPING,
    CachedTransaction,
    change_columns,
    change_partitions,
    name_mapping,
    plain_type,
    replace_files,
)

FINGERPRINT = "rastup.fingerprint"
_TABLE_PROPERTIES = {
    "write.metadata.previous-versions-max": "5",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    "write.parquet.compression-codec": "zstd",
}


class LakeTable:
    """One Iceberg table, named as `schema.table`. It may not exist yet.

    Raises:
        DamageFound: its metadata are gone or no metadata.
    """

    def __init__(self, catalog: SqlCatalog, name: str) -> None:
        self.name = name
        self._catalog = catalog
        self._identifier: Identifier = tuple(name.split("."))
        self.location = f"{catalog.properties['warehouse']}/{name.replace('.', '/')}"
        self._table: Table | None = None
        try:
            self._table = catalog.load_table(self._identifier)
        except NoSuchTableError:
            pass
        except (FileNotFoundError, ValidationError) as error:
            why = str(error).partition("\n")[0]
            raise DamageFound(
                f"The metadata of the table {name} are damaged: {why}. {AFTER_DAMAGE}"
            ) from error

    @property
    def exists(self) -> bool:
        """Whether the catalog knows the table."""
        return self._table is not None

    @property
    def table(self) -> Table:
        """The Iceberg table itself."""
        if self._table is None:
            raise NoSuchTableError(self.name)
        return self._table

    @property
    def snapshot(self) -> Snapshot | None:
        """The current snapshot."""
        return self._table.current_snapshot() if self._table else None

    @property
    def rows(self) -> int:
        """Rows of the current snapshot."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.summary is None:
            return 0
        return int(snapshot.summary["total-records"] or 0)

    @property
    def columns(self) -> pa.Schema:
        """Names and types of its columns."""
        return schema_to_pyarrow(self.table.schema(), include_field_ids=False)

    @property
    def fingerprint(self) -> str | None:
        """What the current snapshot was built by; None when the table must be built anew."""
        snapshot = self.snapshot
        return None if snapshot is None or snapshot.summary is None else snapshot.summary[FINGERPRINT]

    def create(self, columns: pa.Schema, partition_by: Sequence[str]) -> None:
        """Creates the table, partitioned by the values of those columns."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = self._catalog.create_table(
                self._identifier, columns, location=self.location, properties=_TABLE_PROPERTIES
            )
            if partition_by:
                with table.update_spec() as spec:
                    for column in partition_by:
                        spec.add_field(column, IdentityTransform(), column)
            with table.transaction() as transaction:
                transaction.set_properties({NAME_MAPPING: name_mapping(table.schema())})
        self._table = table

    def columns_differ(self, columns: pa.Schema) -> bool:
        """Whether the table's columns are not exactly those, by name, type and order."""
        ours = [(f.name, str(plain_type(f.type))) for f in self.columns]
        return ours != [(f.name, str(plain_type(f.type))) for f in columns]

    @property
    def partition_by(self) -> tuple[str, ...]:
        """The columns by whose values it is partitioned."""
        return tuple(field.name for field in self.table.spec().fields)

    def commit(
        self,
        files: Sequence[str],
        *,
        whole: bool = False,
        replace_days: Collection[date] = (),
        columns: pa.Schema | None = None,
        partition_by: Sequence[str] | None = None,
        fingerprint: str,
        tag: str | None = None,
    ) -> None:
        """Adds Parquet files in one transaction, which first takes away what they replace.

        Args:
            files: URLs of Parquet files below the table's location.
            whole: the files replace all rows.
            replace_days: the files replace all rows of these values of `dt`.
            columns: the table's new columns, when they change (only with `whole`).
            partition_by: the columns by which it is partitioned from now on, when they change (only with `whole`).
            fingerprint: what the new snapshot was built by.
            tag: keeps the new snapshot alive under that name.
        """
        notes = {FINGERPRINT: fingerprint}
        with CachedTransaction(self.table) as transaction:
            if columns is not None:
                change_columns(transaction, columns)
            if partition_by is not None:
                change_partitions(transaction, self.partition_by, partition_by)
            if replaced := self._files(whole, replace_days):
                replace_files(transaction, replaced, files, notes)
            elif files:
                transaction.add_files(list(files), snapshot_properties=notes, check_duplicate_files=False)
            elif whole or self.snapshot is None:
                # A snapshot without files notes that the table is built, though nothing is in it.
                with transaction.update_snapshot(snapshot_properties=notes).fast_append():
                    pass
            current = transaction.table_metadata.current_snapshot_id
            if tag is not None and current is not None:
                ManageSnapshots(transaction).create_tag(current, tag).commit()

    def _files(self, whole: bool, days: Collection[date]) -> list[DataFile]:
        """The current files: all, or those of the days."""
        if self.snapshot is None or not (whole or days):
            return []
        of_days = In(Reference("dt"), {day.isoformat() for day in days})  # type: ignore[misc,call-arg,arg-type]
        return [task.file for task in self.table.scan(AlwaysTrue() if whole else of_days).plan_files()]

    def restore(self, snapshot_id: int | None) -> None:
        """Makes that snapshot the current one again; None empties the table."""
        current = self.snapshot
        if current is None or current.snapshot_id == snapshot_id:
            return
        if snapshot_id is None:
            self._catalog.drop_table(self._identifier)
            self._table = None
            return
        self.table.manage_snapshots().set_current_snapshot(snapshot_id=snapshot_id).commit()


class Tables:
    """The tables of a catalog, each loaded once. For one run: the writer that alone changes them.

    Args:
        catalog: of the deployment.
    """

    def __init__(self, catalog: SqlCatalog) -> None:
        self._catalog = catalog
        self._loaded: dict[str, LakeTable] = {}

    def __getitem__(self, name: str) -> LakeTable:
        """The table named as `schema.table`, which may not exist yet."""
        if name not in self._loaded:
            self._loaded[name] = LakeTable(self._catalog, name)
        return self._loaded[name]

    def of(self, namespaces: Iterable[str]) -> list[LakeTable]:
        """Every table of those namespaces."""
        names = (name for namespace in namespaces for name in self._catalog.list_tables(namespace))
        return [self[".".join(name)] for name in names]
