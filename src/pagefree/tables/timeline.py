"""Append-only history of everything."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import instant, metadata

events = Table(
    "events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    instant("at"),
    Column("kind", String, nullable=False),  # "incident.acknowledged"
    Column("incident_id", Uuid),
    Column("seq", Integer),  # 1, 2, 3 … within its incident, without gaps
    Column("team_id", Uuid),
    Column("actor_kind", String, nullable=False),  # user | integration | system
    Column("actor_id", Uuid),
    Column("actor_name", String, nullable=False),  # as it was then
    Column("data", JSONB, nullable=False, server_default="{}"),
    Index(
        "uq_events_incident_id_seq",
        "incident_id",
        "seq",
        unique=True,
        postgresql_where=text("incident_id IS NOT NULL"),
    ),
)

# How far each listener has read. Ids are handed out before commit, so a smaller one may
# appear later: those are remembered as [first, last, since].
event_listeners = Table(
    "event_listeners",
    metadata,
    Column("name", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the id of the newest event it has seen
    Column("missing", JSONB, nullable=False, server_default="[]"),
)
