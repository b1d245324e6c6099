"""What is expected to report by itself, and what it reported."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Interval,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from pagefree.tables.metadata import id_column, instant, metadata, reference

heartbeats = Table(
    "heartbeats",
    metadata,
    id_column(),
    # of kind `heartbeat`: its routing key is the ping key, its service is paged
    reference("integration_id", "integrations", cascade=True),
    Column("ping_id", Uuid, nullable=False),  # the secret in its address
    Column("name", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("tags", ARRAY(String), nullable=False, server_default="{}"),
    Column("severity", String, nullable=False),  # of its alerts
    # when the next ping is due: so long after the last one, or as cron says
    Column("period", Interval),
    Column("cron", String),
    Column("time_zone", String, nullable=False),  # whose wall clock cron goes by
    Column("grace", Interval, nullable=False),
    Column("post_only", Boolean, nullable=False, server_default=false()),
    # whether pings end a pause, or only people do
    Column("manual_resume", Boolean, nullable=False, server_default=false()),
    instant("created_at"),
    # what core/heartbeats.py knows of it
    Column("state", String, nullable=False),  # new | up | late | down | paused
    instant("last_ping_at", nullable=True),  # that said how it went
    instant("expected_at", nullable=True),  # the next one
    instant("started_at", nullable=True),  # a run that has not ended yet
    Column("run_id", Uuid),  # of that run, where its sender numbers them
    Column("last_duration", Interval),
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("reason", String),  # why it is down: missed | unfinished | failed
    Column(
        "told", Boolean, nullable=False, server_default=false()
    ),  # of its being down
    # a failure that nobody was told of yet, whatever came after it
    Column("untold", Boolean, nullable=False, server_default=false()),
    Column("ping_count", BigInteger, nullable=False, server_default="0"),
    # when to look at it again; none: not before the next ping
    instant("due_at", nullable=True),
    UniqueConstraint("ping_id"),
    CheckConstraint("(period IS NULL) <> (cron IS NULL)", name="schedule"),
    Index("ix_heartbeats_integration_id_slug", "integration_id", "slug"),
    Index(
        "ix_heartbeats_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")
    ),
)

# The last hundred of each: ping n is kept in slot n modulo 100, where it takes the place
# of the one a hundred before.
heartbeat_pings = Table(
    "heartbeat_pings",
    metadata,
    Column(
        "heartbeat_id",
        Uuid,
        ForeignKey("heartbeats.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("slot", SmallInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),  # from 1
    instant("at"),
    Column("kind", String, nullable=False),  # start | success | fail | log | ignored
    Column("exit_status", SmallInteger),
    Column("method", String, nullable=False),
    Column("remote_address", String, nullable=False),
    Column("user_agent", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # its beginning
    Column("run_id", Uuid),
    Column("duration", Interval),  # of the run that it ended
)

# Processes that take pings, and up to when every ping that reached them is on disk: no
# silence is believed before.
ping_lanes = Table(
    "ping_lanes",
    metadata,
    Column("name", String, primary_key=True),
    instant("heard_until"),
    instant("seen_at"),
)

# The one row says since when pings can be taken without a break, until now.
listening = Table(
    "listening",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    instant("since"),
    instant("until"),
)
