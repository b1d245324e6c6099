"""The chat that an incident has of its own, where the room of a team asks for it."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Index,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

incident_chats = Table(
    "incident_chats",
    metadata,
    id_column(),
    Column("incident_id", Uuid, nullable=False),
    reference("room_id", "contact_methods", cascade=True),
    Column("place", String),  # as the provider calls it; none: it is not made yet
    Column("topic", String, nullable=False, server_default=""),  # as it was set last
    Column("invited", ARRAY(String), nullable=False, server_default="{}"),  # addresses
    # of the last entry of the timeline that was told there
    Column("told_seq", BigInteger, nullable=False, server_default="0"),
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # in a row
    Column("error", String),  # why it was given up
    instant("created_at"),
    instant("due_at", nullable=True),  # none: archived, or given up
    instant("archived_at", nullable=True),
    UniqueConstraint("incident_id", "room_id"),
    Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
)
