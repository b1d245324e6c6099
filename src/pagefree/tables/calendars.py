"""Calendars that people subscribe to, and those that say when they are away."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

# Everybody has addresses of their own, so that those of whoever leaves end with them.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),  # whose address it is
    # of a schedule, or of all schedules of a team; neither: of the person's own shifts
    reference("schedule_id", "schedules", nullable=True, cascade=True),
    reference("team_id", "teams", nullable=True, cascade=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    instant("created_at"),
    instant("read_at", nullable=True),  # to the hour
    UniqueConstraint(
        "user_id", "schedule_id", "team_id", postgresql_nulls_not_distinct=True
    ),
    CheckConstraint("num_nonnulls(schedule_id, team_id) <= 1", name="one_subject"),
    Index(None, "schedule_id"),
    Index(None, "team_id"),
)

time_off_calendars = Table(
    "time_off_calendars",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("host", String, nullable=False),  # what is shown of the address
    Column("url", LargeBinary, nullable=False),  # sealed: whoever has it reads it all
    instant("created_at"),
    instant("due_at"),  # when to read it next
    instant("read_at", nullable=True),  # when it was last read with success
    Column("error", String),  # of the last time
    Index(None, "user_id"),
    Index(None, "due_at"),
)

# what the calendars said when they were last read with success
time_off = Table(
    "time_off",
    metadata,
    id_column(),
    reference("calendar_id", "time_off_calendars", cascade=True),
    instant("start_at"),
    instant("end_at"),
    CheckConstraint("start_at < end_at", name="not_empty"),
    Index(None, "calendar_id", "start_at"),
)
