"""Chat rooms that an escalation step can page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "incident_chats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), server_default="", nullable=False),
        sa.Column(
            "invited", sa.ARRAY(sa.String()), server_default="{}", nullable=False
        ),
        sa.Column("told_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["contact_methods.id"],
            name=op.f("fk_incident_chats_room_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_chats")),
        sa.UniqueConstraint(
            "incident_id", "room_id", name=op.f("uq_incident_chats_incident_id_room_id")
        ),
    )
    op.create_index(
        op.f("ix_incident_chats_due_at"),
        "incident_chats",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.add_column("contact_methods", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.alter_column(
        "contact_methods", "user_id", existing_type=sa.UUID(), nullable=True
    )
    op.create_index(
        "uq_contact_methods_room",
        "contact_methods",
        ["team_id", "label"],
        unique=True,
        postgresql_where=sa.text("team_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_contact_methods_team_id"),
        "contact_methods",
        "teams",
        ["team_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_contact_methods_one_owner"),
        "contact_methods",
        "num_nonnulls(user_id, team_id) = 1",
    )
