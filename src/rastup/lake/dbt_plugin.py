"""What dbt-duckdb loads: the writing half of the materialization `lake_table`."""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from rastup.lake import build


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt ships no types
    """Hands a model's rows to the build in progress."""

    def store(self, target_config: Any) -> None:
        """Called by `adapter.store_relation` once the model's staged view exists."""
        relation = target_config.relation
        build.active().materialize(f"{relation.schema}.{relation.identifier}")
