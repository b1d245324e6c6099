"""Whom to page in order, and how far each incident has got."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Interval,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

escalation_policies = Table(
    "escalation_policies",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    Column("name", String, nullable=False, unique=True),
    Column("repeats", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    Index(None, "team_id"),
)

escalation_steps = Table(
    "escalation_steps",
    metadata,
    id_column(),
    reference("policy_id", "escalation_policies", cascade=True),
    Column("position", Integer, nullable=False),
    Column("timeout", Interval, nullable=False),
    UniqueConstraint("policy_id", "position"),
)

escalation_targets = Table(
    "escalation_targets",
    metadata,
    id_column(),
    reference("step_id", "escalation_steps", cascade=True),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),  # user | team | schedule
    Column("target_id", Uuid, nullable=False),
    UniqueConstraint("step_id", "position"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column(
        "policy", JSONB, nullable=False
    ),  # a copy: edits never disturb a running escalation
    Column("steps_done", Integer, nullable=False),
    Column("state", String, nullable=False),  # running | stopped | exhausted
    instant("due_at", nullable=True),  # none: nothing left to do
    Column(
        "failures", Integer, nullable=False, server_default="0"
    ),  # a row that raises is put off
    Index(
        "ix_escalations_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")
    ),
    postgresql_with={"fillfactor": 85},
)
