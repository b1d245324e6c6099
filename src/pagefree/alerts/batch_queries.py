"""The statements of ingest: each takes a whole batch as arrays, on a plain connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.infra.arrays import arrays, new_rows
from pagefree.infra.db import Connection
from pagefree.infra.writes import Write

Key = tuple[UUID, str]  # integration, dedup key

# request, integration, content type, user agent, body, outcome, error, signature, context,
# outcomes and alert ids of its events as array literals (arrays of arrays cannot be ragged)
NewRequest = tuple[
    UUID, UUID, str, str, bytes, str, str | None, str, str | None, str, str
]
# id, integration, service, incident (none: nobody is told), request, dedup key, status,
# severity, title, body, source url, labels, links, occurrences, episode
NewAlert = tuple[
    UUID,
    UUID,
    UUID,
    UUID | None,
    UUID,
    str,
    str,
    str,
    str,
    str,
    str | None,
    str,
    str,
    int,
    datetime | None,
]
# routed by, suppression, suppressed by, its id, event, auto-resolve, due
MoreOfAlert = tuple[
    str,
    str | None,
    str | None,
    UUID | None,
    str | None,
    timedelta | None,
    datetime | None,
]
UnusualAlert = tuple[*NewAlert, *MoreOfAlert]
# id, request, occurrences to add, resolved, then what the last firing event says or nulls
ChangedAlert = tuple[
    UUID,
    UUID,
    int,
    bool,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    datetime | None,
]
# id, service, integration, summary, source, details, links
NewChange = tuple[UUID, UUID, UUID, str, str, str, str]
# integration, dedup key, episode
EndedEpisode = tuple[UUID, str, datetime]

# The keys come sorted, so the order of the locks is the order of the keys: two processes
# never wait in a circle. LATERAL with a lock cannot be turned round into a scan of all
# alerts, which is what the planner takes for cheap while the table is new.
LOCK_OPEN = """
SELECT asked.place, a.id, a.incident_id, a.severity, a.opened_at, a.episode_at
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY
    AS asked (integration_id, dedup_key, place)
CROSS JOIN LATERAL (
    SELECT id, incident_id, severity, opened_at, episode_at
    FROM alerts
    WHERE alerts.integration_id = asked.integration_id
        AND alerts.dedup_key = asked.dedup_key COLLATE "C"
        AND alerts.status = 'open'
    FOR UPDATE
) AS a
"""

ENDED = """
SELECT asked.place, e.episode_at
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY
    AS asked (integration_id, dedup_key, place)
CROSS JOIN LATERAL (
    SELECT episode_at
    FROM ended_episodes
    WHERE ended_episodes.integration_id = asked.integration_id
        AND ended_episodes.dedup_key = asked.dedup_key COLLATE "C"
    OFFSET 0
) AS e
"""

INSERT_REQUESTS = f"""
INSERT INTO inbound_requests (
    id, integration_id, received_at, content_type, user_agent, body, outcome, error,
    signature, context, event_outcomes, alert_ids
)
SELECT id, integration_id, $1, content_type, user_agent, body, outcome, error,
    signature, context::jsonb, outcomes::text[], alert_ids::uuid[]
FROM {
    new_rows(
        2,
        id="uuid",
        integration_id="uuid",
        content_type="text",
        user_agent="text",
        body="bytea",
        outcome="text",
        error="text",
        signature="text",
        context="text",
        outcomes="text",
        alert_ids="text",
    )
}
"""  # noqa: S608 - nothing of it comes from outside

_ALERT = {
    "id": "uuid",
    "integration_id": "uuid",
    "service_id": "uuid",
    "incident_id": "uuid",
    "request_id": "uuid",
    "dedup_key": "text",
    "status": "text",
    "severity": "text",
    "title": "text",
    "body": "text",
    "source_url": "text",
    "labels": "text",
    "links": "text",
    "occurrences": "int",
    "episode_at": "timestamptz",
}
_MORE_OF_ALERT = {
    "routed_by": "text",
    "suppression": "text",
    "suppressed_by": "text",
    "suppressed_by_id": "uuid",
    "event": "text",
    "auto_resolve": "interval",
    "due_at": "timestamptz",
}
_INSERT_ALERTS = """
INSERT INTO alerts (
    id, integration_id, service_id, incident_id, last_request_id, dedup_key, status,
    severity, title, body, source_url, labels, links, occurrences, episode_at,
    opened_at, last_at, resolved_at{more}
)
SELECT id, integration_id, service_id, incident_id, request_id, dedup_key, status,
    severity, title, body, source_url, labels::jsonb, links::jsonb, occurrences,
    episode_at, $1::timestamptz, $1, CASE WHEN status = 'resolved' THEN $1 END{values}
FROM {rows}
"""
_MORE = """, routed_by, suppression, suppressed_by, suppressed_by_id, {event},
    auto_resolve, due_at"""
# of most alerts there is no more to say than what the columns say by themselves
INSERT_ALERTS = _INSERT_ALERTS.format(more="", values="", rows=new_rows(2, **_ALERT))
INSERT_UNUSUAL_ALERTS = _INSERT_ALERTS.format(
    more=_MORE.format(event="event"),
    values=_MORE.format(event="event::jsonb"),
    rows=new_rows(2, **_ALERT, **_MORE_OF_ALERT),
)

UPDATE_ALERTS = f"""
UPDATE alerts AS a
SET last_request_id = new.request_id,
    last_at = $1::timestamptz,
    occurrences = a.occurrences + new.fired,
    status = CASE WHEN new.resolved THEN 'resolved' ELSE a.status END,
    resolved_at = CASE WHEN new.resolved THEN $1 ELSE a.resolved_at END,
    due_at = CASE WHEN new.resolved THEN NULL ELSE a.due_at END,
    severity = coalesce(new.severity, a.severity),
    title = coalesce(new.title, a.title),
    body = coalesce(new.body, a.body),
    source_url = coalesce(new.source_url, a.source_url),
    labels = coalesce(new.labels::jsonb, a.labels),
    links = coalesce(new.links::jsonb, a.links),
    episode_at = coalesce(new.episode_at, a.episode_at)
FROM {
    new_rows(
        2,
        id="uuid",
        request_id="uuid",
        fired="int",
        resolved="bool",
        severity="text",
        title="text",
        body="text",
        source_url="text",
        labels="text",
        links="text",
        episode_at="timestamptz",
    )
}
WHERE a.id = new.id
"""  # noqa: S608 - nothing of it comes from outside

UPSERT_ENDED = """
INSERT INTO ended_episodes (integration_id, dedup_key, episode_at, ended_at)
SELECT integration_id, dedup_key, episode_at, $1
FROM unnest($2::uuid[], $3::text[], $4::timestamptz[])
    AS new (integration_id, dedup_key, episode_at)
ON CONFLICT (integration_id, dedup_key) DO UPDATE
SET episode_at = greatest(ended_episodes.episode_at, excluded.episode_at),
    ended_at = excluded.ended_at
"""

INSERT_CHANGES = """
INSERT INTO changes (
    id, service_id, integration_id, summary, source, details, links, at
)
SELECT id, service_id, integration_id, summary, source, details::jsonb, links::jsonb, $1
FROM unnest(
    $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[]
) AS new (id, service_id, integration_id, summary, source, details, links)
"""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An open alert that nobody else can change until this transaction ends."""

    id: UUID
    incident_id: UUID | None  # none: nobody was told
    severity: str
    opened_at: datetime
    episode_at: datetime | None


async def lock_open(
    connection: Connection, keys: Sequence[Key]
) -> dict[int, OpenAlert]:
    """The open alerts of the sorted `keys`, by place in them; locked in their order."""
    rows = await connection.fetch(LOCK_OPEN, *zip(*keys, strict=True))
    return {place - 1: OpenAlert(*rest) for place, *rest in rows}


async def ended_episodes(
    connection: Connection, keys: Sequence[Key]
) -> dict[int, datetime]:
    """When the last ended episode of `keys` began, by place in `keys`."""
    rows = await connection.fetch(ENDED, *zip(*keys, strict=True))
    return {place - 1: episode_at for place, episode_at in rows}


def insert_requests(rows: Sequence[NewRequest], now: datetime) -> Write:
    """Append raw requests."""
    return Write(INSERT_REQUESTS, [now, *arrays(rows)])


def insert_alerts(
    usual: Sequence[NewAlert], unusual: Sequence[UnusualAlert], now: datetime
) -> list[Write]:
    """Add alerts; raises a unique violation if one of the keys was opened meanwhile."""
    both = (INSERT_ALERTS, usual), (INSERT_UNUSUAL_ALERTS, unusual)
    return [Write(sql, [now, *arrays(rows)]) for sql, rows in both if rows]


def update_alerts(rows: Sequence[ChangedAlert], now: datetime) -> list[Write]:
    """Count occurrences and resolve; the alerts are locked before."""
    return [Write(UPDATE_ALERTS, [now, *arrays(rows)])] if rows else []


async def upsert_ended(
    connection: Connection, rows: Sequence[EndedEpisode], now: datetime
) -> None:
    """Remember the latest episode that has ended."""
    if rows:
        await connection.execute(UPSERT_ENDED, now, *zip(*rows, strict=True))


async def insert_changes(
    connection: Connection, rows: Sequence[NewChange], now: datetime
) -> None:
    """Add changes."""
    if rows:
        await connection.execute(INSERT_CHANGES, now, *zip(*rows, strict=True))
