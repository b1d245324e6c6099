"""Channels: their credentials and health, proof of addresses, what people answer and prefer."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Time,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

channel_configs = Table(
    "channel_configs",
    metadata,
    Column("channel", String, primary_key=True),  # folder name in channels/
    Column("source", String, primary_key=True),  # operator | admin: the first wins
    Column("sealed", LargeBinary),  # JSON of the channel's Config; none: demo mode
    instant("updated_at"),
    Column("updated_by_id", Uuid),
)

# One row for each provider that has failed since it last worked.
provider_states = Table(
    "provider_states",
    metadata,
    Column("channel", String, primary_key=True),
    Column("provider", String, primary_key=True),  # "": the channel has only one
    Column("failures", Integer, nullable=False),  # in a row
    instant("rests_until", nullable=True),  # its circuit breaker is open
    Column("broken_reason", String),  # it refuses us, whoever it is for
    instant("since"),
)

contact_codes = Table(
    "contact_codes",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    # none: whoever sends the code from a chat becomes a new contact method
    reference("contact_method_id", "contact_methods", nullable=True, cascade=True),
    Column("channel", String, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),  # salted with the id
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", nullable=True),
    Index(None, "user_id", "created_at"),
    Index(None, "expires_at"),
)

reply_codes = Table(
    "reply_codes",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("code", SmallInteger, primary_key=True, autoincrement=False),
    Column("incident_id", Uuid, nullable=False),
    instant("given_at"),
    UniqueConstraint("user_id", "incident_id"),
)

replies = Table(
    "replies",
    metadata,
    id_column(),
    Column("channel", String, nullable=False),
    Column("provider_id", String),  # none: the provider gives none
    Column("sender", String, nullable=False),
    Column("text", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("user_id", Uuid),  # none: nobody whom we know
    Column("incident_id", Uuid),
    Column("outcome", String, nullable=False),  # what came of it, in one line
    instant("at"),
    UniqueConstraint("channel", "provider_id"),
    Index(None, "at"),
)

notification_preferences = Table(
    "notification_preferences",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("language", String, nullable=False, server_default="en"),  # BCP 47
    Column("quiet_from", Time),  # wall clock of the person's own zone
    Column("quiet_to", Time),
    # quiet hours hold back urgent and critical pages too
    Column("quiet_urgent", Boolean, nullable=False, server_default=false()),
    # pages of low urgency while not on call in any schedule
    Column("low_off_duty", Boolean, nullable=False, server_default=true()),
    Column("weekly_digest", Boolean, nullable=False, server_default=true()),
)

# When each person who responds gets the next digest of their week.
digests = Table(
    "digests",
    metadata,
    Column(
        "user_id",
        Uuid,
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("time_zone", String, nullable=False),  # by whose clock `due_at` was made
    instant("due_at"),  # or the end of a lease, or the next try
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # in vain
    instant("sent_at", nullable=True),  # the last one; none: no week was worth a word
    Index(None, "due_at"),
)

findings = Table(
    "findings",
    metadata,
    id_column(),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),  # what it is about, once
    Column("team_id", Uuid),  # none: platform admins look after it
    Column("user_id", Uuid),
    Column("channel", String),
    Column("detail", String, nullable=False),  # one sentence for people
    instant("found_at"),
    instant("ended_at", nullable=True),
    Index(
        "uq_findings_open",
        "kind",
        "key",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)
