"""The Bronze files of a run, in batches that fit into memory, in the order of their arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from rastup.core.config import Settings
from rastup.lake.engine import engine_path, quoted_list
from rastup.lake.ledger import LandedFile

BATCH_RECORDS = 500_000
"""About 700 MB in memory; larger batches are no faster."""

_LINE_MAX_BYTES = 8_000_000


@dataclass(frozen=True)
class Batch:
    """Bronze files that are read together."""

    files: tuple[LandedFile, ...]

    @property
    def records(self) -> int:
        """Records that the ledger says are in them."""
        return sum(file.records for file in self.files)

    def show(self, connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        """Lets `bronze.batch` show the files' lines."""
        root = engine_path(settings.bronze_url)
        # By event within the batch, so that the rows are nearly in the order in which they are stored.
        ordered = sorted(self.files, key=lambda file: (file.event or "", file.path))
        lines = lines_of([f"{root}/{file.path}" for file in ordered])
        connection.execute(f"create or replace view bronze.batch as select line from {lines}")


def lines_of(paths: Iterable[str], *, with_name: bool = False) -> str:
    """A relation with the files' lines as text, as they are; NULL for one that is not JSON; with `filename` if asked."""
    name = ", filename" if with_name else ""
    options = (
        f"maximum_object_size = {_LINE_MAX_BYTES}, ignore_errors = true, filename = {str(with_name).lower()}"
    )
    return f"(select json::varchar as line{name} from read_ndjson_objects({quoted_list(paths)}, {options}))"


def batched(files: Iterable[LandedFile], most: int = BATCH_RECORDS) -> list[Batch]:
    """Groups files by the hour of their arrival, earlier hours first, until a batch holds about `most` records."""
    batches: list[Batch] = []
    open_files: list[LandedFile] = []
    records = 0
    for file in sorted(files, key=lambda file: (file.dt, file.hour, file.path)):
        if open_files and records + file.records > most:
            batches.append(Batch(tuple(open_files)))
            open_files, records = [], 0
        open_files.append(file)
        records += file.records
    if open_files:
        batches.append(Batch(tuple(open_files)))
    return batches
