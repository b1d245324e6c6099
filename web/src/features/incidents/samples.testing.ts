import type { IncidentDetail, Notification } from "../../api/generated";

/** An incident for tests. */
export function anIncident(
  change: Partial<IncidentDetail> = {},
): IncidentDetail {
  return {
    id: "i1",
    number: 12,
    title: "Disk full",
    status: "triggered",
    severity: "critical",
    priority: "P1",
    urgency: "high",
    service: { id: "s1", name: "PostgreSQL" },
    team: { id: "t1", name: "Platform" },
    opened_at: "2026-03-01T12:00:00Z",
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    snoozed_until: null,
    merged_into: null,
    alert_count: 1,
    open_alert_count: 1,
    occurrences: 1,
    next_escalation_at: null,
    escalation_state: "running",
    responders: [],
    can_respond: true,
    merged: [],
    escalation: null,
    ...change,
  };
}

/** A notification for tests. */
export function aNotification(change: Partial<Notification>): Notification {
  return {
    id: "n1",
    user: { id: "u1", name: "Ana" },
    channel: "email",
    label: "Mail",
    cause: "step 1",
    kind: "page",
    status: "delivered",
    skip_reason: null,
    created_at: "2026-03-01T12:00:00Z",
    send_at: "2026-03-01T12:00:00Z",
    finished_at: null,
    attempts: [],
    ...change,
  };
}
