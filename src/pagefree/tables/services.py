"""What is monitored, and the configured sources of alerts on it."""

from sqlalchemy import Column, Index, LargeBinary, String, Table, UniqueConstraint
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
    instant("created_at"),
    Index(None, "team_id"),
)

integrations = Table(
    "integrations",
    metadata,
    id_column(),
    reference("service_id", "services", cascade=True),
    Column("kind", String, nullable=False),  # folder name in integrations/
    Column("name", String, nullable=False),
    Column("settings", JSONB, nullable=False, server_default="{}"),
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
