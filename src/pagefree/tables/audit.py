"""Who changed what: entries that are never changed, the chain that seals them, its settings."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pagefree.tables.metadata import instant, metadata

# No foreign keys: it outlives what it is about. Written by triggers (audit/triggers.py) and by
# audit.service.note, in the transaction of the change; sealed a moment later.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    instant("at"),
    Column("kind", String, nullable=False),  # "service.updated", "sign_in.refused"
    Column("object_kind", String, nullable=False),  # "service"
    Column("object_id", String, nullable=False, server_default=""),
    Column("object_name", String, nullable=False, server_default=""),  # as it was then
    Column("team_id", Uuid),  # whose it is; none: the installation's
    # user | service_account | partner | system | database: psql, past the product
    Column("actor_kind", String, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_name", String, nullable=False, server_default=""),
    # session | api_key | …; none: nobody asked, a job did it
    Column("credential_kind", String),
    Column("credential_id", Uuid),
    Column("address", String, nullable=False, server_default=""),
    Column("request_id", String, nullable=False, server_default=""),
    Column("route", String, nullable=False, server_default=""),  # "PUT /v1/teams/{id}"
    # the columns that differ, of rows; whole rows that came or went
    Column("before", JSONB),
    Column("after", JSONB),
    Column("data", JSONB),  # what else there is to say
    # set once by the sealer: 1, 2, 3 … without gaps, and SHA-256 over it and all before
    Column("seq", BigInteger),
    Column("hash", LargeBinary),
    CheckConstraint("(seq IS NULL) = (hash IS NULL)", name="sealed"),
    Index(
        "uq_audit_entries_seq",
        "seq",
        unique=True,
        postgresql_where=text("seq IS NOT NULL"),
    ),
    Index(
        "ix_audit_entries_unsealed", "id", postgresql_where=text("seq IS NULL")
    ),  # next to nothing
    Index("ix_audit_entries_team_id_id", "team_id", "id"),
    Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
    Index("ix_audit_entries_object_id_id", "object_id", "id"),
    Index(None, "at"),
)

# One row: the head of the chain, and the anchor, behind which entries were cut off.
audit_chain = Table(
    "audit_chain",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False, server_default="0"),  # the newest sealed
    Column("hash", LargeBinary, nullable=False, server_default=""),
    # over both, with the installation's key: the database alone cannot make it
    Column("mac", LargeBinary, nullable=False, server_default=""),
    instant("sealed_at", nullable=True),
    Column("anchor_seq", BigInteger, nullable=False, server_default="0"),
    Column("anchor_hash", LargeBinary, nullable=False, server_default=""),
    Column("anchor_mac", LargeBinary, nullable=False, server_default=""),
    instant("anchored_at", nullable=True),
    CheckConstraint("id = 1", name="one_row"),
)

# One row: how long entries are kept, and where they are streamed to.
audit_settings = Table(
    "audit_settings",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("retention_days", Integer),  # none: for ever
    # a webhook or syslog; none: nowhere
    Column("stream_kind", String),
    Column("stream_address", LargeBinary),  # sealed: an address may hold a token
    Column("stream_secret", LargeBinary),  # sealed; of a webhook
    Column("stream_host", String, nullable=False, server_default=""),  # what is shown
    instant("updated_at", nullable=True),
    CheckConstraint("id = 1", name="one_row"),
)

# How far the stream is: apart, because it moves every second.
audit_streams = Table(
    "audit_streams",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False, server_default="0"),  # the last one taken
    instant("due_at", nullable=True),  # after a failure: not before
    Column("tries", Integer, nullable=False, server_default="0"),  # in vain, in a row
    Column("error", String),
    instant("sent_at", nullable=True),
    CheckConstraint("id = 1", name="one_row"),
)
