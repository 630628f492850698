"""The embedded engine: DuckDB connections that can read this deployment's Iceberg tables, Parquet and Bronze."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import duckdb_extensions
import psutil

from rastup.core.config import BronzeConfig, Settings
from rastup.core.errors import StoreUnavailable

ENGINE_FAULTS = (duckdb.FatalException, duckdb.InternalException)
"""After one of these a database answers nothing more; another does."""
SCHEMAS = ("staged", "touched", "bronze", "silver", "gold", "nrt", "live")
_databases = itertools.count(1)
_SPILL = re.compile(r"([0-9]{1,9})-[0-9]+")
_LOCAL_EXTENSIONS = ("avro", "iceberg")


def connect(settings: Settings, *, memory_mb: int | None = None) -> duckdb.DuckDBPyConnection:
    """A new in-memory database with the lake's schemas, in UTC, able to read the warehouse and Bronze.

    Args:
        settings: of the deployment.
        memory_mb: memory limit, by default `lake.engine_memory_mb`.
    """
    connection = duckdb.connect()
    spill = _spill_folder(settings.home.run / "duckdb")
    connection.execute("set global timezone = 'UTC'")
    connection.execute(f"set memory_limit = '{memory_mb or settings.lake.engine_memory_mb}MB'")
    connection.execute(f"set threads = {settings.lake.engine_threads or os.cpu_count() or 1}")
    connection.execute(f"set temp_directory = {quoted(str(spill))}")
    bound_spill(connection, settings)
    connection.execute("set autoinstall_known_extensions = false")
    _load(connection, _LOCAL_EXTENSIONS)
    if any(urlsplit(url).scheme == "s3" for url in (settings.bronze_url, settings.warehouse_url)):
        _load(connection, ("httpfs",))
        connection.execute(_secret(settings.bronze))
    else:
        # A local disk has the kernel's cache; the engine's own also keeps what has been deleted, up to the memory limit.
        connection.execute("set global enable_external_file_cache = false")
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    return connection


def _spill_folder(root: Path) -> Path:
    """A folder for one database: all number their files alike. Those that a killed process has left are removed."""
    # The engine makes the last folder, and only that, and removes it in the end.
    root.mkdir(parents=True, exist_ok=True)
    for folder in root.iterdir():
        found = _SPILL.fullmatch(folder.name)
        if found and not psutil.pid_exists(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)
    return root / f"{os.getpid()}-{next(_databases)}"


def bound_spill(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Lets a database put on the disk a quarter of what is free now and what the collector does not need to take events.

    For the begin of each run: a disk fills, and some databases are open at once. A query for which it is not enough fails.
    """
    free = shutil.disk_usage(settings.home.run).free - 2 * settings.spool.min_free_disk_bytes
    connection.execute(f"set max_temp_directory_size = '{max(0, free // 4)}B'")


def _load(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    for name in names:
        try:
            connection.execute(f"load {name}")
        except duckdb.IOException:
            # The first use on this machine puts the extension of the installed wheel in place.
            duckdb_extensions.import_extension(name, con=connection)
            connection.execute(f"load {name}")


def _secret(store: BronzeConfig) -> str:
    if not store.s3_access_key_id:
        return "create or replace secret lake (type s3, provider credential_chain)"
    endpoint = urlsplit(store.s3_endpoint)
    place = (
        f", endpoint {quoted(endpoint.netloc)}, use_ssl {str(endpoint.scheme == 'https').lower()}"
        if store.s3_endpoint
        else ""
    )
    return (
        f"create or replace secret lake (type s3, key_id {quoted(store.s3_access_key_id)}, "
        f"secret {quoted(store.s3_secret_access_key)}, region {quoted(store.s3_region)}, "
        f"url_style '{'path' if store.s3_path_style else 'vhost'}'{place})"
    )


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_list(texts: Iterable[str]) -> str:
    """An SQL list of string literals."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def engine_path(url: str) -> str:
    """How DuckDB names the place: a plain path for `file://`, the URL itself otherwise."""
    parts = urlsplit(url)
    return unquote(parts.path) if parts.scheme == "file" else url


def table_url(path: str) -> str:
    """How PyIceberg names the engine's path: `file://` and the path as it is, never percent-encoded."""
    return path if "://" in path else f"file://{path}"


def local_path(url: str) -> Path | None:
    """The path behind a `file://` URL, None for a store elsewhere."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def one_line(error: duckdb.Error) -> str:
    """DuckDB's message as one line."""
    return " ".join(str(error).split())


def unavailable(what: str, error: Exception) -> StoreUnavailable:
    """The error for files that the engine could not read or write."""
    # The engine ends its message with the place in our own SQL, which tells a reader nothing.
    reason = " ".join(str(error).split()).partition(" LINE ")[0]
    return StoreUnavailable(f"{what}: {reason}")
