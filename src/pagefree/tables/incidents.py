"""What people are paged for."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

incident_number = Sequence("incident_number", metadata=metadata)

incidents = Table(
    "incidents",
    metadata,
    id_column(),
    Column(
        "number",
        BigInteger,
        incident_number,
        nullable=False,
        server_default=incident_number.next_value(),
    ),
    Column("service_id", Uuid, nullable=False),
    Column(
        "team_id", Uuid, nullable=False
    ),  # the service's when it opened; access is decided by it
    Column("title", String, nullable=False),
    Column("status", String, nullable=False),  # triggered | acknowledged | resolved
    Column("severity", String, nullable=False),
    Column("priority", String),  # P1 to P5
    Column("urgency", String, nullable=False),  # high | low
    Column(
        "group_key", String(collation="C")
    ),  # open incidents of a service with the same one are joined
    Column("alert_count", Integer, nullable=False),
    Column("open_alert_count", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),  # of its timeline
    instant("opened_at"),
    instant("acknowledged_at", nullable=True),
    Column("acknowledged_by_id", Uuid),
    instant("resolved_at", nullable=True),
    Column("resolved_by_id", Uuid),
    instant("snoozed_until", nullable=True),
    Column("merged_into_id", Uuid),
    UniqueConstraint("number"),
    Index(
        "ix_incidents_open",
        text("id DESC"),
        postgresql_where=text("status <> 'resolved'"),
    ),
    Index("ix_incidents_status_id", "status", text("id DESC")),
    Index(
        "ix_incidents_acknowledged_by_id_id",
        "acknowledged_by_id",
        text("id DESC"),
        postgresql_where=text("acknowledged_by_id IS NOT NULL"),
    ),
    Index(
        "ix_incidents_resolved_at",
        "resolved_at",
        postgresql_where=text("resolved_at IS NOT NULL"),
    ),
    Index("ix_incidents_service_id_id", "service_id", text("id DESC")),
    Index("ix_incidents_team_id_id", "team_id", text("id DESC")),
    # the worst one of a service comes first
    Index(
        "ix_incidents_open_of_service",
        "service_id",
        "urgency",
        text("status DESC"),
        postgresql_where=text("status <> 'resolved'"),
    ),
    Index(
        "uq_incidents_open_group_key",
        "service_id",
        "group_key",
        unique=True,
        postgresql_where=text("resolved_at IS NULL AND group_key IS NOT NULL"),
    ),
    Index(
        "ix_incidents_merged_into_id",
        "merged_into_id",
        postgresql_where=text("merged_into_id IS NOT NULL"),
    ),
    # every one is updated at once, when somebody is paged: with room for that beside it, no
    # index has to learn of it
    postgresql_with={"fillfactor": 50},
)

# Who works on it, besides whoever acknowledged: added by hand or by reassigning.
incident_responders = Table(
    "incident_responders",
    metadata,
    id_column(),
    reference("incident_id", "incidents", cascade=True),
    reference("user_id", "users", cascade=True),
    reference("added_by_id", "users", nullable=True),
    instant("added_at"),
    UniqueConstraint("incident_id", "user_id"),
    Index(None, "user_id"),
)

saved_views = Table(
    "saved_views",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("name", String, nullable=False),
    Column("query", String, nullable=False),  # the query string of the incident list
    instant("created_at"),
    UniqueConstraint("user_id", "name"),
)
