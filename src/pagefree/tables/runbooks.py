"""Runbooks: versions, approvals, the outside systems that run them, runs and their audit."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

# How a system outside is reached that runs something for us.
target_connections = Table(
    "target_connections",
    metadata,
    id_column(),
    Column("kind", String, nullable=False),  # folder name in targets/
    Column("name", String, nullable=False),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    # besides the owner: whose runbooks may use it; ignored where it is of all
    Column("team_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("sealed", LargeBinary, nullable=False),  # JSON of the kind's Connection
    Column("fingerprint", String, nullable=False),  # of what is no secret in it
    # internal networks that may be reached through it; a platform admin's decision
    Column("networks", ARRAY(String), nullable=False, server_default="{}"),
    Column("created_by_id", Uuid),
    instant("created_at"),
    instant("updated_at"),
    instant("tested_at"),
    instant("deleted_at", nullable=True),
    Index(None, "team_id"),
)

runbooks = Table(
    "runbooks",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    Column("name", String, nullable=False),  # of the newest version
    Column("created_by_id", Uuid),
    instant("created_at"),
    instant("stopped_at", nullable=True),  # nothing may run until it is let go again
    Column("stopped_by_id", Uuid),
    Column("stopped_reason", String),
    instant("archived_at", nullable=True),
    Index(None, "team_id"),
)

# Never changed but in its state: what was approved is what runs.
runbook_versions = Table(
    "runbook_versions",
    metadata,
    id_column(),
    reference("runbook_id", "runbooks", cascade=True),
    Column("number", Integer, nullable=False),  # 1, 2, 3 …
    Column("content", JSONB, nullable=False),
    Column("content_hash", String, nullable=False),  # SHA-256 of the canonical JSON
    Column(
        "state", String, nullable=False
    ),  # draft | in_review | approved | deprecated
    Column("note", String, nullable=False, server_default=""),
    Column("author_id", Uuid, nullable=False),
    # all who have written since the version that was approved last
    Column("writer_ids", ARRAY(Uuid), nullable=False),
    instant("created_at"),
    instant("submitted_at", nullable=True),
    Column("submitted_by_id", Uuid),
    instant("deprecated_at", nullable=True),
    UniqueConstraint("runbook_id", "number"),
)

runbook_approvals = Table(
    "runbook_approvals",
    metadata,
    id_column(),
    reference("version_id", "runbook_versions", cascade=True),
    Column("content_hash", String, nullable=False),  # what was looked at
    # the fingerprints, by id, of the connections as they were
    Column("connections", JSONB, nullable=False, server_default="{}"),
    Column("approver_id", Uuid, nullable=False),
    Column("comment", String, nullable=False, server_default=""),
    instant("confirmed_at"),  # when the approver proved who they are
    instant("at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    Index(None, "version_id"),
)

# What two people let run at once, for one incident, although nobody has approved it yet.
runbook_emergencies = Table(
    "runbook_emergencies",
    metadata,
    id_column(),
    reference("version_id", "runbook_versions", cascade=True),
    Column("content_hash", String, nullable=False),  # what both were looking at
    # the fingerprints, by id, of the connections as they were
    Column("connections", JSONB, nullable=False, server_default="{}"),
    reference("incident_id", "incidents", cascade=True),
    Column("reason", String, nullable=False),
    Column("asked_by_id", Uuid, nullable=False),
    instant("asked_at"),
    Column("confirmed_by_id", Uuid),
    instant("confirmed_at", nullable=True),
    instant("expires_at"),  # of the question, once it is answered of the answer
    Column("reviewed_by_id", Uuid),
    instant("reviewed_at", nullable=True),
    Column("review", String),
    Index(None, "version_id"),
    Index(None, "incident_id"),
)

runbook_comments = Table(
    "runbook_comments",
    metadata,
    id_column(),
    reference("version_id", "runbook_versions", cascade=True),
    Column("author_id", Uuid, nullable=False),
    Column("text", String, nullable=False),
    instant("at"),
    Index(None, "version_id"),
)

# Who, besides its admins, may approve what is a team's.
runbook_approvers = Table(
    "runbook_approvers",
    metadata,
    id_column(),
    reference("team_id", "teams", cascade=True),
    reference("user_id", "users", cascade=True),
    Column("given_by_id", Uuid, nullable=False),
    instant("given_at"),
    UniqueConstraint("team_id", "user_id"),
    Index(None, "user_id"),
)

runbook_settings = Table(
    "runbook_settings",
    metadata,
    Column("key", String, primary_key=True),  # "installation": there is only one row
    Column("approval_days", Integer, nullable=False),
    instant("stopped_at", nullable=True),  # nothing runs in the whole installation
    Column("stopped_by_id", Uuid),
    Column("stopped_reason", String),
    instant("updated_at"),
)

runbook_runs = Table(
    "runbook_runs",
    metadata,
    id_column(),
    reference("runbook_id", "runbooks", cascade=True),
    reference("version_id", "runbook_versions", cascade=True),
    Column("content_hash", String, nullable=False),
    Column("connection_id", Uuid, nullable=False),
    Column("team_id", Uuid),  # the runbook's
    Column("incident_id", Uuid),
    Column("service_id", Uuid),  # the incident's
    # queued | running | succeeded | failed | timed_out | cancelled | unknown
    Column("state", String, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("automatic", Boolean, nullable=False, server_default=false()),
    Column("cause_kind", String, nullable=False),  # user | system
    Column("cause_id", Uuid),  # the person, or the run of the workflow
    Column("cause_name", String, nullable=False),
    Column("confirmed_by_id", Uuid),  # who let a workflow start it
    Column("emergency_id", Uuid),  # what let it run unapproved
    instant("created_at"),
    instant("due_at", nullable=True),  # when it is looked at next; none: it is over
    Column("tries", Integer, nullable=False, server_default="0"),
    # the request may have left; it is taken back only where it was refused for certain
    instant("launching_at", nullable=True),
    instant("started_at", nullable=True),  # the target has taken it
    instant("ends_at"),  # it is timed out by then
    instant("finished_at", nullable=True),
    instant("cancelled_at", nullable=True),  # somebody asked for that
    Column("cancelled_by_id", Uuid),
    Column("external_id", String),
    Column("external_url", String),
    Column("external_revision", String),  # what the target says it runs
    Column("outcome", String, nullable=False, server_default=""),  # one line
    Column("result", JSONB),  # what came back
    Column("token_hash", LargeBinary),  # of what the runner calls back with
    Column("cursor", String),  # how far the target's output was read
    Column("line_count", Integer, nullable=False, server_default="0"),
    Column("callback_count", Integer, nullable=False, server_default="0"),
    Index(
        "ix_runbook_runs_due",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(None, "runbook_id", "created_at"),
    Index(None, "incident_id"),
    Index(None, "connection_id", "external_id"),
)

runbook_run_lines = Table(
    "runbook_run_lines",
    metadata,
    reference("run_id", "runbook_runs", cascade=True),
    Column("number", Integer, nullable=False),  # 1, 2, 3 …
    Column("source", String, nullable=False),  # runner | target
    Column("text", String, nullable=False),  # hostile
    instant("at"),
    UniqueConstraint("run_id", "number"),
)

runbook_callbacks = Table(
    "runbook_callbacks",
    metadata,
    id_column(),
    reference("run_id", "runbook_runs", cascade=True),
    Column("verdict", String, nullable=False),  # applied | late | forged | repeated
    Column("event_id", String),  # what the runner calls it
    Column("body", String, nullable=False),  # the beginning of it, hostile
    instant("at"),
    UniqueConstraint("run_id", "event_id"),
)

# A chain of hashes: nothing in the middle can be changed without all after it.
runbook_audit = Table(
    "runbook_audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    instant("at"),
    Column("kind", String, nullable=False),  # "runbook_run.succeeded"
    Column("runbook_id", Uuid),
    Column("version_id", Uuid),
    Column("run_id", Uuid),
    Column("team_id", Uuid),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_name", String, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Index(None, "runbook_id"),
)
