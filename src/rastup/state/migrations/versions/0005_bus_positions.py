"""Where the reader of a bus is."""

from alembic import op

from rastup.state.schema import bus_positions

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A database that 0001 makes today has the table already; one that it made earlier has not.
    bus_positions.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    bus_positions.drop(op.get_bind(), checkfirst=True)
