"""One message to one address, and what became of it."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

notification_rules = Table(
    "notification_rules",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("urgency", String, nullable=False),  # high | low
    Column("delay", Interval, nullable=False),
    reference("contact_method_id", "contact_methods", cascade=True),
    UniqueConstraint("user_id", "urgency", "delay", "contact_method_id"),
)

notifications = Table(
    "notifications",
    metadata,
    id_column(),
    Column("incident_id", Uuid),  # none: a test of the address
    Column("user_id", Uuid, nullable=False),
    Column(
        "contact_method_id", Uuid
    ),  # none: the person has no way to be reached (skipped)
    Column("channel", String, nullable=False),
    # page | more | fallback | unreached | added | test | proof | code
    Column("kind", String, nullable=False),
    Column(
        "cause", String, nullable=False
    ),  # "step 2", "fallback", "added by Ana": shown to people
    Column(
        "priority", SmallInteger, nullable=False
    ),  # 0 first page, 1 escalation, 2 the rest
    # planned | sending | accepted | delivered | failed | unknown | skipped
    Column("status", String, nullable=False),
    Column("skip_reason", String),
    Column("attempt_count", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("send_at"),
    instant(
        "due_at", nullable=True
    ),  # send_at, the next retry, or the end of a lease; none when finished
    Column("lease", Uuid),  # of whoever is sending it now
    instant("finished_at", nullable=True),
    instant("read_at", nullable=True),  # in-app only
    # accepted, and a receipt is to come until then; none: it came, or is not waited for
    instant("receipt_due_at", nullable=True),
    instant("receipt_missed_at", nullable=True),  # it did not come in time
    instant(
        "withdraw_due_at", nullable=True
    ),  # what was sent is to be brought up to date
    Column("withdraw_count", SmallInteger, nullable=False, server_default="0"),  # tries
    Column("bundled_with_id", Uuid),  # the notification in whose message this one went
    Index(
        "ix_notifications_due",
        "channel",
        "priority",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        None,
        "receipt_due_at",
        postgresql_where=text("receipt_due_at IS NOT NULL"),
    ),
    Index(
        None,
        "withdraw_due_at",
        postgresql_where=text("withdraw_due_at IS NOT NULL"),
    ),
    Index(None, "incident_id"),
    Index("ix_notifications_user_id_id", "user_id", text("id DESC")),
    postgresql_with={"fillfactor": 85},
)

attempts = Table(
    "attempts",
    metadata,
    id_column(),
    # no reference: to check that of a row just updated cost as much as to store both;
    # whoever forgets a notification deletes its attempts
    Column("notification_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("outcome", String, nullable=False),  # accepted | failed | unknown
    Column("provider", String, nullable=False, server_default=""),
    Column("provider_id", String),  # its name of the message, which receipts give
    Column("receipt", String),  # accepted | delivered | failed
    instant("receipt_at", nullable=True),
    Column("error", String),
    Column("segments", SmallInteger),  # that a phone network makes of it
    Column("cost", Numeric(10, 4)),  # an estimate, in the currency of the price given
    Column("possible_duplicate", Boolean, nullable=False, server_default=false()),
    instant("started_at"),
    instant("finished_at"),
    UniqueConstraint("notification_id", "number"),
    Index(
        None,
        "provider_id",
        postgresql_where=text("receipt IS DISTINCT FROM 'delivered'"),
    ),
)

action_links = Table(
    "action_links",
    metadata,
    id_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("incident_id", Uuid, nullable=False),
    reference("user_id", "users", cascade=True),
    Column("verb", String, nullable=False),  # acknowledge | acknowledge_all | resolve
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", nullable=True),
    Index(None, "expires_at"),
)

# In demo mode what would have been sent is kept here and shown in the web app.
outbox_messages = Table(
    "outbox_messages",
    metadata,
    id_column(),
    reference("user_id", "users", nullable=True, cascade=True),
    Column("notification_id", Uuid),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    Column("html", String),
    Column("payload", JSONB),
    instant("at"),
)
