"""The statements of the promises about what leaves: pages, events for machines, mails."""

# As many attempts as were given a number; those that left no trace may have arrived.
FLAGGED = """
SELECT notification_id, 'notification: attempt ' || number
    || ' may have reached somebody a second time, and does not say so'
FROM (
    SELECT notification_id, number, possible_duplicate,
        count(*) FILTER (WHERE outcome = 'failed') OVER earlier AS failed
    FROM attempts
    WINDOW earlier AS (PARTITION BY notification_id ORDER BY number
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) AS attempt
WHERE number - 1 > failed AND NOT possible_duplicate
UNION ALL
SELECT notification_id, 'notification: attempt ' || max(number) || ' of '
    || max(attempt_count)
FROM attempts AS a JOIN notifications AS n ON n.id = a.notification_id
GROUP BY notification_id HAVING max(number) > max(attempt_count)
"""

# What its incident was, and since when, as each attempt began.
NOT_TOO_LATE = """
SELECT a.notification_id,
    'notification: sent at ' || a.started_at || ', its incident was '
    || was.kind || ' since ' || was.at
FROM attempts AS a
JOIN notifications AS n ON n.id = a.notification_id
CROSS JOIN LATERAL (
    SELECT substr(e.kind, 10) AS kind, e.at, e.data FROM events AS e
    WHERE e.incident_id = n.incident_id AND e.at <= a.started_at
        AND (e.kind IN (
                'incident.triggered', 'incident.acknowledged', 'incident.unacknowledged',
                'incident.resolved', 'incident.reopened', 'incident.snoozed',
                'incident.woke', 'incident.reassigned',
                'incident.acknowledgement_expired', 'incident.unmerged')
            OR (e.kind = 'incident.merged' AND e.data ? 'into'))
    ORDER BY e.seq DESC LIMIT 1
) AS was
WHERE n.kind IN ('page', 'fallback')
    AND was.kind IN ('acknowledged', 'resolved', 'snoozed', 'merged')
    AND a.started_at > was.at + interval '10 seconds'
"""

MACHINES_TOLD = """
SELECT id, 'delivery: pending, but nothing will send it'
FROM event_deliveries WHERE status = 'pending' AND due_at IS NULL
UNION ALL
SELECT id, 'delivery: ' || status || ', but was never attempted'
FROM event_deliveries WHERE status <> 'pending' AND attempts = 0
UNION ALL
SELECT id, 'delivery: ' || status || ' is not a state'
FROM event_deliveries WHERE status NOT IN ('pending', 'delivered', 'failed')
UNION ALL
SELECT id, 'delivery: number ' || sequence || ' of its incident comes after ' || before
FROM (
    SELECT id, sequence, lag(sequence) OVER (
        PARTITION BY subscription_id, incident_id ORDER BY event_id) AS before
    FROM event_deliveries WHERE incident_id IS NOT NULL AND sequence IS NOT NULL
) AS delivery
WHERE sequence <= before
UNION ALL
SELECT id, 'subscription: switched off, and nothing says why'
FROM event_subscriptions WHERE disabled_at IS NOT NULL AND disabled_reason IS NULL
"""

ONLY_WHO_ASKED = """
SELECT m.id, 'status message: sent to somebody who has not confirmed'
FROM status_messages AS m JOIN subscribers AS s ON s.id = m.subscriber_id
WHERE m.mailing_id IS NOT NULL AND m.sent_at IS NOT NULL AND s.confirmed_at IS NULL
UNION ALL
SELECT m.id, 'status message: sent at ' || m.sent_at || ' to somebody who gets nothing'
    || ' since ' || s.stopped_at
FROM status_messages AS m JOIN subscribers AS s ON s.id = m.subscriber_id
WHERE m.mailing_id IS NOT NULL AND m.sent_at > s.stopped_at + interval '1 minute'
"""

# Retention takes requests away, so that there may be more than is stored, but never less.
CONSERVED = """
SELECT a.id, 'alert: has happened ' || a.occurrences || ' times, and was reported '
    || reported.n || ' times'
FROM alerts AS a JOIN (
    SELECT event.alert_id, count(*) AS n
    FROM inbound_requests AS r
    CROSS JOIN LATERAL unnest(r.event_outcomes, r.alert_ids)
        AS event (outcome, alert_id)
    WHERE event.outcome IN ('opened', 'duplicate') AND event.alert_id IS NOT NULL
    GROUP BY event.alert_id
) AS reported ON reported.alert_id = a.id
WHERE a.occurrences < reported.n
UNION ALL
SELECT i.id, 'incident: counts ' || i.alert_count || ' alerts and has ' || a.n
FROM incidents AS i JOIN (
    SELECT incident_id, count(*) AS n FROM alerts GROUP BY incident_id
) AS a ON a.incident_id = i.id
WHERE i.alert_count < a.n
"""
