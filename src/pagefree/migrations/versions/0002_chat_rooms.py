"""Chat rooms that an escalation step can page."""

from collections.abc import Sequence

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
