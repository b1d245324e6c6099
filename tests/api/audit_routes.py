"""Routes of the audit and of service accounts: who may ask, and a good request."""

import httpx2

from tests.api.postmortem_routes import SAID_TWICE

ADMINISTER, READ, EDIT = "administer", "read", "edit"
ACCOUNT = "/v1/service-accounts/{account_id}"
# one of the team, and one of another: each admin sees what is theirs
READERS = {"admin of another team", "team admin", "platform admin"}

AUDIT_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/audit": (READ, None),
    "GET /v1/audit/export": (READ, None),
    "GET /v1/audit/state": (ADMINISTER, None),
    "POST /v1/audit/verification": (ADMINISTER, None),
    "PUT /v1/audit/retention": (ADMINISTER, {"days": 400}),
    "GET /v1/retention": (ADMINISTER, None),
    "PUT /v1/retention": (
        ADMINISTER,
        {"raw_request_days": 60, "notification_days": None},
    ),
    "PUT /v1/audit/stream": (
        ADMINISTER,
        {"kind": "webhook", "address": "https://siem.example.org/in"},
    ),
    "DELETE /v1/audit/stream": (ADMINISTER, None),
    "POST /v1/audit/{entry_id}/undo": (EDIT, None),
    "GET /v1/service-accounts": (READ, None),
    "POST /v1/service-accounts": (EDIT, {"name": "Deploy", "team_id": "$team_id"}),
    f"PUT {ACCOUNT}/deactivation": (EDIT, None),
    f"GET {ACCOUNT}/api-keys": (EDIT, None),
    f"POST {ACCOUNT}/api-keys": (EDIT, {"name": "CI", "scopes": ["write"]}),
    f"DELETE {ACCOUNT}/api-keys/{{key_id}}": (EDIT, None),
}

# routes whose success leaves no entry by itself
UNAUDITED: set[str] = {
    *SAID_TWICE,
    "DELETE /v1/me/absence",  # of nobody who is away
    # people act: the timeline or a log says so
    "DELETE /v1/heartbeats/{heartbeat_id}/pause",
    "DELETE /v1/incidents/{incident_id}/acknowledgement",
    "DELETE /v1/incidents/{incident_id}/merge",
    "DELETE /v1/incidents/{incident_id}/noise",
    "DELETE /v1/incidents/{incident_id}/resolution",
    "DELETE /v1/incidents/{incident_id}/responders/{user_id}",
    "DELETE /v1/incidents/{incident_id}/snooze",
    "DELETE /v1/runbooks/{runbook_id}/stop",
    "DELETE /v1/workflow-runs/{workflow_run_id}/pause",
    "POST /v1/mailed-reports/{mailed_report_id}/copy",  # one mail, to oneself
    "PATCH /v1/incidents/{incident_id}",
    "POST /v1/incidents",
    "POST /v1/incidents/bulk/acknowledgement",
    "POST /v1/incidents/bulk/resolution",
    "POST /v1/incidents/{incident_id}/notes",
    "POST /v1/runbooks/{runbook_id}/versions/{number}/comments",
    "POST /v1/unrouted-alerts/review",
    "POST /v1/workflows/{workflow_id}/runs",
    "PUT /v1/heartbeats/{heartbeat_id}/pause",
    "PUT /v1/incidents/{incident_id}/acknowledgement",
    "PUT /v1/incidents/{incident_id}/assignee",
    "PUT /v1/incidents/{incident_id}/merge",
    "PUT /v1/incidents/{incident_id}/noise",
    "PUT /v1/incidents/{incident_id}/resolution",
    "PUT /v1/incidents/{incident_id}/responders/{user_id}",
    "PUT /v1/incidents/{incident_id}/snooze",
    "PUT /v1/runbook-runs/{run_id}/cancellation",
    "PUT /v1/workflow-runs/{workflow_run_id}/cancellation",
    "PUT /v1/workflow-runs/{workflow_run_id}/pause",
    # what comes of it is noted
    "DELETE /v1/me/sessions",
    "DELETE /v1/partners/{partner_id}/sessions",
    "DELETE /v1/session",
    "POST /v1/me/passkeys/challenge",
    "POST /v1/session/passkey/challenge",
    "POST /v1/sign-in/end",
    "PUT /v1/me/notifications/read",
    # asks, tries or sends, and changes no configuration
    "POST /v1/audit/verification",
    "POST /v1/escalation-policies/findings",
    "POST /v1/explain",
    "POST /v1/identity-providers/{provider_id}/check",
    "POST /v1/integrations/{integration_id}/mapping-preview",
    "POST /v1/partners/{partner_id}/invitation",
    "POST /v1/partners/{partner_id}/link",
    "POST /v1/rooms/{room_id}/verification",
    "POST /v1/routing-rules/test",
    "POST /v1/schedules/preview",
    "POST /v1/status-pages/{page_id}/proposal",
    "POST /v1/status-pages/{page_id}/subscribers/import",
    "POST /v1/target-connections/{connection_id}/hint",
    "POST /v1/users/{user_id}/contact-links",
    "POST /v1/users/{user_id}/contact-methods/{method_id}/test",
    "POST /v1/users/{user_id}/proofs",
    "POST /v1/workflow-checks",
    "POST /v1/workflow-files",
    "POST /v1/workflow-trials",
    # in this world it finds nothing to change
    "DELETE /v1/channels/{channel}/config",
    "DELETE /v1/components/{component_id}/override",
    "DELETE /v1/identity-providers/{provider_id}/scim-tokens/{token_id}",
    "DELETE /v1/me/api-keys/{key_id}",
    "DELETE /v1/me/calendar-feed",
    "DELETE /v1/me/time-off-calendars/{calendar_id}",
    "DELETE /v1/partners/{partner_id}/deactivation",
    "DELETE /v1/partners/{partner_id}/grants/{page_id}",
    "DELETE /v1/saved-views/{view_id}",
    "DELETE /v1/schedules/{schedule_id}/calendar-feed",
    "DELETE /v1/service-accounts/{account_id}/api-keys/{key_id}",
    "DELETE /v1/status-pages/{page_id}/password",
    "DELETE /v1/status-pages/{page_id}/pictures/{which}",
    "DELETE /v1/teams/{team_id}/calendar-feed",
    "DELETE /v1/teams/{team_id}/runbook-approvers/{user_id}",
    "DELETE /v1/users/{user_id}/deactivation",
    "DELETE /v1/users/{user_id}/factors",
    "DELETE /v1/workflow-secrets/{secret_name}",
    "POST /v1/saved-views",
    "PUT /v1/maintenance-windows/{window_id}",
    "PUT /v1/routing-rules/order",
    "PUT /v1/routing-rules/{rule_id}",
    "PUT /v1/services/{service_id}/dependencies",
    "PUT /v1/status-pages/{page_id}/layout",
    "PUT /v1/status-pages/{page_id}/subscribers/{subscriber_id}/delivery",
    "PUT /v1/status-templates/{template_id}",
}


async def own_entry(client: httpx2.AsyncClient, ids: dict[str, str]) -> None:
    """A service account, and an entry of the audit that can be undone."""
    wanted = {"name": "Deploy", "team_id": ids["team_id"]}
    made = await client.post("/v1/service-accounts", json=wanted)
    ids["account_id"] = made.json()["id"]
    service = f"/v1/services/{ids['service_id']}"
    assert (await client.patch(service, json={"tier": 2})).is_success
    found = await client.get("/v1/audit", params={"kind": "service.updated"})
    ids["entry_id"] = str(found.json()["items"][0]["id"])
