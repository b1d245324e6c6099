"""Which tables are audited by a trigger, how, and which are not, and why.

Every table of the metadata is in exactly one of the two; a test says so. What the triggers do
is in infra/audit_triggers.py.
"""

from dataclasses import dataclass

Way = tuple[
    str, str
]  # a column, and what is asked with it; no question: it is the answer

OF_ALL: Way = ("", "")
OWN: Way = ("team_id", "")
ITSELF: Way = ("id", "")
SERVICE: Way = ("service_id", "SELECT team_id FROM services WHERE id = $1")
INTEGRATION: Way = (
    "integration_id",
    (
        "SELECT s.team_id FROM integrations i JOIN services s ON s.id = i.service_id"
        " WHERE i.id = $1"
    ),
)
SCHEDULE: Way = ("schedule_id", "SELECT team_id FROM schedules WHERE id = $1")
LAYER: Way = (
    "version_id",
    (
        "SELECT s.team_id FROM schedule_versions v JOIN schedules s ON s.id = v.schedule_id"
        " WHERE v.id = $1"
    ),
)
POLICY: Way = ("policy_id", "SELECT team_id FROM escalation_policies WHERE id = $1")
STEP: Way = (
    "step_id",
    (
        "SELECT p.team_id FROM escalation_steps s"
        " JOIN escalation_policies p ON p.id = s.policy_id WHERE s.id = $1"
    ),
)
PAGE: Way = ("page_id", "SELECT team_id FROM status_pages WHERE id = $1")
COMPONENT: Way = (
    "component_id",
    (
        "SELECT p.team_id FROM components c JOIN status_pages p ON p.id = c.page_id"
        " WHERE c.id = $1"
    ),
)
STATUS_INCIDENT: Way = (
    "status_incident_id",
    (
        "SELECT p.team_id FROM status_incidents i JOIN status_pages p ON p.id = i.page_id"
        " WHERE i.id = $1"
    ),
)
MAINTENANCE: Way = (
    "maintenance_id",
    (
        "SELECT p.team_id FROM status_maintenances m JOIN status_pages p"
        " ON p.id = m.page_id WHERE m.id = $1"
    ),
)
WORKFLOW: Way = ("workflow_id", "SELECT team_id FROM workflows WHERE id = $1")
RUNBOOK: Way = ("runbook_id", "SELECT team_id FROM runbooks WHERE id = $1")
RUNBOOK_VERSION: Way = (
    "version_id",
    (
        "SELECT r.team_id FROM runbook_versions v JOIN runbooks r ON r.id = v.runbook_id"
        " WHERE v.id = $1"
    ),
)
REPORT: Way = ("report_id", "SELECT team_id FROM mailed_reports WHERE id = $1")
POSTMORTEM: Way = ("postmortem_id", "SELECT team_id FROM postmortems WHERE id = $1")

NAME: Way = ("name", "")
PERSON: Way = ("user_id", "SELECT name FROM users WHERE id = $1")
NAMELESS: Way = ("", "")


@dataclass(frozen=True, slots=True)
class Audited:
    """How changes of one table are kept."""

    kind: str  # of the object: "service", so that entries are "service.updated"
    team: Way = OF_ALL  # whose admins may read of it
    name: Way = NAME  # what it is called
    # shown as changed, never what it is; columns of bytes are so, whatever is said here
    masked: tuple[str, ...] = ()
    # moves by itself: a change of nothing else is none
    ignored: tuple[str, ...] = ()


MOVES = (  # of whatever table
    "changed_at",
    "due_at",
    "read_at",
    "seen_at",
    "updated_at",
    "updated_by_id",
    "used_at",
)
AUDITED: dict[str, Audited] = {
    "action_items": Audited(
        "action_item", POSTMORTEM, ("text", ""), ignored=("remind_at",)
    ),
    "api_keys": Audited("api_key"),
    "audit_settings": Audited("audit_settings", name=NAMELESS),
    "calendar_feeds": Audited("calendar_feed", name=PERSON),
    "channel_configs": Audited("channel", name=("channel", "")),
    "component_groups": Audited("component_group", PAGE),
    "component_services": Audited("component_service", COMPONENT, NAMELESS),
    "components": Audited("component", PAGE, ignored=("state",)),
    # of a person, or a room of a team
    "contact_methods": Audited(
        "contact_method",
        OWN,
        ("label", ""),
        ("address", "identity"),
        ("proven_at",),  # by what arrives there
    ),
    "cover_requests": Audited("cover_request", SCHEDULE, PERSON),
    "escalation_policies": Audited("escalation_policy", OWN),
    "escalation_steps": Audited("escalation_step", POLICY, ("position", "")),
    "escalation_targets": Audited("escalation_target", STEP, ("kind", "")),
    "event_subscriptions": Audited(
        "event_subscription", OWN, masked=("url",), ignored=("failures",)
    ),
    "gaps": Audited("gap", SCHEDULE, ("reason", "")),
    "group_mappings": Audited("group_mapping", OWN, ("group_name", "")),
    "handoff_preferences": Audited("handoff_preference", name=PERSON),
    "heartbeats": Audited(
        "heartbeat",
        INTEGRATION,
        masked=("ping_id",),
        ignored=(
            *("last_ping_at", "expected_at", "started_at", "run_id", "last_duration"),
            *("failures", "reason", "told", "untold", "ping_count", "state"),
        ),
    ),
    "identities": Audited("identity", name=PERSON, ignored=("groups", "email")),
    "identity_providers": Audited("identity_provider"),
    "integrations": Audited("integration", SERVICE),
    "invitations": Audited(
        "invitation", OWN, ("email", ""), ignored=("sent_at", "tries", "error")
    ),
    "layers": Audited("layer", LAYER),
    "mailed_reports": Audited("mailed_report", OWN),
    "maintenance_series": Audited(
        "maintenance_series", PAGE, NAMELESS, ignored=("planned_until",)
    ),
    "maintenance_windows": Audited("maintenance_window", OWN),
    "memberships": Audited("membership", OWN, PERSON),
    "notification_preferences": Audited("notification_preference", name=PERSON),
    "notification_rules": Audited("notification_rule", name=PERSON),
    "overrides": Audited("override", SCHEDULE, PERSON),
    "page_tokens": Audited("page_token", PAGE),
    "partner_grants": Audited("partner_grant", PAGE, NAMELESS),
    "partner_requests": Audited("partner_request", masked=("message",)),
    "partners": Audited("partner", ignored=("invited_at", "set_up_at")),
    "passkeys": Audited("passkey", ignored=("sign_count", "backed_up")),
    "postmortem_templates": Audited("postmortem_template", OWN),
    # its versions tell who wrote what
    "postmortems": Audited(
        "postmortem",
        OWN,
        ("title", ""),
        ignored=(
            *("version", "title", "summary", "body", "impact", "timeline", "tags"),
            *("lock_holder_id", "lock_until", "search"),
        ),
    ),
    "recovery_codes": Audited("recovery_code", name=PERSON),
    "report_readers": Audited("report_reader", REPORT, PERSON),
    "retention_settings": Audited("retention_settings", name=NAMELESS),
    "routing_keys": Audited("routing_key", INTEGRATION, ("prefix", "")),
    "routing_rules": Audited("routing_rule", OWN, ignored=("failures", "last_failure")),
    "runbook_approvals": Audited("runbook_approval", RUNBOOK_VERSION, NAMELESS),
    "runbook_approvers": Audited("runbook_approver", OWN, PERSON),
    "runbook_emergencies": Audited("runbook_emergency", RUNBOOK_VERSION, NAMELESS),
    "runbook_settings": Audited("runbook_settings", name=("key", "")),
    "runbook_versions": Audited(
        "runbook_version", RUNBOOK, ("number", ""), ("content",)
    ),
    "runbooks": Audited("runbook", OWN),
    "schedule_versions": Audited("schedule_version", SCHEDULE, ("from_at", "")),
    "schedules": Audited("schedule", OWN),
    "scim_tokens": Audited("scim_token"),
    "service_dependencies": Audited("service_dependency", SERVICE, NAMELESS),
    "service_transfers": Audited("service_transfer", SERVICE, NAMELESS),
    "services": Audited("service", OWN),
    "shift_swaps": Audited("shift_swap", SCHEDULE, NAMELESS),
    "sign_in_rules": Audited("sign_in_rules", name=NAMELESS),
    "sign_in_settings": Audited("sign_in_settings", name=NAMELESS),
    "signing_secrets": Audited("signing_secret", INTEGRATION, ("prefix", "")),
    "status_incident_components": Audited(
        "status_incident_component", STATUS_INCIDENT, NAMELESS
    ),
    "status_incidents": Audited("status_incident", PAGE),
    "status_maintenance_components": Audited(
        "status_maintenance_component", MAINTENANCE, NAMELESS
    ),
    "status_maintenances": Audited(
        "status_maintenance", PAGE, ignored=("reminded_at", "sequence")
    ),
    "status_pages": Audited(
        "status_page", OWN, masked=("password_hash",), ignored=("version",)
    ),
    "status_templates": Audited("status_template", PAGE),
    "status_updates": Audited("status_update", STATUS_INCIDENT, ("status", "")),
    "target_connections": Audited("target_connection", OWN, ignored=("tested_at",)),
    "teams": Audited("team", ITSELF),
    "ticket_trackers": Audited("ticket_tracker", OWN, ("kind", ""), ("config",)),
    "time_off_calendars": Audited(
        "time_off_calendar", name=("host", ""), ignored=("error",)
    ),
    "totp_factors": Audited("totp_factor", name=PERSON, ignored=("last_step",)),
    "users": Audited("user", masked=("password_hash",)),
    "workflow_hooks": Audited("workflow_hook", WORKFLOW, ("prefix", "")),
    "workflow_secrets": Audited("workflow_secret", OWN),
    "workflow_versions": Audited(
        "workflow_version", WORKFLOW, ("number", ""), ("content",)
    ),
    "workflows": Audited("workflow", OWN),
}

PAGING = (
    "it is part of paging, which nothing may hold up; people's verbs come by events"
)
LOG = "it is a log itself, and says who"
WORKING = "the product keeps it for its own work; nobody decides about it"
FIGURES = "it is counted from what happened, and can be counted again"
SHORT = "it lives for minutes; what comes of it is kept"
OUTSIDE = "people outside do it for themselves; no configuration"
CONTENT = "its versions are kept, and say who wrote them"
NOTED = "its beginning and its end are noted"
NOT_AUDITED: dict[str, str] = {
    "action_links": SHORT,
    "alert_facts": FIGURES,
    "alerts": PAGING,
    "attempts": PAGING,
    "audit_chain": "it is the audit's own",
    "audit_entries": "it is the audit's own",
    "audit_streams": "it is the audit's own",
    "canary": WORKING,
    "canary_runs": LOG,
    "changes": LOG,
    "component_states": LOG,
    "contact_codes": SHORT,
    "deliveries": PAGING,
    "digests": WORKING,
    "ended_episodes": PAGING,
    "escalations": PAGING,
    "event_deliveries": LOG,
    "event_listeners": WORKING,
    "events": LOG,
    "findings": WORKING,
    "half_sessions": SHORT,
    "handoffs_told": WORKING,
    "heartbeat_pings": PAGING,
    "idempotency_keys": WORKING,
    "inbound_requests": PAGING,
    "incident_chats": PAGING,
    "incident_facts": FIGURES,
    "incident_responders": PAGING,
    "incident_words": WORKING,
    "incidents": PAGING,
    "interruptions": FIGURES,
    "known_devices": WORKING,
    "limit_violations": LOG,
    "listening": WORKING,
    "noise_reports": "what somebody says of an incident; it is shown there, with the name",
    "notifications": PAGING,
    "outbox_messages": "only in a demo",
    "partner_accesses": LOG,
    "partner_links": SHORT,
    "partner_sessions": "partners' sign-ins are in their own log",
    "passkey_challenges": SHORT,
    "ping_lanes": WORKING,
    "postmortem_images": CONTENT,
    "postmortem_incidents": CONTENT,
    "postmortem_versions": CONTENT,
    "process_beats": WORKING,
    "provider_sessions": NOTED,
    "provider_states": WORKING,
    "provisioned_group_members": "the identity provider's own; memberships are audited",
    "provisioned_groups": "the identity provider's own; memberships are audited",
    "provisioned_users": "the identity provider's own; users are audited",
    "recent_firings": PAGING,
    "replies": LOG,
    "report_mails": WORKING,
    "reply_codes": PAGING,
    "round_robin_turns": PAGING,
    "runbook_audit": LOG,
    "runbook_callbacks": LOG,
    "runbook_comments": LOG,
    "runbook_run_lines": LOG,
    "runbook_runs": LOG,
    "saved_views": "what only the person who keeps it ever sees",
    "sessions": NOTED,
    "shift_notices": WORKING,
    "sign_in_attempts": SHORT,
    "sign_in_links": SHORT,
    "status_corrections": LOG,
    "status_mailings": WORKING,
    "status_messages": WORKING,
    "status_snapshots": WORKING,
    "subscriber_components": OUTSIDE,
    "subscribers": OUTSIDE,
    "time_off": "it is what a calendar says",
    "workflow_runs": LOG,
    "workflow_steps": LOG,
    "workflow_timers": WORKING,
}
