"""Where the reader of a bus is."""

from alembic import op
from sqlalchemy import BigInteger, Column, String

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bus_positions",
        Column("stream", String(64), primary_key=True),
        Column("record", BigInteger, nullable=False),
        Column("position", String(256), nullable=False),
        Column("noted_at", String(32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("bus_positions")
