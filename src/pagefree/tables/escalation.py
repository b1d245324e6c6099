"""Whom to page in order, and how far each incident has got."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Index,
    Integer,
    Interval,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
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
    Column("ack_timeout", Interval),  # none: whoever acknowledges keeps it
    Column("low_urgency_hours", JSONB),  # windows and zone; none: pages at any time
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
    Column("round_robin", Boolean, nullable=False, server_default=false()),
    Column("only_urgency", String),  # high | low; none: both
    Column("only_hours", JSONB),  # windows, zone, inside or outside
    Column("wait_for", JSONB),  # windows and zone
    Column("acknowledgements", Integer, nullable=False, server_default="1"),
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
    # of a schedule: current | next | all
    Column("which", String, nullable=False, server_default="current"),
    UniqueConstraint("step_id", "position"),
)

# Who had which turn of a round robin step: whoever has the lowest number is next. Changed
# only while the policy's row is locked. A policy's copies share the turns of the policy.
round_robin_turns = Table(
    "round_robin_turns",
    metadata,
    Column("policy_id", Uuid, primary_key=True),
    Column("step", Integer, primary_key=True),  # index
    Column("user_id", Uuid, primary_key=True),
    Column("turn", BigInteger, nullable=False),
)

escalations = Table(
    "escalations",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column(
        "policy", JSONB, nullable=False
    ),  # a copy: edits never disturb a running escalation
    Column("steps_done", Integer, nullable=False),
    # running | collecting | stopped | exhausted
    Column("state", String, nullable=False),
    instant("due_at", nullable=True),  # none: nothing left to do
    # something may still be due after somebody has acknowledged
    Column("watched", Boolean, nullable=False, server_default=false()),
    Column("paged_step", Integer),  # index of the step that was paged last
    # since it began; only kept where it is watched
    Column("acknowledged_by", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column(
        "failures", Integer, nullable=False, server_default="0"
    ),  # a row that raises is put off
    # the policy has no steps: only admins are to be told, after whoever is to be paged
    Column(
        "only_admins",
        Boolean,
        Computed("policy -> 'steps' IS NOT DISTINCT FROM '[]'", persisted=True),
        nullable=False,
    ),
    Index(
        "ix_escalations_due",
        "only_admins",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 85},
)
