"""The newest Bronze files are found without sorting those of a whole day."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("bronze_files_newest", "bronze_files", ["kind", "dt", "hour", "landed_at"])
    op.drop_index("bronze_files_dt", "bronze_files")


def downgrade() -> None:
    op.create_index("bronze_files_dt", "bronze_files", ["kind", "dt"])
    op.drop_index("bronze_files_newest", "bronze_files")
