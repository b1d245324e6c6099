"""The statement of the promise about automation: nothing ran that was not approved."""

APPROVED = """
SELECT a.id, 'approval: by somebody who has written what it is for'
FROM runbook_approvals AS a JOIN runbook_versions AS v ON v.id = a.version_id
WHERE a.approver_id = v.author_id OR a.approver_id = ANY (v.writer_ids)
UNION ALL
SELECT r.id, 'run: its version is not the one that was asked for'
FROM runbook_runs AS r JOIN runbook_versions AS v ON v.id = r.version_id
WHERE r.content_hash <> v.content_hash OR r.runbook_id <> v.runbook_id
    OR (v.state NOT IN ('approved', 'deprecated') AND r.emergency_id IS NULL)
UNION ALL
SELECT r.id, 'run: when it began, too few others had approved it'
FROM runbook_runs AS r JOIN runbook_versions AS v ON v.id = r.version_id
WHERE r.emergency_id IS NULL AND CASE v.content ->> 'run_class' WHEN 'destructive' THEN 2 ELSE 1 END > (
    SELECT count(DISTINCT a.approver_id) FROM runbook_approvals AS a
    WHERE a.version_id = r.version_id AND a.content_hash = r.content_hash
        AND a.at <= r.created_at AND a.expires_at > r.created_at
        AND (a.revoked_at IS NULL OR a.revoked_at >= r.created_at)
        AND a.approver_id <> v.author_id AND a.approver_id <> ALL (v.writer_ids)
)
UNION ALL
SELECT r.id, 'run: when it began, no two people had let it run for its incident'
FROM runbook_runs AS r JOIN runbook_versions AS v ON v.id = r.version_id
WHERE r.emergency_id IS NOT NULL AND (r.automatic OR NOT EXISTS (
    SELECT FROM runbook_emergencies AS e
    WHERE e.id = r.emergency_id AND e.version_id = r.version_id
        AND e.content_hash = r.content_hash AND e.incident_id = r.incident_id
        AND e.confirmed_at <= r.created_at AND e.expires_at > r.created_at
        AND e.confirmed_by_id <> e.asked_by_id
        AND e.confirmed_by_id <> v.author_id AND e.confirmed_by_id <> ALL (v.writer_ids)
        AND (v.content ->> 'run_class' IS DISTINCT FROM 'destructive'
            OR (e.asked_by_id <> v.author_id AND e.asked_by_id <> ALL (v.writer_ids)))
))
UNION ALL
SELECT r.id, 'run: through a connection that its version does not allow'
FROM runbook_runs AS r JOIN runbook_versions AS v ON v.id = r.version_id
WHERE NOT v.content -> 'connection_ids' ? r.connection_id::text
UNION ALL
SELECT r.id, 'run: it began by itself, and its version is not marked safe for that'
FROM runbook_runs AS r JOIN runbook_versions AS v ON v.id = r.version_id
WHERE r.automatic AND (v.content ->> 'auto_safe' IS DISTINCT FROM 'true'
    OR v.content ->> 'run_class' = 'destructive')
UNION ALL
SELECT r.id, 'run: the audit does not say that just this was asked for'
FROM runbook_runs AS r
WHERE NOT EXISTS (
    SELECT FROM runbook_audit AS a
    WHERE a.run_id = r.id AND a.kind = 'runbook_run.queued'
        AND a.version_id = r.version_id
        AND a.data ->> 'content_hash' = r.content_hash
        AND a.data -> 'parameters' = r.parameters
)
UNION ALL
SELECT id, 'run: ' || state || ', and nothing will end it'
FROM runbook_runs
WHERE (state IN ('queued', 'running') AND (due_at IS NULL OR finished_at IS NOT NULL))
    OR (state NOT IN ('queued', 'running') AND finished_at IS NULL)
"""
