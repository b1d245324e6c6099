"""Shifts that change hands: swaps, requests for cover, and who is told of a handoff."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

shift_swaps = Table(
    "shift_swaps",
    metadata,
    id_column(),
    reference("schedule_id", "schedules", cascade=True),
    reference("from_id", "users", cascade=True),  # whose shift is offered
    reference("to_id", "users", cascade=True),
    instant("start_at"),
    instant("end_at"),
    # what is wanted for it; none: nothing
    instant("return_start_at", nullable=True),
    instant("return_end_at", nullable=True),
    Column("reason", String),
    # open | accepted | declined | withdrawn | expired
    Column("status", String, nullable=False),
    instant("created_at"),
    instant("expires_at"),  # where the first of the two shifts begins
    instant("decided_at", nullable=True),
    CheckConstraint("start_at < end_at", name="not_empty"),
    CheckConstraint("return_start_at < return_end_at", name="return_not_empty"),
    Index(None, "schedule_id"),
    Index(None, "from_id"),
    Index(None, "to_id"),
    Index(None, "expires_at", postgresql_where=text("status = 'open'")),
)

cover_requests = Table(
    "cover_requests",
    metadata,
    id_column(),
    reference("schedule_id", "schedules", cascade=True),
    reference("user_id", "users", cascade=True),  # whose shift it is
    instant("start_at"),
    instant("end_at"),
    Column("reason", String),
    Column("from_time_off", Boolean, nullable=False, server_default=false()),
    # open | covered | withdrawn | expired
    Column("status", String, nullable=False),
    reference("covered_by", "users", nullable=True, cascade=True),
    instant("created_at"),
    instant("decided_at", nullable=True),
    CheckConstraint("start_at < end_at", name="not_empty"),
    Index(None, "schedule_id", "user_id", "end_at"),
    Index(None, "user_id"),
    Index(None, "start_at", postgresql_where=text("status = 'open'")),
)

# no row: they are told of no handoff
handoff_preferences = Table(
    "handoff_preferences",
    metadata,
    reference("user_id", "users", cascade=True),
    Column("before_s", Integer),  # how long before a shift starts; none: not at all
    Column("started", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    PrimaryKeyConstraint("user_id"),
)

# of which handoffs somebody was told: never of one twice
handoffs_told = Table(
    "handoffs_told",
    metadata,
    reference("user_id", "users", cascade=True),
    reference("schedule_id", "schedules", cascade=True),
    Column("moment", String, nullable=False),  # before | started | ended
    instant("at"),  # of the handoff
    PrimaryKeyConstraint("user_id", "schedule_id", "moment", "at"),
    Index(None, "at"),
)

# What somebody is to be told about shifts; deleted once it is planned as notifications.
shift_notices = Table(
    "shift_notices",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("text", String, nullable=False),
    instant("created_at"),
)
