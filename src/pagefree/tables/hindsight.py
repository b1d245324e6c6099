"""What past incidents were like, and which pages people could have done without."""

from sqlalchemy import (
    Column,
    Index,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from pagefree.tables.metadata import id_column, instant, metadata, reference

# Of resolved incidents, written some seconds after: opening one must not wait for an index
# of words. Title words weigh most (A), labels are words like "env=prod" (D).
incident_words = Table(
    "incident_words",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("service_id", Uuid, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    instant("resolved_at"),
    Index("ix_incident_words_words", "words", postgresql_using="gin"),
    Index(
        "ix_incident_words_service_id_incident_id",
        "service_id",
        text("incident_id DESC"),
    ),
    Index(None, "resolved_at"),
)

# "This page was noise": one row per person, incident and condition that it had.
noise_reports = Table(
    "noise_reports",
    metadata,
    id_column(),
    reference("incident_id", "incidents", cascade=True),
    reference("user_id", "users", cascade=True),
    Column("team_id", Uuid, nullable=False),  # the incident's
    Column("service_id", Uuid, nullable=False),
    Column("integration_id", Uuid, nullable=False),
    Column("dedup_key", String(collation="C"), nullable=False),
    Column("title", String, nullable=False),  # of the alert
    instant("created_at"),
    # somebody has made a rule of it, or has said that none is wanted
    instant("settled_at", nullable=True),
    Column("settled_as", String),  # rule | dismissed
    UniqueConstraint("incident_id", "user_id", "integration_id", "dedup_key"),
    Index(
        "ix_noise_reports_open",
        "integration_id",
        "dedup_key",
        postgresql_where=text("settled_at IS NULL"),
    ),
    Index(None, "user_id"),
)
