"""What webhooks refer to."""

from alembic import op

from rastup.state.schema import webhook_references

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A database that 0001 makes today has the table already; one that it made earlier has not.
    webhook_references.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    webhook_references.drop(op.get_bind(), checkfirst=True)
