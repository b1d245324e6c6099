"""Partners: people outside who may see granted pages, how they sign in, what they looked at."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

partners = Table(
    "partners",
    metadata,
    id_column(),
    Column("email", String, nullable=False, unique=True),  # lower case
    Column("name", String, nullable=False, server_default=""),
    Column("organisation", String, nullable=False, server_default=""),
    Column("notes", String, nullable=False, server_default=""),  # for people inside
    Column("owner_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("invited_at", nullable=True),  # the newest invitation
    instant("set_up_at", nullable=True),  # signed in for the first time
    instant("expires_at", nullable=True),
    instant("deactivated_at", nullable=True),
    Index(None, "owner_id"),
)

# Those of one partner on one page are set together, and share `partner_updates`.
partner_grants = Table(
    "partner_grants",
    metadata,
    id_column(),
    reference("partner_id", "partners", cascade=True),
    reference("page_id", "status_pages", cascade=True),
    reference("component_id", "components", nullable=True, cascade=True),  # none: all
    Column("partner_updates", Boolean, nullable=False, server_default=text("false")),
    instant("expires_at", nullable=True),
    Column("granted_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("granted_at"),
    UniqueConstraint(
        "partner_id", "page_id", "component_id", postgresql_nulls_not_distinct=True
    ),
    Index(None, "page_id"),
    Index(None, "component_id"),
    Index(None, "granted_by_id"),
)

# A link by mail: first asked for, whoever asks; then made and sent, if there is a partner.
partner_links = Table(
    "partner_links",
    metadata,
    id_column(),
    Column("kind", String, nullable=False),  # sign_in | invitation
    Column("email", String, nullable=False),  # as asked for, lower case
    reference("partner_id", "partners", nullable=True, cascade=True),
    Column("browser_hash", LargeBinary),  # SHA-256; none: works in every browser
    Column("token_hash", LargeBinary, unique=True),  # SHA-256; none: not made yet
    instant("expires_at", nullable=True),
    instant("used_at", nullable=True),
    instant("due_at", nullable=True),  # to be sent then; none: over
    Column("tries", Integer, nullable=False, server_default="0"),
    instant("sent_at", nullable=True),
    Column("error", String),
    Column("address", String, nullable=False, server_default=""),  # of who asked
    Column("user_agent", String, nullable=False, server_default=""),
    instant("created_at"),
    Index(None, "partner_id"),
    Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
)

# Apart from those of users in everything: table, cookie, and what they open.
partner_sessions = Table(
    "partner_sessions",
    metadata,
    id_column(),
    reference("partner_id", "partners", cascade=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("address", String, nullable=False, server_default=""),
    Column("user_agent", String, nullable=False, server_default=""),
    instant("created_at"),
    instant("seen_at"),
    instant("expires_at"),
    instant("ended_at", nullable=True),  # before its time
    Index(None, "partner_id"),
)

# Somebody asks to become a partner.
partner_requests = Table(
    "partner_requests",
    metadata,
    id_column(),
    Column("email", String, nullable=False),  # lower case
    Column("name", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("message", String, nullable=False, server_default=""),
    Column("address", String, nullable=False, server_default=""),
    Column("user_agent", String, nullable=False, server_default=""),
    instant("created_at"),
    Column("decision", String),  # approved | refused; none: open
    instant("decided_at", nullable=True),
    Column("decided_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    Index(
        "uq_partner_requests_open",
        "email",
        unique=True,
        postgresql_where=text("decision IS NULL"),
    ),
    Index(None, "decided_by_id"),
)

# Every look and every refusal. No foreign keys: it outlives what it is about.
partner_accesses = Table(
    "partner_accesses",
    metadata,
    id_column(),
    instant("at"),
    # signed_in | signed_out | viewed | denied
    Column("kind", String, nullable=False),
    Column("partner_id", Uuid),
    Column("email", String, nullable=False),  # as it was then; empty: not known
    Column("page_id", Uuid),
    Column("page_name", String, nullable=False, server_default=""),
    Column("what", String, nullable=False, server_default=""),  # which file, or why not
    Column("address", String, nullable=False, server_default=""),
    Column("user_agent", String, nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "partner_id"),
    Index(None, "page_id"),
)
