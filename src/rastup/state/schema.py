"""The tables of the state database. A change here comes with a migration in `migrations/versions`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# Times are RFC 3339 text in UTC with milliseconds: they sort, and they are the same on SQLite and PostgreSQL.

write_keys = Table(
    "write_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column(
        "key_hash", String(64), nullable=False, unique=True
    ),  # SHA-256; the key itself is shown once, never kept
    Column("source", String(64), nullable=False),
    Column("env", String(16), nullable=False),
    Column("kind", String(16), nullable=False),  # secret | publishable
    Column("origins", JSON, nullable=False),
    Column("rate_limit_events_per_s", Integer, nullable=False, default=0),
    Column("created_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
)

bronze_files = Table(
    "bronze_files",  # the ledger: every landed file, and the release that first held it
    metadata,
    Column("path", Text, primary_key=True),  # relative to Bronze's root
    Column("kind", String(8), nullable=False),  # events | bad | meter | undone | damaged
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
    Column("release_id", String(40)),  # null: not in any release yet
    Index("bronze_files_open", "kind", "release_id"),
    Index("bronze_files_newest", "kind", "dt", "hour", "landed_at"),
)

pipeline_runs = Table(
    "pipeline_runs",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("channel", String(8), nullable=False),  # main | nrt
    Column("kind", String(16), nullable=False),  # incremental | range | full
    Column("state", String(16), nullable=False),  # running | published | unchanged | failed | crashed
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("who", String(128), nullable=False),
    Column("models", JSON, nullable=False),  # [{"model", "status", "seconds", "rows"}]
    Column(
        "checks", JSON, nullable=False
    ),  # failed ones: [{"check", "table", "failures", "sample", "message"}]
    Column("checks_run", Integer, nullable=False, default=0),
    Column("new_files", Integer, nullable=False, default=0),
    Column("message", Text),
)

releases = Table(
    "releases",
    metadata,
    Column("release_id", String(40), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("parent_id", String(40)),
    Column("run_id", String(40), ForeignKey("pipeline_runs.run_id"), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("data_until", String(32)),  # newest received_at that the release holds
    Column("project", String(16)),  # digest of the models it was built by
    Column("expired", Boolean, nullable=False, default=False),
    Index("releases_channel", "channel", "created_at"),
)

release_tables = Table(
    "release_tables",
    metadata,
    Column("release_id", String(40), ForeignKey("releases.release_id"), primary_key=True),
    Column("table_name", String(128), primary_key=True),  # for example gold.kpi_gmv_daily
    Column("snapshot_id", BigInteger),  # null: the table has no snapshot yet
    Column("metadata_location", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("channel", String(8), primary_key=True),  # main | nrt
    Column("release_id", String(40), ForeignKey("releases.release_id")),
    Column("held_reason", Text),  # set by a rollback: the loop publishes nothing until a run is asked for
    Column("updated_at", String(32), nullable=False),
)

quarantine = Table(
    "quarantine",  # marks on quarantined records; the records themselves lie in bronze/_bad
    metadata,
    Column("bad_id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),  # claimed (on its way to the spool) | replayed | refused
    Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("event_id", String(40)),
    Column("message", Text),
    Column("repair_id", String(40)),
    Index("quarantine_repair", "repair_id"),
)

quarantine_repairs = Table(
    "quarantine_repairs",  # each repair and replay: what it was asked to do, and its report
    metadata,
    Column("repair_id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),  # running | done | interrupted | undone
    Column("at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("who", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("chosen", JSON, nullable=False),  # the filters, or the ids
    Column("stream", String(64)),  # of the spool, that holds what it let go on; null: nothing yet
    Column("passed", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("verdicts", JSON, nullable=False),  # [{"event", "state", "code", "path", "message", "records"}]
    Column("undone_at", String(32)),
    Column("undone_by", String(128)),
    Index("quarantine_repairs_at", "at"),
)

withdrawals = Table(
    "withdrawals",  # streams whose events no longer count: their files stay in Bronze, and no run takes them
    metadata,
    Column("stream", String(64), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("gone_since", String(40)),  # the release from which on they are in no table
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("component", String(64), primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("lag_s", Float),
    Column("detail", JSON, nullable=False),
)

webhook_references = Table(
    "webhook_references",  # ids of ours that a provider's object carried, for later ones that only name that object
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("ref", String(128), primary_key=True),  # the provider's id of the object
    Column("ids", JSON, nullable=False),  # {"lbg_id": …, "charge_id": …}
    Column("told_at", String(32), nullable=False),
    Index("webhook_references_age", "told_at"),
)

bus_positions = Table(
    "bus_positions",  # where the reader is on buses whose positions are no record counts
    metadata,
    Column("stream", String(64), primary_key=True),  # of the spool: one for each partition of the bus
    Column("record", BigInteger, nullable=False),  # the record of the stream that lies at that position
    Column("position", String(256), nullable=False),
    Column("noted_at", String(32), nullable=False),
)

click_keys = Table(
    "click_keys",  # what click tokens are signed with; retired ones stay, because old proofs are verified by them
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("secret", String(64), nullable=False),  # 256 random bits as hex; a signature needs the key itself
    Column("created_at", String(32), nullable=False),
    Column("retired_at", String(32)),  # signs nothing from then on
    Column("revoked_at", String(32)),  # believed in nothing, whenever it was signed
)
