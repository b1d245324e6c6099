"""Figures by mail."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "mailed_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_mailed_reports_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["teams.id"],
            name=op.f("fk_mailed_reports_team_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_reports")),
    )
    op.create_index(
        op.f("ix_mailed_reports_created_by_id"),
        "mailed_reports",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mailed_reports_due_at"), "mailed_reports", ["due_at"], unique=False
    )
    op.create_index(
        op.f("ix_mailed_reports_team_id"), "mailed_reports", ["team_id"], unique=False
    )
    op.create_table(
        "report_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mailed_reports.id"],
            name=op.f("fk_report_mails_report_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_report_mails_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mails")),
        sa.UniqueConstraint(
            "report_id",
            "user_id",
            "end_at",
            name=op.f("uq_report_mails_report_id_user_id_end_at"),
        ),
    )
    op.create_index(
        op.f("ix_report_mails_due_at"), "report_mails", ["due_at"], unique=False
    )
    op.create_index(
        op.f("ix_report_mails_user_id"), "report_mails", ["user_id"], unique=False
    )
    op.create_table(
        "report_readers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mailed_reports.id"],
            name=op.f("fk_report_readers_report_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_report_readers_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_readers")),
        sa.UniqueConstraint(
            "report_id", "user_id", name=op.f("uq_report_readers_report_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_report_readers_user_id"), "report_readers", ["user_id"], unique=False
    )
