"""SQLAlchemy Table definitions, one file per area; no behaviour."""

from pagefree.tables import (
    accounts,
    alerts,
    escalation,
    heartbeats,
    incidents,
    notifications,
    routing,
    schedules,
    services,
    timeline,
)
from pagefree.tables.metadata import metadata

__all__ = [
    "accounts",
    "alerts",
    "escalation",
    "heartbeats",
    "incidents",
    "metadata",
    "notifications",
    "routing",
    "schedules",
    "services",
    "timeline",
]
