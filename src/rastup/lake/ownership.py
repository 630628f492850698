"""Which files are this deployment's own."""

from __future__ import annotations

from collections.abc import Iterable

from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.lake.engine import engine_path, table_url


def require_own(settings: Settings, locations: Iterable[str | None]) -> None:
    """Refuses the files of another deployment: Iceberg names files by their full place, also after a copy.

    Raises:
        UsageError: one of the files lies outside the warehouse.
    """
    own = table_url(engine_path(settings.warehouse_url)) + "/"
    for location in locations:
        if location and not location.startswith(own):
            raise UsageError(
                f"the tables of {settings.home.root} lie at {location[:200]}, outside its warehouse {own}: the home was "
                "copied or moved, and Iceberg names files by their full place. Put it back; or remove its folder `lake` "
                "and run `rastup pipeline run --full-refresh`, which builds all from Bronze."
            )
