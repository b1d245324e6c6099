"""The statements of the promises about what has happened: nothing came of what was refused."""

NOTHING_CAME_OF_IT = """
SELECT id, 'request: it was ' || outcome || ', and something came of it'
FROM inbound_requests
WHERE outcome IN ('ignored', 'rejected', 'repeated')
    AND array_remove(alert_ids, NULL) <> '{}'
"""

ACKNOWLEDGED_FOR_GOOD = """
SELECT l.id, 'link: it was pressed at ' || l.used_at
    || ', and the timeline knows of no acknowledgement'
FROM action_links AS l JOIN incidents AS i ON i.id = l.incident_id
WHERE l.used_at IS NOT NULL AND l.verb = 'acknowledge' AND i.status = 'triggered'
    AND NOT EXISTS (
        SELECT FROM events AS e
        WHERE e.incident_id = l.incident_id AND e.kind IN (
            'incident.acknowledged', 'incident.acknowledged_too', 'incident.resolved',
            'incident.merged')
    )
UNION ALL
SELECT i.id, 'incident: acknowledged at ' || i.acknowledged_at
    || ', which its timeline does not say'
FROM incidents AS i
WHERE i.status = 'acknowledged' AND NOT EXISTS (
    SELECT FROM events AS e
    WHERE e.incident_id = i.id AND e.at = i.acknowledged_at
)
"""

# Where nobody has done anything between the two, and the policy was not exchanged.
NOT_TOO_SOON = """
SELECT e.incident_id, 'incident: step ' || (e.data ->> 'step') || ' was paged '
    || (e.at - before.at) || ' after step ' || (before.data ->> 'step')
FROM events AS e
JOIN escalations AS x ON x.incident_id = e.incident_id
JOIN events AS before ON before.incident_id = e.incident_id AND before.seq < e.seq
    AND before.kind = 'escalation.paged'
WHERE e.kind = 'escalation.paged'
    AND e.at < before.at + (
        x.policy -> 'steps' -> ((before.data ->> 'step')::int - 1) ->> 'timeout')::interval
    AND NOT EXISTS (
        SELECT FROM events AS between_them
        WHERE between_them.incident_id = e.incident_id
            AND between_them.seq > before.seq AND between_them.seq < e.seq
            AND (between_them.actor_kind <> 'system' OR between_them.kind LIKE 'incident.%'
                OR between_them.kind IN ('escalation.paged', 'escalation.hastened'))
    )
"""

SILENCE_WAS_HEARD = """
SELECT h.id, 'heartbeat: down since before everything that was sent had been heard'
FROM heartbeats AS h CROSS JOIN listening AS l
WHERE h.state = 'down' AND h.reason = 'missed' AND l.until < h.expected_at + h.grace
"""

KEPT = """
SELECT i.id, 'incident: it is not over, and its ' || gone.what || ' is gone'
FROM incidents AS i
LEFT JOIN services AS s ON s.id = i.service_id
LEFT JOIN teams AS t ON t.id = i.team_id
CROSS JOIN LATERAL (VALUES ('service', s.id), ('team', t.id)) AS gone (what, id)
WHERE i.status <> 'resolved' AND gone.id IS NULL
UNION ALL
SELECT i.id, 'incident: it is not over, and its alerts are gone'
FROM incidents AS i
WHERE i.status <> 'resolved' AND i.open_alert_count > 0
    AND NOT EXISTS (SELECT FROM alerts AS a WHERE a.incident_id = i.id)
"""
