"""What becomes of alerts before anybody is told: rules, and planned work."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

# Those without a team are the installation's and come first.
routing_rules = Table(
    "routing_rules",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),
    Column("position", Integer, nullable=False),  # in its list, from 0
    Column("name", String, nullable=False),
    Column("condition", String, nullable=False),  # CEL; empty: always
    Column("builder", JSONB),  # what the condition was made from, to edit it again
    Column("actions", JSONB, nullable=False),
    Column("continues", Boolean, nullable=False),  # the rules after it are asked too
    Column("enabled", Boolean, nullable=False, server_default=true()),
    # events for which the condition could not be worked out, and why, the last time
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_failure", String),
    instant("created_at"),
    Index("ix_routing_rules_team_id_position", "team_id", "position"),
)

maintenance_windows = Table(
    "maintenance_windows",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: everybody's
    Column("name", String, nullable=False),
    Column("service_ids", ARRAY(Uuid), nullable=False),  # empty: all of the team's
    Column("labels", JSONB, nullable=False, server_default="{}"),  # all have to match
    instant("start_at"),  # of the first time
    instant("end_at"),
    Column("repeat_days", SmallInteger),  # 1 daily, 7 weekly; none: once
    Column("time_zone", String, nullable=False),  # whose wall clock repeats go by
    instant("until_at", nullable=True),  # no repeat begins at this instant or later
    reference("created_by_id", "users", nullable=True),
    instant("created_at"),
    Index(None, "team_id"),
)
