"""The Iceberg catalog and its tables: creating, committing files, going back, tagging.

All writing goes through `LakeTable`; one process at a time may write (the lease).
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError
from pyiceberg.expressions import AlwaysTrue, In, Reference
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, Snapshot
from pyiceberg.table.update.snapshot import ManageSnapshots, _OverwriteFiles
from pyiceberg.transforms import IdentityTransform
from pyiceberg.typedef import Identifier
from sqlalchemy import select

from rastup.core.config import Settings
from rastup.core.errors import StoreUnavailable
from rastup.core.paths import not_writable
from rastup.lake.engine import engine_path, local_path, table_url
from rastup.lake.ownership import require_own
from rastup.state.failures import explain, opening

NAMESPACES = ("silver", "gold", "nrt")
FINGERPRINT = "rastup.fingerprint"
_AFTER_DAMAGE = (
    "Stop everything and put back a copy of it; without one, remove the folder `lake` and run "
    "`rastup pipeline run --full-refresh`, which builds all from Bronze."
)
_NAME_MAPPING = "schema.name-mapping.default"
_TABLE_PROPERTIES = {
    "write.metadata.previous-versions-max": "5",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    "write.parquet.compression-codec": "zstd",
}


class _Catalog(SqlCatalog):
    """PyIceberg's, with errors of its database that say what to do."""

    def _init_catalog(self) -> None:
        explain(self.engine, "Iceberg catalog", _AFTER_DAMAGE)
        super()._init_catalog()


def open_catalog(settings: Settings) -> SqlCatalog:
    """The deployment's catalog, created when it does not exist.

    Raises:
        ConfigError: the URL names a kind of database that cannot be used.
        UsageError: its tables lie elsewhere, because the home was copied or moved.
        StoreUnavailable: it cannot be reached or written.
        DamageFound: its file is damaged.
    """
    _make_folders(settings)
    with opening("lake.catalog_uri"):
        catalog = _Catalog(
            "rastup",
            uri=settings.catalog_uri,
            warehouse=table_url(engine_path(settings.warehouse_url)),
            **_store_properties(settings),
        )
    with catalog.engine.connect() as connection:
        places = connection.execute(select(IcebergTables.metadata_location)).scalars()
        require_own(settings, places)
    for namespace in NAMESPACES:
        with suppress(NamespaceAlreadyExistsError):
            catalog.create_namespace(namespace)
    return catalog


def _make_folders(settings: Settings) -> None:
    folder = local_path(settings.warehouse_url)
    try:
        for path in (folder, settings.home.lake):
            if path is not None:
                path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(not_writable(Path(error.filename), error)) from error


def _store_properties(settings: Settings) -> dict[str, str]:
    store = settings.bronze
    if not settings.warehouse_url.startswith("s3:"):
        return {}
    named = {
        "s3.endpoint": store.s3_endpoint,
        "s3.region": store.s3_region,
        "s3.access-key-id": store.s3_access_key_id,
        "s3.secret-access-key": store.s3_secret_access_key,
        "s3.force-virtual-addressing": str(not store.s3_path_style).lower(),
    }
    return {key: value for key, value in named.items() if value}


class LakeTable:
    """One Iceberg table, named as `schema.table`. It may not exist yet."""

    def __init__(self, catalog: SqlCatalog, name: str) -> None:
        self.name = name
        self._catalog = catalog
        self._identifier: Identifier = tuple(name.split("."))
        self.location = f"{catalog.properties['warehouse']}/{name.replace('.', '/')}"
        self._table: Table | None = None
        with suppress(NoSuchTableError):
            self._table = catalog.load_table(self._identifier)

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
                transaction.set_properties({_NAME_MAPPING: _mapping(table.schema())})
        self._table = table

    def columns_differ(self, columns: pa.Schema) -> bool:
        """Whether the table's columns are not exactly those, by name, type and order."""
        ours = [(f.name, str(_plain(f.type))) for f in self.columns]
        return ours != [(f.name, str(_plain(f.type))) for f in columns]

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
        with _Transaction(self.table) as transaction:
            if columns is not None:
                _change_columns(transaction, columns)
            if partition_by is not None:
                _change_partitions(transaction, self.partition_by, partition_by)
            if replaced := self._files(whole, replace_days):
                _replace(transaction, replaced, files, notes)
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


class _Transaction(Transaction):
    """PyIceberg's, which copies all metadata at each look at it; this one does so when they have changed."""

    _known: TableMetadata | None = None
    _known_with = 0

    @property
    def table_metadata(self) -> TableMetadata:
        """The table's metadata as the transaction has changed them so far."""
        if self._known is None or self._known_with != len(self._updates):
            self._known, self._known_with = super().table_metadata, len(self._updates)
        return self._known


class _Replacement(_OverwriteFiles):
    """A snapshot in which files stand in the place of others.

    PyIceberg's own carries every manifest of deleted files along for ever, which each later commit and scan then reads.
    """

    def _process_manifests(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        return [m for m in manifests if _is_alive(m) or m.added_snapshot_id == self._snapshot_id]


def _is_alive(manifest: ManifestFile) -> bool:
    return manifest.has_added_files() or manifest.has_existing_files()


def _replace(
    transaction: Transaction, old: Iterable[DataFile], new: Iterable[str], notes: dict[str, str]
) -> None:
    """One snapshot for both: a deletion and an addition are two, of each of which every later commit makes copies."""
    io, metadata = transaction._table.io, transaction.table_metadata
    with _Replacement(Operation.OVERWRITE, transaction, io, snapshot_properties=notes) as replacement:
        for file in old:
            replacement.delete_data_file(file)
        for url in new:
            replacement.append_data_file(parquet_file_to_data_file(io, metadata, url))


def _mapping(schema: Schema) -> str:
    return schema.name_mapping.model_dump_json()


def _plain(arrow_type: Any) -> Any:
    """The type with the spellings that mean the same in Iceberg made one."""
    if pa.types.is_large_string(arrow_type):
        return pa.string()
    if pa.types.is_map(arrow_type):
        return f"map<{_plain(arrow_type.key_type)},{_plain(arrow_type.item_type)}>"
    if pa.types.is_list(arrow_type) or pa.types.is_large_list(arrow_type):
        return f"list<{_plain(arrow_type.value_type)}>"
    if pa.types.is_struct(arrow_type):
        return "struct<" + ",".join(f"{f.name}:{_plain(f.type)}" for f in arrow_type) + ">"
    return arrow_type


def _change_columns(transaction: Transaction, columns: pa.Schema) -> None:
    old = {
        f.name: str(_plain(f.type))
        for f in schema_to_pyarrow(transaction.table_metadata.schema(), include_field_ids=False)
    }
    new = {f.name: str(_plain(f.type)) for f in columns}
    gone = [name for name in old if new.get(name) != old[name]]
    if gone:
        with transaction.update_schema(allow_incompatible_changes=True) as update:
            for name in gone:
                update.delete_column(name)
    with transaction.update_schema() as update:
        update.union_by_name(columns)
    with transaction.update_schema() as update:
        # A model that reads two relations by `select *` relies on the order that the query gives.
        update.move_first(columns.names[0])
        for before, name in itertools.pairwise(columns.names):
            update.move_after(name, before)
    transaction.set_properties({_NAME_MAPPING: _mapping(transaction.table_metadata.schema())})


def _change_partitions(transaction: Transaction, old: Sequence[str], new: Sequence[str]) -> None:
    with transaction.update_spec() as update:
        for column in old:
            if column not in new:
                update.remove_field(column)
        for column in new:
            if column not in old:
                update.add_field(column, IdentityTransform(), column)
