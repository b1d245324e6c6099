"""Tags, business services and hand-over; words of the past, and reports of noise."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "incident_words",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_words")),
    )
    op.create_index(
        op.f("ix_incident_words_resolved_at"),
        "incident_words",
        ["resolved_at"],
        unique=False,
    )
    op.create_index(
        "ix_incident_words_service_id_incident_id",
        "incident_words",
        ["service_id", sa.literal_column("incident_id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_incident_words_words",
        "incident_words",
        ["words"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "noise_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("integration_id", sa.Uuid(), nullable=False),
        sa.Column("dedup_key", sa.String(collation="C"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_as", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_noise_reports_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_noise_reports_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noise_reports")),
        sa.UniqueConstraint(
            "incident_id",
            "user_id",
            "integration_id",
            "dedup_key",
            name=op.f("uq_noise_reports_incident_id_user_id_integration_id_dedup_key"),
        ),
    )
    op.create_index(
        "ix_noise_reports_open",
        "noise_reports",
        ["integration_id", "dedup_key"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        op.f("ix_noise_reports_user_id"), "noise_reports", ["user_id"], unique=False
    )
    op.create_table(
        "service_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("from_team_id", sa.Uuid(), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_service_transfers_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_service_transfers_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["from_team_id"],
            ["teams.id"],
            name=op.f("fk_service_transfers_from_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_transfers_service_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_team_id"],
            ["teams.id"],
            name=op.f("fk_service_transfers_to_team_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_transfers")),
    )
    op.create_index(
        op.f("ix_service_transfers_service_id"),
        "service_transfers",
        ["service_id"],
        unique=False,
    )
    op.create_index(
        "ix_service_transfers_to_team_id",
        "service_transfers",
        ["to_team_id"],
        unique=False,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        "uq_service_transfers_asked",
        "service_transfers",
        ["service_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    # reads all incidents, of which there may be millions
    op.execute("SET LOCAL statement_timeout = '2min'")
    op.create_index(
        "ix_incidents_open_of_service",
        "incidents",
        ["service_id", "urgency", sa.literal_column("status DESC")],
        unique=False,
        postgresql_where=sa.text("status <> 'resolved'"),
        if_not_exists=True,  # who has millions builds it beforehand, with CONCURRENTLY
    )
    op.execute("SET LOCAL statement_timeout = '5s'")
    op.add_column(
        "services",
        sa.Column("kind", sa.String(), server_default="technical", nullable=False),
    )
    op.add_column(
        "services",
        sa.Column("tags", sa.ARRAY(sa.String()), server_default="{}", nullable=False),
    )
    op.add_column("services", sa.Column("runbook_url", sa.String(), nullable=True))
    op.create_index(
        "ix_services_tags", "services", ["tags"], unique=False, postgresql_using="gin"
    )
