"""Everybody's second factor, and teams whose objects others do not see."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.add_column(
        "sessions",
        sa.Column("enrolling", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("sign_in_attempts", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_sign_in_attempts_session_id"),
        "sign_in_attempts",
        ["session_id"],
        unique=False,
    )
    op.create_foreign_key(
        op.f("fk_sign_in_attempts_session_id"),
        "sign_in_attempts",
        "sessions",
        ["session_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column(
        "sign_in_rules",
        sa.Column("second_factor_from", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "teams",
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "users", sa.Column("away_from", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "users", sa.Column("away_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "users",
        sa.Column("factor_reminded_at", sa.DateTime(timezone=True), nullable=True),
    )
