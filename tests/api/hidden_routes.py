"""What the team of the matrix has, for asking as somebody from whom it is hidden."""

# what the team of the world has, by the names of ids in routes and bodies
TEAMS_OWN = {
    "team_id",
    "policy_id",
    "service_id",
    "integration_id",
    "key_id",
    "secret_id",
    "room_id",
    "rule_id",
    "heartbeat_id",
    "window_id",
    "schedule_id",
    "override_id",
    "gap_id",
    "incident_id",
    "other_incident_id",
    "page_id",
    "component_id",
    "runbook_id",
    "postmortem_id",
    "item_id",
    "workflow_id",
    "mailed_report_id",
    "request_id",
}
ITS_NAMES = {"Shop is down"}
# nothing was ever counted
NOUGHTS = {"GET /v1/workflows/{workflow_id}/statistics"}
# answered one by one
UNTEAMED = {
    "POST /v1/incidents/bulk/acknowledgement",
    "POST /v1/incidents/bulk/resolution",
}
