"""What one commit to an Iceberg table is made of, where PyIceberg's own way is slow or keeps what nobody reads."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.schema import Schema
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.transforms import IdentityTransform

NAME_MAPPING = "schema.name-mapping.default"


class CachedTransaction(Transaction):
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


def replace_files(
    transaction: Transaction, old: Iterable[DataFile], new: Iterable[str], notes: dict[str, str]
) -> None:
    """One snapshot for both: a deletion and an addition are two, of each of which every later commit makes copies."""
    io, metadata = transaction._table.io, transaction.table_metadata
    with _Replacement(Operation.OVERWRITE, transaction, io, snapshot_properties=notes) as replacement:
        for file in old:
            replacement.delete_data_file(file)
        for url in new:
            replacement.append_data_file(parquet_file_to_data_file(io, metadata, url))


def name_mapping(schema: Schema) -> str:
    """Iceberg's `schema.name-mapping.default`: Parquet files know columns by name, tables by number."""
    return schema.name_mapping.model_dump_json()


def plain_type(arrow_type: Any) -> Any:
    """The type with the spellings that mean the same in Iceberg made one."""
    if pa.types.is_large_string(arrow_type):
        return pa.string()
    if pa.types.is_map(arrow_type):
        return f"map<{plain_type(arrow_type.key_type)},{plain_type(arrow_type.item_type)}>"
    if pa.types.is_list(arrow_type) or pa.types.is_large_list(arrow_type):
        return f"list<{plain_type(arrow_type.value_type)}>"
    if pa.types.is_struct(arrow_type):
        return "struct<" + ",".join(f"{f.name}:{plain_type(f.type)}" for f in arrow_type) + ">"
    return arrow_type


def change_columns(transaction: Transaction, columns: pa.Schema) -> None:
    """Makes the table's columns exactly these, in this order; one whose type differs goes and comes anew."""
    old = {
        f.name: str(plain_type(f.type))
        for f in schema_to_pyarrow(transaction.table_metadata.schema(), include_field_ids=False)
    }
    new = {f.name: str(plain_type(f.type)) for f in columns}
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
    transaction.set_properties({NAME_MAPPING: name_mapping(transaction.table_metadata.schema())})


def change_partitions(transaction: Transaction, old: Sequence[str], new: Sequence[str]) -> None:
    """Makes the table partitioned by the values of the new columns instead of the old."""
    with transaction.update_spec() as update:
        for column in old:
            if column not in new:
                update.remove_field(column)
        for column in new:
            if column not in old:
                update.add_field(column, IdentityTransform(), column)
