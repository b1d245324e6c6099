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
