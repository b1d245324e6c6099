"""How often workflows may run, and runbooks run in an emergency."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "runbook_emergencies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column(
            "connections",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_runbook_emergencies_incident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["runbook_versions.id"],
            name=op.f("fk_runbook_emergencies_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runbook_emergencies")),
    )
    op.create_index(
        op.f("ix_runbook_emergencies_incident_id"),
        "runbook_emergencies",
        ["incident_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_runbook_emergencies_version_id"),
        "runbook_emergencies",
        ["version_id"],
        unique=False,
    )
    op.add_column("runbook_runs", sa.Column("emergency_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_workflow_runs_workflow_id_created_at",
        "workflow_runs",
        ["workflow_id", "created_at"],
        unique=False,
    )
    op.add_column(
        "workflows",
        sa.Column("most_per_hour", sa.Integer(), server_default="1000", nullable=False),
    )
    op.add_column(
        "workflows", sa.Column("capped_at", sa.DateTime(timezone=True), nullable=True)
    )
