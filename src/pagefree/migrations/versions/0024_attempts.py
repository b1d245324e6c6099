"""Attempts are stored without looking their notifications up."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema.

    What it forgets of notifications leaves their attempts behind, where nobody finds them.
    """
    op.drop_constraint("fk_attempts_notification_id", "attempts", type_="foreignkey")


def downgrade() -> None:
    """Refer to notifications again, without attempts that nobody finds."""
    op.execute(
        "DELETE FROM attempts WHERE NOT EXISTS ("
        "SELECT FROM notifications WHERE notifications.id = attempts.notification_id)"
    )
    op.create_foreign_key(
        "fk_attempts_notification_id",
        "attempts",
        "notifications",
        ["notification_id"],
        ["id"],
        ondelete="CASCADE",
    )
