"""SQLAlchemy Table definitions, one file per area; no behaviour."""

from pagefree.tables import (
    accounts,
    alerts,
    calendars,
    channels,
    escalation,
    handovers,
    heartbeats,
    incidents,
    limits,
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
    "calendars",
    "channels",
    "escalation",
    "handovers",
    "heartbeats",
    "incidents",
    "limits",
    "metadata",
    "notifications",
    "routing",
    "schedules",
    "services",
    "timeline",
]
