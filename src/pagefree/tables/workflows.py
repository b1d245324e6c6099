"""Workflows: versions, runs and their steps, secrets, subscriptions of machines."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

workflows = Table(
    "workflows",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    Column("name", String, nullable=False),
    Column("description", String, nullable=False, server_default=""),
    Column("enabled", Boolean, nullable=False, server_default=false()),
    Column("version_id", Uuid),  # the one that new runs take
    # what starts it ("incident_opened" …), of that version: to find it quickly
    Column("triggers", ARRAY(String), nullable=False, server_default="{}"),
    # more runs do not begin within an hour, whatever starts them
    Column("most_per_hour", Integer, nullable=False, server_default="1000"),
    instant("capped_at", nullable=True),  # when that was told of last
    Column("created_by_id", Uuid),
    instant("created_at"),
    instant("updated_at"),
    instant("archived_at", nullable=True),
    Index(None, "team_id"),
)

# Never changed: a run keeps the one it started with.
workflow_versions = Table(
    "workflow_versions",
    metadata,
    id_column(),
    reference("workflow_id", "workflows", cascade=True),
    Column("number", Integer, nullable=False),  # 1, 2, 3 …
    Column("content", JSONB, nullable=False),  # the graph
    Column("note", String, nullable=False, server_default=""),
    Column("author_id", Uuid),
    instant("created_at"),
    UniqueConstraint("workflow_id", "number"),
)

# Addresses that start a workflow; the key is shown once.
workflow_hooks = Table(
    "workflow_hooks",
    metadata,
    id_column(),
    reference("workflow_id", "workflows", cascade=True),
    Column("prefix", String, nullable=False),  # first characters, to tell keys apart
    Column("key_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("created_by_id", Uuid),
    instant("created_at"),
    instant("used_at", nullable=True),
    Index(None, "workflow_id"),
)

# What starts workflows later: "open for N minutes", and schedules.
workflow_timers = Table(
    "workflow_timers",
    metadata,
    id_column(),
    reference("workflow_id", "workflows", cascade=True),
    Column("version_id", Uuid, nullable=False),
    Column("node", String, nullable=False),  # the trigger
    Column("incident_id", Uuid),  # none: a schedule
    instant("due_at"),
    Index(None, "due_at"),
    Index(
        "uq_workflow_timers_incident",
        "workflow_id",
        "node",
        "incident_id",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
)

workflow_runs = Table(
    "workflow_runs",
    metadata,
    id_column(),
    reference("workflow_id", "workflows", cascade=True),
    reference("version_id", "workflow_versions", cascade=True),
    Column("team_id", Uuid),  # the workflow's
    # queued | running | paused | succeeded | failed | cancelled
    Column("status", String, nullable=False),
    Column("trigger", String, nullable=False),  # the node that started it
    Column("trigger_kind", String, nullable=False),
    Column("incident_id", Uuid),
    Column("event_id", BigInteger),  # of the timeline
    Column("input", JSONB, nullable=False),  # what conditions and templates see
    Column("concurrency_key", String),  # one run of this key at a time
    # the workflows that led to this run, itself last: guards against circles
    Column("chain", ARRAY(Uuid), nullable=False),
    Column("error", String),
    Column("callback", JSONB),  # what came before its step waited for it
    Column("cause_kind", String, nullable=False),  # user | integration | system
    Column("cause_id", Uuid),
    Column("cause_name", String, nullable=False),
    instant("created_at"),
    instant("started_at", nullable=True),
    instant("ended_at", nullable=True),
    Index("ix_workflow_runs_workflow_id_id", "workflow_id", text("id DESC")),
    Index("ix_workflow_runs_workflow_id_created_at", "workflow_id", "created_at"),
    Index(
        "ix_workflow_runs_incident_id_id",
        "incident_id",
        text("id DESC"),
        postgresql_where=text("incident_id IS NOT NULL"),
    ),
    # the same event starts the same trigger once
    Index(
        "uq_workflow_runs_event",
        "workflow_id",
        "trigger",
        "event_id",
        unique=True,
        postgresql_where=text("event_id IS NOT NULL"),
    ),
    Index(
        "uq_workflow_runs_key",
        "workflow_id",
        "concurrency_key",
        unique=True,
        postgresql_where=text(
            "concurrency_key IS NOT NULL AND status IN ('running', 'paused')"
        ),
    ),
    Index(
        "ix_workflow_runs_queued",
        "workflow_id",
        "concurrency_key",
        "id",
        postgresql_where=text("status = 'queued'"),
    ),
)

workflow_steps = Table(
    "workflow_steps",
    metadata,
    id_column(),
    reference("run_id", "workflow_runs", cascade=True),
    Column("node", String, nullable=False),
    Column("turn", Integer, nullable=False, server_default="0"),  # of its loop
    # due | running | waiting | looping | succeeded | failed | skipped | cancelled
    Column("status", String, nullable=False),
    # when it may be worked on: while running the end of its lease, while waiting of its wait
    instant("due_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # an attempt outside may have arrived, and nobody knows: the next one may repeat it
    Column("in_doubt", Boolean, nullable=False, server_default=false()),
    Column("port", String),  # by which it was left
    Column("input", JSONB),  # as it was asked for, secrets masked
    Column("output", JSONB),  # secrets masked
    Column("error", String),
    Column("external_id", Uuid),  # of what it waits for, e.g. a run of a runbook
    Column("answered_by_id", Uuid),
    instant("created_at"),
    instant("started_at", nullable=True),
    instant("ended_at", nullable=True),
    UniqueConstraint("run_id", "node", "turn"),
    Index(
        "ix_workflow_steps_due_at",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_workflow_steps_external_id",
        "external_id",
        postgresql_where=text("external_id IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 80},
)

workflow_secrets = Table(
    "workflow_secrets",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    Column("name", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("updated_by_id", Uuid),
    instant("updated_at"),
    Index(
        "uq_workflow_secrets_team_id_name",
        "team_id",
        "name",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
)

# Machines that are told of events.
event_subscriptions = Table(
    "event_subscriptions",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of all
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("shape", String, nullable=False),  # standard | pagerduty_v3
    Column("kinds", ARRAY(String), nullable=False),  # "incident.resolved", "incident."
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("sealed_old_secret", LargeBinary),  # signs too until it expires
    instant("old_secret_expires_at", nullable=True),
    Column("created_by_id", Uuid),
    instant("created_at"),
    instant("disabled_at", nullable=True),
    Column("disabled_reason", String),
    Column(
        "failures", Integer, nullable=False, server_default="0"
    ),  # given up in a row
    Index(None, "team_id"),
)

event_deliveries = Table(
    "event_deliveries",
    metadata,
    id_column(),
    reference("subscription_id", "event_subscriptions", cascade=True),
    Column("event_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("incident_id", Uuid),
    Column("sequence", Integer),  # of its incident
    Column("body", JSONB, nullable=False),
    Column("status", String, nullable=False),  # pending | delivered | failed
    instant("due_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("answer", String),  # the status, or why there was none
    instant("created_at"),
    instant("first_tried_at", nullable=True),
    instant("ended_at", nullable=True),
    Index(
        "ix_event_deliveries_due_at",
        "due_at",
        postgresql_where=text("status = 'pending'"),
    ),
    # in order: what came first of an incident has to arrive first
    Index(
        "ix_event_deliveries_pending",
        "subscription_id",
        "incident_id",
        "event_id",
        postgresql_where=text("status = 'pending'"),
    ),
    Index("ix_event_deliveries_subscription_id_id", "subscription_id", text("id DESC")),
    Index(None, "created_at"),
)
