"""Room beside each incident for its first update; the newest alerts of each at hand; pages apart
from what only admins are told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.execute("ALTER TABLE incidents SET (fillfactor = 50)")
    op.execute("SET LOCAL statement_timeout = '60s'")  # there may be millions of alerts
    op.create_index("ix_alerts_incident_id_id", "alerts", ["incident_id", "id"])
    op.drop_index("ix_alerts_incident_id", "alerts")
    op.add_column(
        "escalations",
        sa.Column(
            "only_admins",
            sa.Boolean(),
            sa.Computed("policy -> 'steps' IS NOT DISTINCT FROM '[]'", persisted=True),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_escalations_due",
        "escalations",
        ["only_admins", "due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_index("ix_escalations_due_at", "escalations")
