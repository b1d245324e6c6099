"""One statement for each promise; each row is a violation: an id, and a sentence about it."""

from dataclasses import dataclass
from datetime import datetime

from pagefree.infra.db import Tx, driver
from pagefree.invariants import automation_queries, history_queries, sending_queries

LONG = "SET LOCAL statement_timeout = '120s'"

CHECK = """
WITH given AS (SELECT $1::timestamptz AS now), moves AS ({moves})
SELECT id::text AS id, says FROM ({check}) AS violation (id, says) LIMIT $2
"""

ACCOUNTED_FOR = """
SELECT id, 'request: it was not processed, and nothing says why'
FROM inbound_requests
WHERE outcome NOT IN ('processed', 'quarantined', 'ignored', 'repeated', 'rejected',
        'replayed')
    OR (outcome <> 'processed' AND error IS NULL)
UNION ALL
SELECT id, 'request: not every event in it has an outcome'
FROM inbound_requests
WHERE cardinality(event_outcomes) <> cardinality(alert_ids)
    OR array_position(event_outcomes, NULL) IS NOT NULL
    OR NOT event_outcomes <@ ARRAY['opened', 'duplicate', 'acknowledged', 'resolved',
        'stale', 'unmatched', 'suppressed', 'change']::varchar[]
UNION ALL
SELECT r.id, 'request: an event was ' || event.outcome || ', but its alert is not there'
FROM inbound_requests AS r
CROSS JOIN LATERAL unnest(r.event_outcomes, r.alert_ids) AS event (outcome, alert_id)
LEFT JOIN alerts AS a ON a.id = event.alert_id
WHERE event.outcome IN ('opened', 'duplicate', 'acknowledged', 'resolved')
    AND a.id IS NULL
UNION ALL
SELECT r.id, 'request: an event was suppressed, but its alert does not say why'
FROM inbound_requests AS r
CROSS JOIN LATERAL unnest(r.event_outcomes, r.alert_ids) AS event (outcome, alert_id)
LEFT JOIN alerts AS a ON a.id = event.alert_id
WHERE event.outcome = 'suppressed' AND event.alert_id IS NOT NULL
    AND a.incident_id IS NULL AND a.suppressed_by IS NULL
UNION ALL
SELECT a.id, 'alert: its incident is not there'
FROM alerts AS a LEFT JOIN incidents AS i ON i.id = a.incident_id
WHERE a.incident_id IS NOT NULL AND i.id IS NULL
UNION ALL
SELECT id, 'alert: nobody is told of it, and nothing says why'
FROM alerts
WHERE incident_id IS NULL AND (suppression IS NULL OR suppressed_by IS NULL)
UNION ALL
SELECT id, 'alert: it has an incident and is suppressed all the same'
FROM alerts WHERE incident_id IS NOT NULL AND suppression IS NOT NULL
UNION ALL
SELECT id, 'alert: it waits for ' || suppression || ', and nothing will look again'
FROM alerts
WHERE status = 'open' AND incident_id IS NULL AND due_at IS NULL
    AND suppression IN ('hold', 'maintenance')
"""

OPEN_ONCE = """
SELECT min(id::text), 'alert: open ' || count(*) || ' times for dedup key ' || dedup_key
FROM alerts WHERE status = 'open'
GROUP BY integration_id, dedup_key HAVING count(*) > 1
"""

ESCALATING = """
SELECT i.id, 'incident: nobody has it and nothing escalates it'
FROM incidents AS i LEFT JOIN escalations AS e ON e.incident_id = i.id
WHERE i.status = 'triggered'
    AND (e.state = 'running' AND e.due_at IS NOT NULL) IS NOT TRUE
    AND (e.state = 'exhausted') IS NOT TRUE
UNION ALL
SELECT i.id, 'incident: it is snoozed and nothing will wake it'
FROM incidents AS i LEFT JOIN escalations AS e ON e.incident_id = i.id
WHERE i.status = 'acknowledged' AND i.snoozed_until IS NOT NULL
    AND (e.state = 'running' AND e.due_at <= i.snoozed_until) IS NOT TRUE
UNION ALL
SELECT i.id, 'incident: whoever has it may forget it, and nothing will page again'
FROM incidents AS i JOIN escalations AS e ON e.incident_id = i.id
WHERE i.status = 'acknowledged' AND e.watched AND e.policy ? 'ack_timeout'
    AND e.due_at IS NULL
UNION ALL
SELECT i.id, 'incident: its policy is exhausted and the timeline does not say so'
FROM incidents AS i JOIN escalations AS e ON e.incident_id = i.id
WHERE i.status = 'triggered' AND e.state = 'exhausted'
    AND NOT EXISTS (
        SELECT FROM events
        WHERE events.incident_id = i.id AND events.kind = 'escalation.exhausted'
    )
UNION ALL
SELECT i.id, 'incident: its policy is exhausted and no platform admin was told'
FROM incidents AS i JOIN escalations AS e ON e.incident_id = i.id
WHERE i.status = 'triggered' AND e.state = 'exhausted'
    AND NOT EXISTS (
        SELECT FROM notifications AS n WHERE n.incident_id = i.id AND n.kind = 'fallback'
    )
    AND EXISTS (
        SELECT FROM events JOIN users ON users.created_at <= events.at
        WHERE events.incident_id = i.id AND events.kind = 'escalation.exhausted'
            AND users.platform_admin AND users.deactivated_at IS NULL
    )
"""

ON_TIME = """
SELECT incident_id, 'escalation: due since ' || due_at
FROM escalations WHERE due_at < (SELECT now FROM given) - interval '30 seconds'
UNION ALL
SELECT id, 'notification: ' || status || ', and due since ' || due_at
FROM notifications WHERE due_at < (SELECT now FROM given) - interval '30 seconds'
UNION ALL
SELECT id, 'alert: due since ' || due_at
FROM alerts WHERE due_at < (SELECT now FROM given) - interval '30 seconds'
"""

ATTEMPTED = """
SELECT id, 'notification: ' || status || ', but was never attempted'
FROM notifications AS n
WHERE status IN ('accepted', 'delivered', 'failed', 'unknown')
    AND NOT EXISTS (SELECT FROM attempts WHERE attempts.notification_id = n.id)
UNION ALL
SELECT id, 'notification: skipped without a reason'
FROM notifications WHERE status = 'skipped' AND skip_reason IS NULL
UNION ALL
SELECT id, 'notification: ' || status || ', but nothing will send it'
FROM notifications WHERE status IN ('planned', 'sending') AND due_at IS NULL
UNION ALL
SELECT id, 'notification: ' || status || ' is not a state'
FROM notifications
WHERE status NOT IN (
    'planned', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'skipped'
)
"""

# Each change of state in a timeline, the state it leads to, and the state before it.
# What is told of the other incident of a merge changes nothing here.
MOVES = """
SELECT incident_id, seq, kind, state,
    lag(state) OVER in_order AS before,
    row_number() OVER (PARTITION BY incident_id ORDER BY seq DESC) = 1 AS latest
FROM (
    SELECT incident_id, seq, substr(kind, 10) AS kind,
        CASE
            WHEN kind IN ('incident.acknowledged', 'incident.snoozed') THEN 'acknowledged'
            WHEN kind IN ('incident.resolved', 'incident.merged') THEN 'resolved'
            WHEN kind = 'incident.unmerged' THEN data ->> 'status'
            ELSE 'triggered'
        END AS state
    FROM events
    WHERE kind IN (
            'incident.triggered', 'incident.acknowledged', 'incident.unacknowledged',
            'incident.resolved', 'incident.reopened', 'incident.snoozed',
            'incident.woke', 'incident.reassigned', 'incident.acknowledgement_expired'
        )
        OR (kind = 'incident.merged' AND data ? 'into')
        OR (kind = 'incident.unmerged' AND data ? 'status')
) AS change
WINDOW in_order AS (PARTITION BY incident_id ORDER BY seq)
"""

LEGAL = """
SELECT i.id, 'incident: its timeline should have ' || i.last_seq || ' entries without a gap'
FROM incidents AS i
LEFT JOIN (
    SELECT incident_id, count(*) AS n, min(seq) AS first, max(seq) AS last
    FROM events WHERE incident_id IS NOT NULL GROUP BY incident_id
) AS told ON told.incident_id = i.id
WHERE (told.n = i.last_seq AND told.first = 1 AND told.last = i.last_seq) IS NOT TRUE
UNION ALL
SELECT incident_id, 'incident: was ' || coalesce(before, 'not there') || ' and then ' || kind
FROM moves
WHERE (kind = 'triggered') <> (before IS NULL)
    OR (before = 'resolved') <> (kind IN ('reopened', 'unmerged'))
    OR (kind IN ('unacknowledged', 'woke', 'acknowledgement_expired')
        AND before <> 'acknowledged')
UNION ALL
SELECT i.id, 'incident: is ' || i.status || ', but its timeline says ' || moves.state
FROM incidents AS i JOIN moves ON moves.incident_id = i.id AND moves.latest
WHERE i.status <> moves.state
UNION ALL
SELECT incident_id, 'incident: entry ' || seq || ' of its timeline does not say who did it'
FROM events
WHERE incident_id IS NOT NULL
    AND (actor_name = '' OR (actor_kind <> 'system' AND actor_id IS NULL))
UNION ALL
SELECT id, 'incident: is ' || status || ', and says something else besides'
FROM incidents
WHERE CASE status
    WHEN 'triggered' THEN num_nonnulls(
        acknowledged_at, acknowledged_by_id, resolved_at, resolved_by_id, snoozed_until,
        merged_into_id) > 0
    WHEN 'acknowledged' THEN acknowledged_at IS NULL OR resolved_at IS NOT NULL
    WHEN 'resolved' THEN resolved_at IS NULL OR snoozed_until IS NOT NULL
    ELSE true END
UNION ALL
SELECT i.id, 'incident: counts ' || i.open_alert_count || ' open alerts and has '
    || coalesce(a.n, 0)
FROM incidents AS i
LEFT JOIN (
    SELECT incident_id, count(*) AS n FROM alerts WHERE status = 'open'
    GROUP BY incident_id
) AS a ON a.incident_id = i.id
WHERE i.open_alert_count <> coalesce(a.n, 0)
UNION ALL
SELECT a.id, 'alert: is open, but its incident is over'
FROM alerts AS a JOIN incidents AS i ON i.id = a.incident_id
WHERE a.status = 'open' AND i.status = 'resolved'
"""

CHECKS = {
    "I-1": ACCOUNTED_FOR,
    "I-2": history_queries.NOTHING_CAME_OF_IT,
    "I-3": OPEN_ONCE,
    "I-4": ESCALATING,
    "I-5": ON_TIME,
    "I-6": ATTEMPTED,
    "I-7": sending_queries.FLAGGED,
    "I-8": sending_queries.NOT_TOO_LATE,
    "I-9": history_queries.ACKNOWLEDGED_FOR_GOOD,
    "I-11": history_queries.NOT_TOO_SOON,
    "I-12": LEGAL,
    "I-15": automation_queries.APPROVED,
    "I-16": sending_queries.MACHINES_TOLD,
    "I-17": sending_queries.ONLY_WHO_ASKED,
    "I-18": sending_queries.CONSERVED,
    "I-19": history_queries.SILENCE_WAS_HEARD,
    "I-20": history_queries.KEPT,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that breaks a promise."""

    promise: str  # "I-4"
    id: str  # of the incident, alert, request or notification
    says: str


async def allow_long_statements(tx: Tx) -> None:
    """Give the statements of this transaction two minutes."""
    await (await driver(tx)).execute(LONG)


async def list_violations(
    tx: Tx, promise: str, limit: int, now: datetime
) -> list[Violation]:
    """What breaks one promise, at most `limit` of it."""
    connection = await driver(tx)
    statement = CHECK.format(check=CHECKS[promise], moves=MOVES)
    rows = await connection.fetch(statement, now, limit)
    return [Violation(promise, row["id"], row["says"]) for row in rows]
