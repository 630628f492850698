"""What click tokens are signed with."""

from alembic import op
from sqlalchemy import Column, String

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "click_keys",
        Column("key_id", String(16), primary_key=True),
        Column("secret", String(64), nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("retired_at", String(32)),
        Column("revoked_at", String(32)),
    )


def downgrade() -> None:
    op.drop_table("click_keys")
