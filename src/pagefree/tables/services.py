"""What is monitored, and the configured sources of alerts on it."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Interval,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

services = Table(
    "services",
    metadata,
    id_column(),
    reference("team_id", "teams"),
    Column("name", String, nullable=False, unique=True),
    Column("description", String, nullable=False, server_default=""),
    reference("escalation_policy_id", "escalation_policies", nullable=True),
    Column("lifecycle", String, nullable=False, server_default="active"),
    Column("tier", SmallInteger),  # 1 matters most, 4 least; none: nobody has said
    # which alerts share an incident: {"mode": …}, empty: those of the source's own group
    Column("grouping", JSONB, nullable=False, server_default="{}"),
    Column("auto_resolve", Interval),  # of alerts without an event for so long
    # technical | business: one that people buy or use, made of others; nothing reports on it
    Column("kind", String, nullable=False, server_default="technical"),
    Column("tags", ARRAY(String), nullable=False, server_default="{}"),
    Column("runbook_url", String),  # what to do when it burns
    # at most one: what nothing routes ends up here
    Column("catch_all", Boolean, nullable=False, server_default=false()),
    instant("created_at"),
    Index(None, "team_id"),
    Index("ix_services_tags", "tags", postgresql_using="gin"),
    Index(
        "uq_services_catch_all",
        "catch_all",
        unique=True,
        postgresql_where=text("catch_all"),
    ),
)

service_dependencies = Table(
    "service_dependencies",
    metadata,
    id_column(),
    reference("service_id", "services", cascade=True),
    reference("depends_on_id", "services", cascade=True),
    instant("created_at"),
    UniqueConstraint("service_id", "depends_on_id"),
    CheckConstraint("service_id <> depends_on_id", name="other"),
    Index(None, "depends_on_id"),
)

# A team wants to give a service to another team, whose admin has to take it.
service_transfers = Table(
    "service_transfers",
    metadata,
    id_column(),
    reference("service_id", "services", cascade=True),
    reference("from_team_id", "teams", cascade=True),
    reference("to_team_id", "teams", cascade=True),
    Column("note", String, nullable=False, server_default=""),
    reference("asked_by_id", "users", nullable=True),
    instant("asked_at"),
    # asked | accepted | declined | withdrawn
    Column("state", String, nullable=False),
    reference("decided_by_id", "users", nullable=True),
    instant("decided_at", nullable=True),
    Index(
        "uq_service_transfers_asked",
        "service_id",
        unique=True,
        postgresql_where=text("state = 'asked'"),
    ),
    Index(
        "ix_service_transfers_to_team_id",
        "to_team_id",
        postgresql_where=text("state = 'asked'"),
    ),
    Index(None, "service_id"),
)

integrations = Table(
    "integrations",
    metadata,
    id_column(),
    reference("service_id", "services", cascade=True),
    Column("kind", String, nullable=False),  # folder name in integrations/
    Column("name", String, nullable=False),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    # {"required": bool, "scheme": how requests are signed, if not as its kind does}
    Column("signing", JSONB, nullable=False, server_default="{}"),
    Column("repeat_window_s", Integer, nullable=False, server_default="900"),
    instant("created_at"),
    instant("disabled_at", nullable=True),
    Index(None, "service_id"),
)

routing_keys = Table(
    "routing_keys",
    metadata,
    id_column(),
    reference("integration_id", "integrations", cascade=True),
    Column("prefix", String, nullable=False),  # first characters, to tell keys apart
    Column("token_hash", LargeBinary, nullable=False),  # SHA-256
    instant("created_at"),
    instant("expires_at", nullable=True),
    UniqueConstraint("token_hash"),
    Index(None, "integration_id"),
)

# What senders sign with. Two may be active, while the sender is moved to the new one.
signing_secrets = Table(
    "signing_secrets",
    metadata,
    id_column(),
    reference("integration_id", "integrations", cascade=True),
    Column("prefix", String, nullable=False),  # first characters, to tell them apart
    Column("sealed", LargeBinary, nullable=False),
    instant("created_at"),
    instant("expires_at", nullable=True),
    Index(None, "integration_id"),
)
