"""The first schema."""

from alembic import op
from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Integer, String, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What a migration makes is written down in it: `rastup.state.schema` goes on changing, and a migration must not.


def upgrade() -> None:
    _keys_and_ledger()
    _releases()
    op.create_table(
        "quarantine",
        Column("bad_id", String(40), primary_key=True),
        Column("state", String(16), nullable=False),
        Column("at", String(32), nullable=False),
        Column("who", String(128), nullable=False),
        Column("event_id", String(40)),
        Column("message", Text),
    )
    op.create_table(
        "heartbeats",
        Column("component", String(64), primary_key=True),
        Column("pid", Integer, nullable=False),
        Column("at", String(32), nullable=False),
        Column("lag_s", Float),
        Column("detail", JSON, nullable=False),
    )


def _keys_and_ledger() -> None:
    op.create_table(
        "write_keys",
        Column("key_id", String(32), primary_key=True),
        Column("key_hash", String(64), nullable=False, unique=True),
        Column("source", String(64), nullable=False),
        Column("env", String(16), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("origins", JSON, nullable=False),
        Column("rate_limit_events_per_s", Integer, nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("revoked_at", String(32)),
    )
    op.create_table(
        "bronze_files",
        Column("path", Text, primary_key=True),
        Column("kind", String(8), nullable=False),
        Column("dt", String(10), nullable=False),
        Column("hour", Integer, nullable=False),
        Column("env", String(16)),
        Column("event", String(128)),
        Column("records", Integer, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("stream", String(64), nullable=False),
        Column("first_offset", BigInteger, nullable=False),
        Column("end_offset", BigInteger, nullable=False),
        Column("landed_at", String(32), nullable=False),
        Column("release_id", String(40)),
    )
    op.create_index("bronze_files_open", "bronze_files", ["kind", "release_id"])
    op.create_index("bronze_files_dt", "bronze_files", ["kind", "dt"])


def _releases() -> None:
    op.create_table(
        "pipeline_runs",
        Column("run_id", String(40), primary_key=True),
        Column("channel", String(8), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("state", String(16), nullable=False),
        Column("started_at", String(32), nullable=False),
        Column("ended_at", String(32)),
        Column("who", String(128), nullable=False),
        Column("models", JSON, nullable=False),
        Column("checks", JSON, nullable=False),
        Column("checks_run", Integer, nullable=False),
        Column("new_files", Integer, nullable=False),
        Column("message", Text),
    )
    op.create_table(
        "releases",
        Column("release_id", String(40), primary_key=True),
        Column("channel", String(8), nullable=False),
        Column("parent_id", String(40)),
        Column("run_id", String(40), ForeignKey("pipeline_runs.run_id"), nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("who", String(128), nullable=False),
        Column("data_until", String(32)),
        Column("project", String(16)),
        Column("expired", Boolean, nullable=False),
    )
    op.create_index("releases_channel", "releases", ["channel", "created_at"])
    op.create_table(
        "release_tables",
        Column("release_id", String(40), ForeignKey("releases.release_id"), primary_key=True),
        Column("table_name", String(128), primary_key=True),
        Column("snapshot_id", BigInteger),
        Column("metadata_location", Text, nullable=False),
        Column("rows", BigInteger, nullable=False),
    )
    op.create_table(
        "channels",
        Column("channel", String(8), primary_key=True),
        Column("release_id", String(40), ForeignKey("releases.release_id")),
        Column("held_reason", Text),
        Column("updated_at", String(32), nullable=False),
    )


def downgrade() -> None:
    for table in ("channels", "release_tables", "releases", "pipeline_runs"):
        op.drop_table(table)
    for table in ("heartbeats", "quarantine", "bronze_files", "write_keys"):
        op.drop_table(table)
