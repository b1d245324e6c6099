"""Statements that count an incident that is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pagefree.core import canary
from pagefree.infra.db import Connection

# Those that are over and not counted as they ended: resolved since, again, or in a
# transaction that was slow to commit. In order of time, so that the next look goes on.
OVER = f"""
SELECT i.id FROM incidents AS i
WHERE i.status = 'resolved' AND i.resolved_at >= $1
    AND i.team_id <> '{canary.TEAM_ID}'
    AND NOT EXISTS (
        SELECT FROM incident_facts AS f
        WHERE f.incident_id = i.id AND f.resolved_at = i.resolved_at
    )
ORDER BY i.resolved_at LIMIT $2
"""  # noqa: S608 - nothing of it comes from outside
NEWEST = "SELECT max(resolved_at) FROM incident_facts"
COUNT = """
INSERT INTO incident_facts (
    incident_id, service_id, team_id, urgency, opened_at, acknowledged_at, resolved_at,
    reopened, steps, gave_up, merged, alerts, events
)
SELECT i.id, i.service_id, i.team_id, i.urgency, i.opened_at,
    coalesce(told.acknowledged_at, i.acknowledged_at), i.resolved_at,
    least(told.reopened, 32767), least(told.steps, 32767), told.gave_up, i.merged_into_id IS NOT NULL,
    sent.alerts, sent.events
FROM incidents AS i, LATERAL (
    SELECT min(e.at) FILTER (WHERE e.kind = 'incident.acknowledged') AS acknowledged_at,
        count(*) FILTER (WHERE e.kind = 'incident.reopened') AS reopened,
        coalesce(max((e.data ->> 'step')::int) FILTER (
            WHERE e.kind = 'escalation.paged'
        ), 0) AS steps,
        count(*) FILTER (
            WHERE e.kind IN ('escalation.exhausted', 'escalation.gave_up')
        ) > 0 AS gave_up
    FROM events AS e WHERE e.incident_id = i.id
) AS told, LATERAL (
    SELECT count(*) AS alerts, coalesce(sum(a.occurrences), 0) AS events
    FROM alerts AS a WHERE a.incident_id = i.id
) AS sent
WHERE i.id = ANY ($1::uuid[]) AND i.resolved_at IS NOT NULL
ORDER BY i.id  -- two who count at once wait for each other instead of for ever
ON CONFLICT (incident_id) DO UPDATE
SET service_id = excluded.service_id, urgency = excluded.urgency,
    acknowledged_at = excluded.acknowledged_at, resolved_at = excluded.resolved_at,
    reopened = excluded.reopened, steps = excluded.steps, gave_up = excluded.gave_up,
    merged = excluded.merged, alerts = excluded.alerts, events = excluded.events
"""
COUNT_ALERTS = """
INSERT INTO alert_facts (
    incident_id, dedup_key, service_id, team_id, title, opened_at, alerts, events,
    urgency, answered
)
SELECT f.incident_id, a.dedup_key, f.service_id, f.team_id,
    (array_agg(a.title ORDER BY a.id DESC))[1], f.opened_at, count(*), sum(a.occurrences),
    f.urgency, f.acknowledged_at IS NOT NULL
FROM incident_facts AS f JOIN alerts AS a ON a.incident_id = f.incident_id
WHERE f.incident_id = ANY ($1::uuid[])
GROUP BY f.incident_id, a.dedup_key
ORDER BY f.incident_id, a.dedup_key
ON CONFLICT (incident_id, dedup_key) DO UPDATE
SET title = excluded.title, alerts = excluded.alerts, events = excluded.events,
    urgency = excluded.urgency, answered = excluded.answered
"""
# What was planned and never left called nobody away; neither does a list in the web app.
COUNT_INTERRUPTIONS = """
INSERT INTO interruptions (incident_id, user_id, cause, team_id, service_id, urgency, at)
SELECT i.id, n.user_id, n.cause, i.team_id, i.service_id, i.urgency, min(n.send_at)
FROM incidents AS i JOIN notifications AS n ON n.incident_id = i.id
WHERE i.id = ANY ($1::uuid[]) AND n.attempt_count > 0 AND n.channel <> 'in_app'
    AND n.status IN ('accepted', 'delivered', 'failed', 'unknown')
GROUP BY i.id, n.user_id, n.cause
ORDER BY i.id, n.user_id, n.cause
ON CONFLICT DO NOTHING
"""


async def newest(connection: Connection) -> datetime | None:
    """When the incident ended that was counted last; none before the first."""
    at: datetime | None = await connection.fetchval(NEWEST)
    return at


async def list_over(
    connection: Connection, since: datetime, limit: int
) -> Sequence[UUID]:
    """Incidents that ended at `since` or later and have yet to be counted, oldest first."""
    return [row["id"] for row in await connection.fetch(OVER, since, limit)]


async def count(connection: Connection, incident_ids: Sequence[UUID]) -> None:
    """Count these, or count them anew."""
    for statement in (COUNT, COUNT_ALERTS, COUNT_INTERRUPTIONS):
        await connection.execute(statement, incident_ids)
