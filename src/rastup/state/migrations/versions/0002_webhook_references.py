"""What webhooks refer to."""

from alembic import op
from sqlalchemy import JSON, Column, String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_references",
        Column("provider", String(32), primary_key=True),
        Column("ref", String(128), primary_key=True),
        Column("ids", JSON, nullable=False),
        Column("told_at", String(32), nullable=False),
    )
    op.create_index("webhook_references_age", "webhook_references", ["told_at"])


def downgrade() -> None:
    op.drop_table("webhook_references")
