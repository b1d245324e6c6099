"""An installation that has been at work for a month: filled by statements, in seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bench.world import World
from pagefree.core.partitions import DAY, days_to_make
from pagefree.infra.db import Connection
from pagefree.retention import partition_queries as partitions

ALERTS_EACH = 5
EVENTS_EACH = 6
PERSONS = "SELECT array_agg(id ORDER BY id) FROM users"
INTEGRATION = "SELECT min(id::text)::uuid FROM integrations WHERE service_id = $1"

# Everything is spread over `days` before now, in the order of ids.
INCIDENTS = """
INSERT INTO incidents (
    id, service_id, team_id, title, status, severity, priority, urgency, alert_count,
    open_alert_count, last_seq, opened_at, resolved_at, group_key
)
SELECT uuidv7((n - $4::int) * $5::interval), $1, $2,
    'Disk is full on node ' || n, CASE WHEN n % $6::int = 0 THEN 'triggered' ELSE 'resolved' END,
    (ARRAY['critical', 'error', 'warning'])[1 + n % 3], 'P1',
    CASE WHEN n % 3 = 0 THEN 'low' ELSE 'high' END, 1, 0, 1,
    $3::timestamptz + (n - $4::int) * $5::interval,
    CASE WHEN n % $6::int > 0 THEN $3::timestamptz END, 'group ' || n
FROM generate_series(1, $4::int) AS n
"""
ALERTS = """
INSERT INTO alerts (
    id, integration_id, service_id, incident_id, last_request_id, dedup_key, status,
    severity, title, occurrences, opened_at, last_at
)
SELECT uuidv7(i.opened_at - clock_timestamp()), $1, i.service_id, i.id, i.id,
    'disk/' || i.number || '/' || k,
    CASE WHEN $3 OR i.status <> 'resolved' THEN 'open' ELSE 'resolved' END, i.severity, i.title, 1, i.opened_at, i.opened_at
FROM incidents AS i, generate_series(1, $2::int) AS k
ORDER BY i.id
"""
REQUESTS = """
INSERT INTO inbound_requests (
    id, integration_id, received_at, content_type, user_agent, body, outcome,
    event_outcomes, alert_ids
)
SELECT uuidv7((n - $3::int) * $4::interval), $1,
    $2::timestamptz + (n - $3::int) * $4::interval, 'application/json', 'crowd',
    '\\x7b7d', CASE WHEN n % 10000 = 0 THEN 'quarantined' ELSE 'processed' END,
    '{duplicate}', '{null}'
FROM generate_series(1, $3::int) AS n
"""
ESCALATIONS = """
INSERT INTO escalations (incident_id, policy, steps_done, state, due_at)
SELECT id, '{"steps": [{}], "repeats": 0}', 1, 'stopped', NULL FROM incidents
"""
DUE = """
UPDATE escalations SET due_at = $1 WHERE incident_id IN (
    SELECT id FROM incidents WHERE status <> 'resolved' ORDER BY id DESC LIMIT 100
)
"""
EVENTS = """
INSERT INTO events (at, kind, incident_id, seq, team_id, actor_kind, actor_name)
SELECT opened_at, 'incident.triggered', id, k, team_id, 'system', 'crowd'
FROM incidents, generate_series(1, $1::int) AS k
"""
NOTIFICATIONS = """
INSERT INTO notifications (
    id, incident_id, user_id, channel, kind, cause, priority, status, attempt_count,
    created_at, send_at, finished_at
)
SELECT uuidv7(opened_at - clock_timestamp()), id, ($1::uuid[])[1 + number % cardinality($1)],
    'webhook', 'page', 'step 1', 0, 'accepted', 1, opened_at, opened_at, opened_at
FROM incidents ORDER BY id
"""
ATTEMPTS = """
INSERT INTO attempts (id, notification_id, number, outcome, started_at, finished_at)
SELECT uuidv7(send_at - clock_timestamp()), id, 1, 'accepted', send_at, send_at
FROM notifications
"""
FACTS = """
INSERT INTO incident_facts (
    incident_id, service_id, team_id, urgency, opened_at, acknowledged_at, resolved_at,
    reopened, steps, gave_up, merged, alerts, events
)
SELECT id, service_id, team_id, urgency, opened_at, opened_at + interval '2 minutes',
    opened_at + interval '30 minutes', 0, 1, false, false, 5, 35
FROM incidents WHERE status = 'resolved'
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How much there is of it."""

    requests: int
    incidents: int  # with ALERTS_EACH alerts
    days: int = 29  # that it is spread over
    open_every: int = 10  # one incident in so many is open
    all_alerts_open: bool = False


async def partition(connection: Connection, days: int, now: datetime) -> None:
    """Give each day its partition, as it has after a month."""
    async with connection.transaction():
        await partitions.detach(connection, "inbound_requests_before")
        await connection.execute("DROP TABLE inbound_requests_before")
        there = await partitions.list_partitions(connection)
        since = now - days * DAY
        for day, first, last in days_to_make(there, days + 7, since):
            await partitions.make(connection, day, first, last)


async def fill(
    connection: Connection, world: World, crowd: Crowd, now: datetime
) -> None:
    """Put it all there, without keys and triggers being asked."""
    await connection.execute("SET statement_timeout = 0")
    await partition(connection, crowd.days, now)
    integration: UUID = await connection.fetchval(INTEGRATION, world.service_id)
    people = await connection.fetchval(PERSONS)
    apart = timedelta(days=crowd.days) / crowd.incidents
    request_apart = timedelta(days=crowd.days) / crowd.requests
    of = (
        world.service_id,
        world.team_id,
        now,
        crowd.incidents,
        apart,
        crowd.open_every,
    )
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("SET LOCAL synchronous_commit = off")
        await connection.execute(INCIDENTS, *of)
        await connection.execute(
            ALERTS, integration, ALERTS_EACH, crowd.all_alerts_open
        )
        await connection.execute(
            REQUESTS, integration, now, crowd.requests, request_apart
        )
        await connection.execute(ESCALATIONS)
        await connection.execute(DUE, now)
        await connection.execute(EVENTS, EVENTS_EACH)
        await connection.execute(NOTIFICATIONS, people)
        await connection.execute(ATTEMPTS)
        await connection.execute(FACTS)
    await connection.execute("VACUUM ANALYZE")
