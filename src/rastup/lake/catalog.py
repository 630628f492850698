"""The deployment's Iceberg catalog: where it is, and what is wrong when it cannot be opened."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError
from sqlalchemy import select

from rastup.core.config import Settings
from rastup.core.errors import StoreUnavailable
from rastup.core.paths import not_writable
from rastup.lake.engine import engine_path, local_path, table_url
from rastup.lake.ownership import require_own
from rastup.state.failures import explain, opening

NAMESPACES = ("silver", "gold", "nrt")
AFTER_DAMAGE = (
    "Stop everything and put back a copy; without one, remove the folder `lake` and run "
    "`rastup pipeline run --full-refresh`, which builds all from Bronze."
)


class _Catalog(SqlCatalog):
    """PyIceberg's, with errors of its database that say what to do."""

    def _init_catalog(self) -> None:
        explain(self.engine, "Iceberg catalog", AFTER_DAMAGE)
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
