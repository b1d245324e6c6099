"""Who is on call when."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from pagefree.tables.metadata import id_column, instant, metadata, reference

schedules = Table(
    "schedules",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    Column("name", String, nullable=False, unique=True),
    Column("time_zone", String, nullable=False),  # IANA name
    instant("created_at"),
    Index(None, "team_id"),
)

layers = Table(
    "layers",
    metadata,
    id_column(),
    reference("schedule_id", "schedules", cascade=True),
    Column("position", Integer, nullable=False),
    instant("start_at"),  # first handoff
    Column("turn_days", Integer, nullable=False),  # local calendar days, >= 1
    UniqueConstraint("schedule_id", "position"),
)

layer_users = Table(
    "layer_users",
    metadata,
    id_column(),
    reference("layer_id", "layers", cascade=True),
    Column("position", Integer, nullable=False),
    reference("user_id", "users", cascade=True),
    UniqueConstraint("layer_id", "position"),
    Index(None, "user_id"),
)
