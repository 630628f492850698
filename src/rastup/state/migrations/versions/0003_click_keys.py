"""What click tokens are signed with."""

from alembic import op

from rastup.state.schema import click_keys

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A database that 0001 makes today has the table already; one that it made earlier has not.
    click_keys.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    click_keys.drop(op.get_bind(), checkfirst=True)
