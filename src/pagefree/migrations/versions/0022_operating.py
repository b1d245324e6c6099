"""What operators of PageFree see."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.add_column(
        "process_beats",
        sa.Column("version", sa.String(), server_default="", nullable=False),
    )


def downgrade() -> None:
    """Forget which process runs which version."""
    op.drop_column("process_beats", "version")
