"""What was learned from incidents: postmortems, their versions, images and action items."""

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from pagefree.tables.metadata import id_column, instant, metadata, reference

postmortems = Table(
    "postmortems",
    metadata,
    id_column(),
    # of the first incident when it was begun; access is decided by it
    Column("team_id", Uuid, nullable=False),
    Column("state", String, nullable=False),  # draft | in_review | published
    Column("version", Integer, nullable=False),  # number of the newest one
    # as in the newest version, which holds all of it
    Column("title", String, nullable=False),
    Column("summary", String, nullable=False),
    Column("body", String, nullable=False),  # Markdown, hostile
    Column("impact", JSONB, nullable=False),
    Column("timeline", JSONB, nullable=False),
    Column("tags", ARRAY(String), nullable=False, server_default="{}"),
    instant("started_at"),  # when the trouble began
    Column("created_by_id", Uuid, nullable=False),
    instant("created_at"),
    Column("updated_by_id", Uuid, nullable=False),
    instant("updated_at"),
    Column("submitted_by_id", Uuid),
    instant("submitted_at", nullable=True),
    Column("published_by_id", Uuid),
    instant("published_at", nullable=True),
    # who writes at the moment; over once `lock_until` has come
    Column("lock_holder_id", Uuid),
    instant("lock_until", nullable=True),
    instant("deleted_at", nullable=True),
    Column(
        "search",
        TSVECTOR,
        Computed(
            "to_tsvector('english', title || ' ' || summary || ' ' || body)",
            persisted=True,
        ),
    ),
    Index("ix_postmortems_team_id_id", "team_id", text("id DESC")),
    Index("ix_postmortems_search", "search", postgresql_using="gin"),
    Index("ix_postmortems_tags", "tags", postgresql_using="gin"),
)

postmortem_incidents = Table(
    "postmortem_incidents",
    metadata,
    reference("postmortem_id", "postmortems", cascade=True),
    reference("incident_id", "incidents", cascade=True),
    UniqueConstraint("postmortem_id", "incident_id"),
    Index(None, "incident_id"),
)

# Numbers count saves. Saves of one person within some minutes end as one version.
postmortem_versions = Table(
    "postmortem_versions",
    metadata,
    id_column(),
    reference("postmortem_id", "postmortems", cascade=True),
    Column("number", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("author_id", Uuid, nullable=False),
    instant("began_at"),  # the first of the saves that it stands for
    instant("saved_at"),
    # the next save must not take its place: it was reviewed, restored, or the first
    Column("kept", Boolean, nullable=False, server_default=false()),
    Column("note", String, nullable=False, server_default=""),
    UniqueConstraint("postmortem_id", "number"),
)

postmortem_images = Table(
    "postmortem_images",
    metadata,
    id_column(),
    reference("postmortem_id", "postmortems", cascade=True),
    Column("name", String, nullable=False),
    Column("content_type", String, nullable=False),  # by its first bytes
    Column("size", Integer, nullable=False),  # in bytes
    Column("content", LargeBinary, nullable=False),
    Column("added_by_id", Uuid, nullable=False),
    instant("added_at"),
    Index(None, "postmortem_id"),
)

action_items = Table(
    "action_items",
    metadata,
    id_column(),
    reference("postmortem_id", "postmortems", cascade=True),
    Column("text", String, nullable=False),
    reference("owner_id", "users", nullable=True),
    Column("due_on", Date),
    Column("status", String, nullable=False),  # open | done | dropped
    Column("ticket_url", String),
    Column("ticket_key", String),  # what the tracker calls it: OPS-12
    Column("created_by_id", Uuid, nullable=False),
    instant("created_at"),
    instant("closed_at", nullable=True),
    instant("remind_at", nullable=True),  # when its owner is reminded next
    Index(None, "postmortem_id"),
    Index(None, "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
    Index(None, "owner_id", postgresql_where=text("status = 'open'")),
)

postmortem_templates = Table(
    "postmortem_templates",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    Column("name", String, nullable=False),
    Column("body", String, nullable=False),
    Column("updated_by_id", Uuid, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("team_id", "name", postgresql_nulls_not_distinct=True),
)

# Where a team's action items become tickets; secrets are only named here.
ticket_trackers = Table(
    "ticket_trackers",
    metadata,
    Column("team_id", Uuid, primary_key=True),
    Column("kind", String, nullable=False),  # folder name in actions/
    Column("config", JSONB, nullable=False),
    Column("updated_by_id", Uuid, nullable=False),
    instant("updated_at"),
)
