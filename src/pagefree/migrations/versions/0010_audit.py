"""Who changed what; programs that act in their own name, and whence keys may be used."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hash", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("mac", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchor_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("anchor_hash", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("anchor_mac", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("anchored_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), server_default="", nullable=False),
        sa.Column("object_name", sa.String(), server_default="", nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), server_default="", nullable=False),
        sa.Column("credential_kind", sa.String(), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("request_id", sa.String(), server_default="", nullable=False),
        sa.Column("route", sa.String(), server_default="", nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(seq IS NULL) = (hash IS NULL)", name=op.f("ck_audit_entries_sealed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_actor_id_id",
        "audit_entries",
        ["actor_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_index(
        "ix_audit_entries_object_id_id",
        "audit_entries",
        ["object_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_audit_entries_team_id_id", "audit_entries", ["team_id", "id"], unique=False
    )
    op.create_index(
        "ix_audit_entries_unsealed",
        "audit_entries",
        ["id"],
        unique=False,
        postgresql_where=sa.text("seq IS NULL"),
    )
    op.create_index(
        "uq_audit_entries_seq",
        "audit_entries",
        ["seq"],
        unique=True,
        postgresql_where=sa.text("seq IS NOT NULL"),
    )
    op.create_table(
        "audit_settings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("stream_kind", sa.String(), nullable=True),
        sa.Column("stream_address", sa.LargeBinary(), nullable=True),
        sa.Column("stream_secret", sa.LargeBinary(), nullable=True),
        sa.Column("stream_host", sa.String(), server_default="", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_settings")),
    )
    op.create_table(
        "audit_streams",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_streams_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_streams")),
    )
    op.add_column(
        "users",
        sa.Column(
            "service_account", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    op.add_column(
        "api_keys",
        sa.Column(
            "networks",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
