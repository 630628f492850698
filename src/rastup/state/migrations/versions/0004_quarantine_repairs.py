"""Repairs of quarantined events, and what they brought in."""

from alembic import op
from sqlalchemy import Column, String, inspect

from rastup.state.schema import quarantine, quarantine_repairs, withdrawals

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A database that 0001 makes today has all of it already; one that it made earlier has not.
    known = {column["name"] for column in inspect(op.get_bind()).get_columns(quarantine.name)}
    if "repair_id" not in known:
        op.add_column(quarantine.name, Column("repair_id", String(40)))
        op.create_index("quarantine_repair", quarantine.name, ["repair_id"])
    quarantine_repairs.create(op.get_bind(), checkfirst=True)
    withdrawals.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    withdrawals.drop(op.get_bind(), checkfirst=True)
    quarantine_repairs.drop(op.get_bind(), checkfirst=True)
    op.drop_index("quarantine_repair", quarantine.name)
    with op.batch_alter_table(quarantine.name) as table:
        table.drop_column("repair_id")
