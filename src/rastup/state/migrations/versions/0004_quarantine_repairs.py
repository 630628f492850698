"""Repairs of quarantined events, and what they brought in."""

from alembic import op
from sqlalchemy import JSON, Column, Integer, String, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quarantine", Column("repair_id", String(40)))
    op.create_index("quarantine_repair", "quarantine", ["repair_id"])
    op.create_table(
        "quarantine_repairs",
        Column("repair_id", String(40), primary_key=True),
        Column("state", String(16), nullable=False),
        Column("at", String(32), nullable=False),
        Column("ended_at", String(32)),
        Column("who", String(128), nullable=False),
        Column("reason", Text, nullable=False),
        Column("steps", JSON, nullable=False),
        Column("chosen", JSON, nullable=False),
        Column("stream", String(64)),
        Column("passed", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
        Column("verdicts", JSON, nullable=False),
        Column("undone_at", String(32)),
        Column("undone_by", String(128)),
    )
    op.create_index("quarantine_repairs_at", "quarantine_repairs", ["at"])
    op.create_table(
        "withdrawals",
        Column("stream", String(64), primary_key=True),
        Column("at", String(32), nullable=False),
        Column("who", String(128), nullable=False),
        Column("reason", Text, nullable=False),
        Column("gone_since", String(40)),
    )


def downgrade() -> None:
    op.drop_table("withdrawals")
    op.drop_table("quarantine_repairs")
    op.drop_index("quarantine_repair", "quarantine")
    with op.batch_alter_table("quarantine") as table:
        table.drop_column("repair_id")
