"""Status pages: components, what is told about incidents, maintenance, subscribers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

status_pages = Table(
    "status_pages",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True),  # none: the installation's
    Column("name", String, nullable=False),
    Column("slug", String, nullable=False, unique=True),
    Column("domain", String, unique=True),  # host name; lower case
    Column("description", String, nullable=False, server_default=""),
    Column("footer", String, nullable=False, server_default=""),
    Column("support_url", String),
    # {"de": {"name", "description", "footer"}}: its own texts in further languages
    Column("translations", JSONB, nullable=False, server_default="{}"),
    Column("time_zone", String, nullable=False, server_default="UTC"),
    Column("languages", ARRAY(String), nullable=False),  # the first is its own
    Column("colour", String, nullable=False, server_default="#4c6ef5"),
    Column("theme", String, nullable=False, server_default="auto"),
    Column("logo", LargeBinary),
    Column("logo_type", String),  # media type
    Column("favicon", LargeBinary),
    Column("favicon_type", String),
    # {"P1": state, …, "critical": state}: what an open incident does to a component
    Column("rules", JSONB, nullable=False, server_default="{}"),
    Column("uptime_shown", Boolean, nullable=False, server_default=text("true")),
    # who may look: public | private; what opens a private page follows
    Column("visibility", String, nullable=False, server_default="public"),
    Column("password_hash", String),
    Column("signed_in", Boolean, nullable=False, server_default=text("false")),
    Column("partners", Boolean, nullable=False, server_default=text("false")),
    Column("networks", ARRAY(String), nullable=False, server_default="{}"),
    instant("created_at"),
    instant("changed_at"),  # of its own settings
    instant("due_at"),  # rendered anew then: at once, or when something ends by itself
    Column("version", BigInteger, nullable=False, server_default="0"),  # of renderings
    Index(None, "due_at"),
    Index(None, "team_id"),
)

component_groups = Table(
    "component_groups",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("name", String, nullable=False),
    Column("description", String, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
    Column("collapsed", Boolean, nullable=False, server_default=text("false")),
    instant("created_at"),
    instant("updated_at"),
    Index(None, "page_id"),
)

components = Table(
    "components",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("group_id", Uuid, ForeignKey("component_groups.id", ondelete="SET NULL")),
    Column("name", String, nullable=False),
    Column("description", String, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
    Column("condition", String, nullable=False, server_default=""),  # CEL on alerts
    Column("rules", JSONB),  # none: the page's
    Column(
        "showcase", Boolean, nullable=False, server_default=text("true")
    ),  # with bars
    Column(
        "only_show_if_degraded", Boolean, nullable=False, server_default=text("false")
    ),
    Column("started_on", Date),  # uptime counts from here
    Column("state", String, nullable=False, server_default="operational"),
    Column("override_state", String),
    instant("override_until", nullable=True),  # none: until somebody ends it
    Column("override_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("updated_at"),
    Index(None, "page_id"),
    Index(None, "group_id"),
    Index(None, "override_by_id"),
)

component_services = Table(
    "component_services",
    metadata,
    id_column(),
    reference("component_id", "components", cascade=True),
    reference("service_id", "services", cascade=True),
    UniqueConstraint("component_id", "service_id"),
    Index(None, "service_id"),
)

# What state a component was in, without gaps: the source of uptime.
component_states = Table(
    "component_states",
    metadata,
    id_column(),
    reference("component_id", "components", cascade=True),
    Column("state", String, nullable=False),
    instant("start_at"),
    instant("end_at", nullable=True),  # none: until now
    CheckConstraint("end_at > start_at", name="order"),
    Index(None, "component_id", "start_at"),
    Index(
        "uq_component_states_open",
        "component_id",
        unique=True,
        postgresql_where=text("end_at IS NULL"),
    ),
)

status_incidents = Table(
    "status_incidents",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column(
        "incident_id", Uuid
    ),  # ours, of which it tells; no foreign key, as elsewhere
    Column("name", String, nullable=False),
    Column("impact", String),  # chosen; none: what its components say
    Column("postmortem_url", String),
    Column("status", String, nullable=False),  # of its newest published update
    instant("started_at"),
    instant("resolved_at", nullable=True),
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("updated_at"),
    Index("ix_status_incidents_page_id_id", "page_id", text("id DESC")),
    Index(None, "incident_id"),
    Index(None, "created_by_id"),
)

status_incident_components = Table(
    "status_incident_components",
    metadata,
    id_column(),
    reference("status_incident_id", "status_incidents", cascade=True),
    reference("component_id", "components", cascade=True),
    Column("state", String, nullable=False),  # what it does to the component while open
    UniqueConstraint("status_incident_id", "component_id"),
    Index(None, "component_id"),
)

maintenance_series = Table(
    "maintenance_series",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("rrule", String, nullable=False),  # RFC 5545, without DTSTART
    Column("time_zone", String, nullable=False),  # whose wall clock it keeps
    instant("first_start_at"),
    Column("length_s", Integer, nullable=False),
    # {"name", "body", "component_ids", "automatic", "remind_s"} of the next occurrences
    Column("draft", JSONB, nullable=False),
    instant("planned_until"),  # occurrences before this have their row
    instant("ended_at", nullable=True),  # no more occurrences
    instant("created_at"),
    Index(None, "page_id"),
)

status_maintenances = Table(
    "status_maintenances",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("series_id", Uuid, ForeignKey("maintenance_series.id", ondelete="SET NULL")),
    Column("name", String, nullable=False),
    Column("body", String, nullable=False, server_default=""),
    # scheduled | in_progress | verifying | completed | cancelled
    Column("status", String, nullable=False),
    instant("scheduled_for"),
    instant("scheduled_until"),
    Column("automatic", Boolean, nullable=False, server_default=text("true")),
    Column("remind_s", Integer),  # before it begins; none: no reminder
    instant("reminded_at", nullable=True),
    instant("started_at", nullable=True),
    instant("completed_at", nullable=True),
    Column("sequence", Integer, nullable=False, server_default="0"),  # RFC 5545 3.8.7.4
    instant("due_at", nullable=True),  # begins, ends or reminds by itself then
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("series_id", "scheduled_for"),
    CheckConstraint("scheduled_until > scheduled_for", name="order"),
    Index("ix_status_maintenances_page_id_scheduled_for", "page_id", "scheduled_for"),
    Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(None, "created_by_id"),
)

status_maintenance_components = Table(
    "status_maintenance_components",
    metadata,
    id_column(),
    reference("maintenance_id", "status_maintenances", cascade=True),
    reference("component_id", "components", cascade=True),
    UniqueConstraint("maintenance_id", "component_id"),
    Index(None, "component_id"),
)

# What was told, about an incident or about maintenance.
status_updates = Table(
    "status_updates",
    metadata,
    id_column(),
    reference("status_incident_id", "status_incidents", nullable=True, cascade=True),
    reference("maintenance_id", "status_maintenances", nullable=True, cascade=True),
    Column("status", String, nullable=False),
    Column("body", String, nullable=False),
    Column("audience", String, nullable=False),  # everyone | partners
    Column("quiet", Boolean, nullable=False, server_default=text("false")),
    # {component id: state}: what it said of components then
    Column("components", JSONB, nullable=False, server_default="{}"),
    instant("display_at"),  # the time shown with it
    instant("publish_at"),  # due then, unless it is published
    instant("published_at", nullable=True),
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("updated_at"),
    CheckConstraint(
        "(status_incident_id IS NULL) <> (maintenance_id IS NULL)", name="about_one"
    ),
    Index(None, "status_incident_id"),
    Index(None, "maintenance_id"),
    Index(
        "ix_status_updates_due",
        "publish_at",
        postgresql_where=text("published_at IS NULL"),
    ),
    Index(None, "created_by_id"),
)

# What an update said before it was corrected.
status_corrections = Table(
    "status_corrections",
    metadata,
    id_column(),
    reference("update_id", "status_updates", cascade=True),
    Column("before", JSONB, nullable=False),  # {"body", "status", "display_at"}
    Column("reason", String, nullable=False),
    Column("corrected_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("corrected_at"),
    Index(None, "update_id"),
    Index(None, "corrected_by_id"),
)

status_templates = Table(
    "status_templates",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("name", String, nullable=False),
    Column("title", String, nullable=False),  # Handlebars, as is the body
    Column("body", String, nullable=False),
    Column("status", String, nullable=False),
    instant("created_at"),
    UniqueConstraint("page_id", "name"),
)

# What opens a private page: in a header, or exchanged for a cookie.
page_tokens = Table(
    "page_tokens",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("name", String, nullable=False),
    Column("prefix", String, nullable=False),  # first characters, to tell them apart
    Column("token_hash", LargeBinary, nullable=False),  # SHA-256
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("expires_at", nullable=True),
    UniqueConstraint("token_hash"),
    Index(None, "page_id"),
    Index(None, "created_by_id"),
)

# The newest rendering of each page: all its files as bytes.
status_snapshots = Table(
    "status_snapshots",
    metadata,
    Column(
        "page_id",
        Uuid,
        ForeignKey("status_pages.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("version", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    instant("rendered_at"),
    # how far the bucket is that it is copied to, where there is one
    Column("pushed_version", BigInteger),
    instant("pushed_at", nullable=True),
    Column("push_error", String),
    instant("push_due_at", nullable=True),  # after a failure: not before
)

subscribers = Table(
    "subscribers",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    Column("channel", String, nullable=False),  # email | webhook | slack | teams | sms
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("incidents", Boolean, nullable=False, server_default=text("true")),
    Column("maintenances", Boolean, nullable=False, server_default=text("true")),
    Column("every_component", Boolean, nullable=False, server_default=text("true")),
    Column("sealed_secret", LargeBinary),  # a webhook's deliveries are signed with it
    Column("confirm_hash", LargeBinary, unique=True),
    instant("confirm_until", nullable=True),
    instant("confirmed_at", nullable=True),
    Column("bounces", Integer, nullable=False, server_default="0"),
    instant("bounced_at", nullable=True),
    instant("stopped_at", nullable=True),  # too many bounces: nothing more is sent
    instant("created_at"),
    UniqueConstraint("page_id", "channel", "address"),
)

# Where not every component: these.
subscriber_components = Table(
    "subscriber_components",
    metadata,
    id_column(),
    reference("subscriber_id", "subscribers", cascade=True),
    reference("component_id", "components", cascade=True),
    UniqueConstraint("subscriber_id", "component_id"),
    Index(None, "component_id"),
)

# Something that all who follow a page are told of, once the page shows it.
status_mailings = Table(
    "status_mailings",
    metadata,
    id_column(),
    reference("page_id", "status_pages", cascade=True),
    reference("update_id", "status_updates", nullable=True, cascade=True),
    reference("maintenance_id", "status_maintenances", nullable=True, cascade=True),
    # update | planned | moved | reminded | in_progress | verifying | completed | cancelled
    Column("kind", String, nullable=False),
    instant("created_at"),
    instant("queued_at", nullable=True),  # none: its messages have yet to be made
    CheckConstraint("(update_id IS NULL) <> (maintenance_id IS NULL)", name="of_one"),
    UniqueConstraint("update_id"),
    Index(None, "page_id"),
    Index(None, "maintenance_id"),
    Index(
        "ix_status_mailings_waiting",
        "created_at",
        postgresql_where=text("queued_at IS NULL"),
    ),
)

# One message to one subscriber: due, leased, sent or given up.
status_messages = Table(
    "status_messages",
    metadata,
    id_column(),
    reference("subscriber_id", "subscribers", cascade=True),
    # none: it asks the subscriber to confirm
    reference("mailing_id", "status_mailings", nullable=True, cascade=True),
    instant("due_at", nullable=True),  # none: it is over; while leased: the lease's end
    Column("leased", Boolean, nullable=False, server_default=text("false")),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("sent_at", nullable=True),
    Column("possible_duplicate", Boolean, nullable=False, server_default=text("false")),
    Column("error", String),
    instant("created_at"),
    UniqueConstraint("subscriber_id", "mailing_id"),
    Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(None, "mailing_id"),
)
