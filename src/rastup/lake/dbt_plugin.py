"""What dbt-duckdb loads: it makes dbt's database the lake's engine, and is the writing half of `lake_table`."""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from rastup.lake import runner


class Plugin(BasePlugin):
    """Connects dbt with the build in progress."""

    def configure_connection(self, conn: Any) -> None:
        """Called once when dbt opens its database."""
        runner.opened(conn)

    def store(self, target_config: Any) -> None:
        """Called by `adapter.store_relation` once the model's staged view exists."""
        relation = target_config.relation
        runner.active().materialize(f"{relation.schema}.{relation.identifier}")
