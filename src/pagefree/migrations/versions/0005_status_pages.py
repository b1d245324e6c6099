"""Status pages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand: the previous release must keep running on the new schema."""
    op.create_table(
        "status_pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("footer", sa.String(), server_default="", nullable=False),
        sa.Column("support_url", sa.String(), nullable=True),
        sa.Column(
            "translations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("time_zone", sa.String(), server_default="UTC", nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("colour", sa.String(), server_default="#4c6ef5", nullable=False),
        sa.Column("theme", sa.String(), server_default="auto", nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(), nullable=True),
        sa.Column("favicon", sa.LargeBinary(), nullable=True),
        sa.Column("favicon_type", sa.String(), nullable=True),
        sa.Column(
            "rules",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "uptime_shown", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("visibility", sa.String(), server_default="public", nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column(
            "signed_in", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "partners", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "networks",
            postgresql.ARRAY(sa.String()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_status_pages_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_pages")),
        sa.UniqueConstraint("domain", name=op.f("uq_status_pages_domain")),
        sa.UniqueConstraint("slug", name=op.f("uq_status_pages_slug")),
    )
    op.create_index(
        op.f("ix_status_pages_due_at"), "status_pages", ["due_at"], unique=False
    )
    op.create_index(
        op.f("ix_status_pages_team_id"), "status_pages", ["team_id"], unique=False
    )
    op.create_table(
        "component_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "collapsed", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_component_groups_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_groups")),
    )
    op.create_index(
        op.f("ix_component_groups_page_id"),
        "component_groups",
        ["page_id"],
        unique=False,
    )
    op.create_table(
        "maintenance_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("first_start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length_s", sa.Integer(), nullable=False),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_maintenance_series_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_series")),
    )
    op.create_index(
        op.f("ix_maintenance_series_page_id"),
        "maintenance_series",
        ["page_id"],
        unique=False,
    )
    op.create_table(
        "page_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_page_tokens_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_page_tokens_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_page_tokens_token_hash")),
    )
    op.create_index(
        op.f("ix_page_tokens_created_by_id"),
        "page_tokens",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_page_tokens_page_id"), "page_tokens", ["page_id"], unique=False
    )
    op.create_table(
        "status_incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("impact", sa.String(), nullable=True),
        sa.Column("postmortem_url", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_status_incidents_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_status_incidents_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_incidents")),
    )
    op.create_index(
        op.f("ix_status_incidents_created_by_id"),
        "status_incidents",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_incidents_incident_id"),
        "status_incidents",
        ["incident_id"],
        unique=False,
    )
    op.create_index(
        "ix_status_incidents_page_id_id",
        "status_incidents",
        ["page_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "status_snapshots",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pushed_version", sa.BigInteger(), nullable=True),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("push_error", sa.String(), nullable=True),
        sa.Column("push_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_status_snapshots_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_status_snapshots")),
    )
    op.create_table(
        "status_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_status_templates_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_templates")),
        sa.UniqueConstraint(
            "page_id", "name", name=op.f("uq_status_templates_page_id_name")
        ),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "incidents", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column(
            "maintenances", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column(
            "every_component",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
        ),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("confirm_hash", sa.LargeBinary(), nullable=True),
        sa.Column("confirm_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounces", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_subscribers_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_subscribers_confirm_hash")),
        sa.UniqueConstraint(
            "page_id",
            "channel",
            "address",
            name=op.f("uq_subscribers_page_id_channel_address"),
        ),
    )
    op.create_table(
        "components",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), server_default="", nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "showcase", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column(
            "only_show_if_degraded",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), server_default="operational", nullable=False),
        sa.Column("override_state", sa.String(), nullable=True),
        sa.Column("override_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("override_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["component_groups.id"],
            name=op.f("fk_components_group_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["override_by_id"],
            ["users.id"],
            name=op.f("fk_components_override_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_components_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_components")),
    )
    op.create_index(
        op.f("ix_components_group_id"), "components", ["group_id"], unique=False
    )
    op.create_index(
        op.f("ix_components_override_by_id"),
        "components",
        ["override_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_components_page_id"), "components", ["page_id"], unique=False
    )
    op.create_table(
        "status_maintenances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.String(), server_default="", nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "automatic", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("remind_s", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "scheduled_until > scheduled_for", name=op.f("ck_status_maintenances_order")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_status_maintenances_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_status_maintenances_page_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["maintenance_series.id"],
            name=op.f("fk_status_maintenances_series_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_maintenances")),
        sa.UniqueConstraint(
            "series_id",
            "scheduled_for",
            name=op.f("uq_status_maintenances_series_id_scheduled_for"),
        ),
    )
    op.create_index(
        op.f("ix_status_maintenances_created_by_id"),
        "status_maintenances",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_maintenances_due_at"),
        "status_maintenances",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_status_maintenances_page_id_scheduled_for",
        "status_maintenances",
        ["page_id", "scheduled_for"],
        unique=False,
    )
    op.create_table(
        "component_services",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name=op.f("fk_component_services_component_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_component_services_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_services")),
        sa.UniqueConstraint(
            "component_id",
            "service_id",
            name=op.f("uq_component_services_component_id_service_id"),
        ),
    )
    op.create_index(
        op.f("ix_component_services_service_id"),
        "component_services",
        ["service_id"],
        unique=False,
    )
    op.create_table(
        "component_states",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_component_states_order")),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name=op.f("fk_component_states_component_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_states")),
    )
    op.create_index(
        op.f("ix_component_states_component_id_start_at"),
        "component_states",
        ["component_id", "start_at"],
        unique=False,
    )
    op.create_index(
        "uq_component_states_open",
        "component_states",
        ["component_id"],
        unique=True,
        postgresql_where=sa.text("end_at IS NULL"),
    )
    op.create_table(
        "status_incident_components",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status_incident_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name=op.f("fk_status_incident_components_component_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["status_incident_id"],
            ["status_incidents.id"],
            name=op.f("fk_status_incident_components_status_incident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_incident_components")),
        sa.UniqueConstraint(
            "status_incident_id",
            "component_id",
            name=op.f("uq_status_incident_components_status_incident_id_component_id"),
        ),
    )
    op.create_index(
        op.f("ix_status_incident_components_component_id"),
        "status_incident_components",
        ["component_id"],
        unique=False,
    )
    op.create_table(
        "status_maintenance_components",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("maintenance_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name=op.f("fk_status_maintenance_components_component_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["maintenance_id"],
            ["status_maintenances.id"],
            name=op.f("fk_status_maintenance_components_maintenance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_maintenance_components")),
        sa.UniqueConstraint(
            "maintenance_id",
            "component_id",
            name=op.f("uq_status_maintenance_components_maintenance_id_component_id"),
        ),
    )
    op.create_index(
        op.f("ix_status_maintenance_components_component_id"),
        "status_maintenance_components",
        ["component_id"],
        unique=False,
    )
    op.create_table(
        "status_updates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status_incident_id", sa.Uuid(), nullable=True),
        sa.Column("maintenance_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column(
            "quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "components",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("display_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status_incident_id IS NULL) <> (maintenance_id IS NULL)",
            name=op.f("ck_status_updates_about_one"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_status_updates_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["maintenance_id"],
            ["status_maintenances.id"],
            name=op.f("fk_status_updates_maintenance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["status_incident_id"],
            ["status_incidents.id"],
            name=op.f("fk_status_updates_status_incident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_updates")),
    )
    op.create_index(
        op.f("ix_status_updates_created_by_id"),
        "status_updates",
        ["created_by_id"],
        unique=False,
    )
    op.create_index(
        "ix_status_updates_due",
        "status_updates",
        ["publish_at"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_index(
        op.f("ix_status_updates_maintenance_id"),
        "status_updates",
        ["maintenance_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_updates_status_incident_id"),
        "status_updates",
        ["status_incident_id"],
        unique=False,
    )
    op.create_table(
        "subscriber_components",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscriber_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name=op.f("fk_subscriber_components_component_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriber_components_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber_components")),
        sa.UniqueConstraint(
            "subscriber_id",
            "component_id",
            name=op.f("uq_subscriber_components_subscriber_id_component_id"),
        ),
    )
    op.create_index(
        op.f("ix_subscriber_components_component_id"),
        "subscriber_components",
        ["component_id"],
        unique=False,
    )
    op.create_table(
        "status_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_by_id", sa.Uuid(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"],
            ["users.id"],
            name=op.f("fk_status_corrections_corrected_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["status_updates.id"],
            name=op.f("fk_status_corrections_update_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_corrections")),
    )
    op.create_index(
        op.f("ix_status_corrections_corrected_by_id"),
        "status_corrections",
        ["corrected_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_corrections_update_id"),
        "status_corrections",
        ["update_id"],
        unique=False,
    )
    op.create_table(
        "status_mailings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Uuid(), nullable=True),
        sa.Column("maintenance_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(update_id IS NULL) <> (maintenance_id IS NULL)",
            name=op.f("ck_status_mailings_of_one"),
        ),
        sa.ForeignKeyConstraint(
            ["maintenance_id"],
            ["status_maintenances.id"],
            name=op.f("fk_status_mailings_maintenance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["status_pages.id"],
            name=op.f("fk_status_mailings_page_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["status_updates.id"],
            name=op.f("fk_status_mailings_update_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_mailings")),
        sa.UniqueConstraint("update_id", name=op.f("uq_status_mailings_update_id")),
    )
    op.create_index(
        op.f("ix_status_mailings_maintenance_id"),
        "status_mailings",
        ["maintenance_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_status_mailings_page_id"), "status_mailings", ["page_id"], unique=False
    )
    op.create_index(
        "ix_status_mailings_waiting",
        "status_mailings",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("queued_at IS NULL"),
    )
    op.create_table(
        "status_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscriber_id", sa.Uuid(), nullable=False),
        sa.Column("mailing_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "leased", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "possible_duplicate",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["status_mailings.id"],
            name=op.f("fk_status_messages_mailing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_status_messages_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_messages")),
        sa.UniqueConstraint(
            "subscriber_id",
            "mailing_id",
            name=op.f("uq_status_messages_subscriber_id_mailing_id"),
        ),
    )
    op.create_index(
        op.f("ix_status_messages_due_at"),
        "status_messages",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_status_messages_mailing_id"),
        "status_messages",
        ["mailing_id"],
        unique=False,
    )
