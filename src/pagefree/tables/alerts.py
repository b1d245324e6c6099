"""What monitoring tools sent, and the conditions they reported."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Interval,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import (
    INSTANT,
    id_column,
    instant,
    metadata,
    reference,
)

# No foreign keys on the two tables below: they would cost an index look-up per row on
# the hot path, and raw requests must outlive what they refer to.
# Partitions of a day each, by the time in the id (infra/ids.first_id_of); what belongs to none
# is in the default one. retention/partitions.py makes them ahead, and drops the old ones.
inbound_requests = Table(
    "inbound_requests",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("integration_id", Uuid, nullable=False),
    instant("received_at"),
    Column("content_type", String, nullable=False),
    Column("user_agent", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # processed | quarantined | ignored | repeated | rejected | replayed
    Column("outcome", String, nullable=False),
    Column("error", String),  # why it was not processed
    # verified | unsigned | rejected
    Column("signature", String, nullable=False, server_default="unsigned"),
    Column("context", JSONB),  # what was read beside the body, if anything
    # One entry for each event in the request, both arrays in the order of the body:
    # opened | duplicate | acknowledged | resolved | stale | unmatched | suppressed | change
    Column("event_outcomes", ARRAY(String), nullable=False),
    Column("alert_ids", ARRAY(Uuid), nullable=False),  # null where no alert was touched
    Index("ix_inbound_requests_integration_id_id", "integration_id", text("id DESC")),
    Index(
        "ix_inbound_requests_quarantined",
        text("id DESC"),
        postgresql_where=text("outcome = 'quarantined'"),
    ),
    # the name that is not in the way of its partitions', which all begin with
    # pk_inbound_requests: by it ingest knows that it has stored a batch already
    PrimaryKeyConstraint("id", name="pk_all_inbound_requests"),
    postgresql_partition_by="RANGE (id)",
)

# What senders must be able to send twice without harm: deliveries that have an id, and
# bodies whose events have no identity of their own.
deliveries = Table(
    "deliveries",
    metadata,
    Column("integration_id", Uuid, primary_key=True),
    Column("digest", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False),  # the first one
    instant("expires_at"),
    Index(None, "expires_at"),
)

alerts = Table(
    "alerts",
    metadata,
    id_column(),
    Column("integration_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("incident_id", Uuid),  # none: nobody is told, `suppressed_by` says why
    Column(
        "merged_from_id", Uuid
    ),  # the incident it came from, so that a merge can be undone
    Column("last_request_id", Uuid, nullable=False),  # what `last_at` came from
    Column("dedup_key", String(collation="C"), nullable=False),
    Column("status", String, nullable=False),  # open | resolved
    Column("severity", String, nullable=False),
    Column("title", String, nullable=False),
    Column("body", String, nullable=False, server_default=""),
    Column("source_url", String),
    Column("labels", JSONB, nullable=False, server_default="{}"),
    Column("links", JSONB, nullable=False, server_default="[]"),
    Column("occurrences", Integer, nullable=False),
    instant("episode_at", nullable=True),  # when the source says this condition began
    instant("opened_at"),
    instant("last_at"),
    instant("resolved_at", nullable=True),
    # integration | rule | team | catch_all | since: who said that it belongs to its service
    Column("routed_by", String, nullable=False, server_default="integration"),
    Column("suppression", String),  # rule | maintenance | hold | count
    Column("suppressed_by", String),  # the named reason, in words
    Column("suppressed_by_id", Uuid),  # the rule or the maintenance window
    Column("event", JSONB),  # as it came in, of a suppressed one: to decide again
    Column("auto_resolve", Interval),  # without an event for so long it is over
    # When to look at it again: a hold, a suppression or a window ends, or it is to be
    # resolved. Not moved by duplicates: whoever looks counts from `last_at`.
    instant("due_at", nullable=True),
    Index("ix_alerts_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(
        "ix_alerts_suppressed_by_id",
        "suppressed_by_id",
        postgresql_where=text("status = 'open' AND incident_id IS NULL"),
    ),
    Index(
        "ix_alerts_unrouted",
        text("id DESC"),
        postgresql_where=text("routed_by = 'catch_all'"),
    ),
    Index(
        "uq_alerts_open_dedup_key",
        "integration_id",
        "dedup_key",
        unique=True,
        postgresql_where=text("status = 'open'"),
    ),
    # with the id: else the newest of a small incident are looked for among all alerts
    Index("ix_alerts_incident_id_id", "incident_id", "id"),
    Index("ix_alerts_service_id_id", "service_id", text("id DESC")),
    # duplicates update only unindexed columns: room on the page keeps them HOT
    postgresql_with={"fillfactor": 85},
)

# The last episode that ended, per dedup key of sources that tell when a condition began:
# a late copy of its firing message must not open the alert again.
ended_episodes = Table(
    "ended_episodes",
    metadata,
    Column("integration_id", Uuid, primary_key=True),
    Column("dedup_key", String(collation="C"), primary_key=True),
    instant("episode_at"),
    instant("ended_at"),
)

# When a dedup key fired lately, where a rule pages only on the nth time within a while;
# outlives the alert, because what flaps resolves in between.
recent_firings = Table(
    "recent_firings",
    metadata,
    Column("integration_id", Uuid, primary_key=True),
    Column("dedup_key", String(collation="C"), primary_key=True),
    Column("fired_at", ARRAY(INSTANT), nullable=False),  # oldest first
    instant("last_at"),
    Index(None, "last_at"),
)

changes = Table(
    "changes",
    metadata,
    id_column(),
    reference("service_id", "services", cascade=True),
    Column("integration_id", Uuid, nullable=False),
    Column("summary", String, nullable=False),
    Column("source", String, nullable=False, server_default=""),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("links", JSONB, nullable=False, server_default="[]"),
    instant("at"),
    Index("ix_changes_service_id_id", "service_id", text("id DESC")),
)
