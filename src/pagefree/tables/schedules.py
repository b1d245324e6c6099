"""Who is on call when."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

schedules = Table(
    "schedules",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    Column("name", String, nullable=False, unique=True),
    Column("description", String),
    instant("created_at"),
    Index(None, "team_id"),
)

# what a schedule is from an instant on, until its next version
schedule_versions = Table(
    "schedule_versions",
    metadata,
    id_column(),
    reference("schedule_id", "schedules", cascade=True),
    instant("from_at"),
    Column("time_zone", String, nullable=False),  # IANA name
    instant("created_at"),
    UniqueConstraint("schedule_id", "from_at"),
)

layers = Table(
    "layers",
    metadata,
    id_column(),
    reference("version_id", "schedule_versions", cascade=True),
    Column("layer_id", Uuid, nullable=False),  # the same in every version
    Column("position", Integer, nullable=False),  # 0 is the base; higher ones win
    Column("name", String, nullable=False),
    instant("start_at"),  # first handoff
    instant("end_at", nullable=True),
    Column("unit", String, nullable=False),  # hour | day | week
    Column("lengths", ARRAY(Integer), nullable=False),  # of turns, in units, each >= 1
    Column("at_once", Integer, nullable=False),
    Column("time_zone", String),  # none: that of the version
    Column("restriction", JSONB),
    # Not a table with foreign keys: whoever is deleted must leave an empty turn behind.
    Column("user_ids", ARRAY(Uuid), nullable=False),
    UniqueConstraint("version_id", "position"),
    UniqueConstraint("version_id", "layer_id"),
)

overrides = Table(
    "overrides",
    metadata,
    id_column(),  # in the order in which they were made: a later one wins
    reference("schedule_id", "schedules", cascade=True),
    instant("start_at"),
    instant("end_at"),
    reference("user_id", "users", cascade=True),
    Column("replaces_id", Uuid),  # only where this person is on call; none: everywhere
    Column("layer_id", Uuid),  # only in this layer; none: in the result of all
    Column("reason", String),
    reference("created_by", "users", nullable=True),
    instant("created_at"),
    CheckConstraint("start_at < end_at", name="not_empty"),
    Index(None, "schedule_id", "end_at"),
    Index(None, "user_id"),
)

# nobody is on call, by design
gaps = Table(
    "gaps",
    metadata,
    id_column(),
    reference("schedule_id", "schedules", cascade=True),
    instant("start_at"),
    instant("end_at"),
    Column("reason", String),
    reference("created_by", "users", nullable=True),
    instant("created_at"),
    CheckConstraint("start_at < end_at", name="not_empty"),
    Index(None, "schedule_id", "end_at"),
)
