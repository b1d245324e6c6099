"""Routes of status pages: who may ask, and a good request; for routes.py."""

from collections.abc import Awaitable, Callable

SEE, RESPOND, EDIT = "see", "respond", "edit"
Make = Callable[[str, object], Awaitable[dict[str, object]]]

STATUS_PAGE = {"name": "Other", "slug": "other", "team_id": "$team_id"}
PAGE = "/v1/status-pages/{page_id}"
COMPONENT = "/v1/components/{component_id}"
STATUS_INCIDENT = "/v1/status-incidents/{status_incident_id}"
MAINTENANCE = "/v1/status-maintenances/{maintenance_id}"
TELL = {"status": "identified", "body": "A bad release."}
TELL_ABOUT = {
    "name": "Errors at checkout",
    "update": {"status": "investigating", "body": "We are looking into it."},
    "components": {"$component_id": "partial_outage"},
}
UPGRADE = {
    "name": "Upgrade",
    "scheduled_for": "2026-03-03T01:00:00Z",
    "scheduled_until": "2026-03-03T02:00:00Z",
}
WORDS = {"name": "Slow", "title": "Slow {{components}}", "body": "We are looking."}

STATUS_PAGE_ROUTES: dict[str, tuple[str, object]] = {
    "GET /v1/status-pages": (SEE, None),
    "POST /v1/status-pages": (EDIT, STATUS_PAGE),
    f"GET {PAGE}": (SEE, None),
    f"PATCH {PAGE}": (EDIT, {"name": "Renamed"}),
    f"DELETE {PAGE}": (EDIT, None),
    f"PUT {PAGE}/pictures/{{which}}": (EDIT, {"content": "iVBORw0KGgo="}),
    f"DELETE {PAGE}/pictures/{{which}}": (EDIT, None),
    f"PUT {PAGE}/layout": (
        EDIT,
        {
            "group_ids": ["$group_id"],
            "components": [{"component_id": "$component_id", "group_id": None}],
        },
    ),
    f"POST {PAGE}/groups": (EDIT, {"name": "Europe"}),
    "PATCH /v1/component-groups/{group_id}": (EDIT, {"name": "America"}),
    "DELETE /v1/component-groups/{group_id}": (EDIT, None),
    f"POST {PAGE}/components": (EDIT, {"name": "Search"}),
    f"PATCH {COMPONENT}": (EDIT, {"service_ids": ["$service_id"]}),
    f"DELETE {COMPONENT}": (EDIT, None),
    f"PUT {COMPONENT}/override": (RESPOND, {"state": "degraded_performance"}),
    f"DELETE {COMPONENT}/override": (RESPOND, None),
    f"PUT {PAGE}/password": (EDIT, {"password": "long enough to be one"}),
    f"DELETE {PAGE}/password": (EDIT, None),
    f"GET {PAGE}/tokens": (EDIT, None),
    f"POST {PAGE}/tokens": (EDIT, {"name": "Agency"}),
    f"DELETE {PAGE}/tokens/{{token_id}}": (EDIT, None),
    f"GET {PAGE}/uptime": (SEE, None),
    f"GET {PAGE}/incidents": (SEE, None),
    f"POST {PAGE}/incidents": (RESPOND, TELL_ABOUT),
    "GET /v1/incidents/{incident_id}/status-incidents": (SEE, None),
    f"GET {STATUS_INCIDENT}": (SEE, None),
    f"PATCH {STATUS_INCIDENT}": (RESPOND, {"impact": "major"}),
    f"DELETE {STATUS_INCIDENT}": (EDIT, None),
    f"POST {STATUS_INCIDENT}/updates": (RESPOND, TELL),
    "PATCH /v1/status-updates/{update_id}": (
        RESPOND,
        {"body": "A worse release.", "reason": "It was worse."},
    ),
    "DELETE /v1/status-updates/{update_id}": (RESPOND, None),
    f"GET {PAGE}/maintenances": (SEE, None),
    f"POST {PAGE}/maintenances": (RESPOND, UPGRADE),
    f"GET {MAINTENANCE}": (SEE, None),
    f"PATCH {MAINTENANCE}": (RESPOND, {"scheduled_until": "2026-03-03T03:00:00Z"}),
    f"PUT {MAINTENANCE}/status": (RESPOND, {"status": "in_progress"}),
    f"POST {MAINTENANCE}/updates": (
        RESPOND,
        {"status": "scheduled", "body": "Still planned."},
    ),
    "DELETE /v1/maintenance-series/{series_id}": (RESPOND, None),
    f"GET {PAGE}/templates": (SEE, None),
    f"POST {PAGE}/templates": (EDIT, {**WORDS, "name": "Other"}),
    "PUT /v1/status-templates/{template_id}": (EDIT, WORDS),
    "DELETE /v1/status-templates/{template_id}": (EDIT, None),
    f"POST {PAGE}/proposal": (SEE, {"incident_id": "$incident_id"}),
    f"GET {PAGE}/copies": (EDIT, None),
    # addresses of people outside are for those who look after the page
    f"GET {PAGE}/subscribers": (EDIT, None),
    f"GET {PAGE}/subscribers/counts": (EDIT, None),
    f"GET {PAGE}/subscribers/export": (EDIT, None),
    f"POST {PAGE}/subscribers": (EDIT, {"address": "eve@example.org"}),
    f"POST {PAGE}/subscribers/import": (EDIT, {"csv": "address\nfay@example.org\n"}),
    f"PUT {PAGE}/subscribers/{{subscriber_id}}/delivery": (EDIT, None),
    f"DELETE {PAGE}/subscribers/{{subscriber_id}}": (EDIT, None),
}


async def own_status_page(make: Make, ids: dict[str, str]) -> None:
    """A page of the team, with one of everything on it."""
    ids["which"] = "logo"
    made = await make("/v1/status-pages", {**STATUS_PAGE, "name": "A", "slug": "a"})
    page_id = ids["page_id"] = str(made["id"])
    page = f"/v1/status-pages/{page_id}"
    ids["group_id"] = str((await make(f"{page}/groups", {"name": "World"}))["id"])
    component = {"name": "Checkout", "service_ids": ["$service_id"]}
    ids["component_id"] = str((await make(f"{page}/components", component))["id"])
    ids["token_id"] = str((await make(f"{page}/tokens", {"name": "One"}))["id"])
    told = await make(f"{page}/incidents", TELL_ABOUT)
    ids["status_incident_id"] = str(told["id"])
    updates = told["updates"]
    assert isinstance(updates, list)
    ids["update_id"] = updates[0]["id"]
    work = await make(f"{page}/maintenances", {**UPGRADE, "rrule": "FREQ=WEEKLY"})
    ids["maintenance_id"], ids["series_id"] = str(work["id"]), str(work["series_id"])
    ids["template_id"] = str((await make(f"{page}/templates", WORDS))["id"])
    follower = {"address": "dan@example.org"}
    ids["subscriber_id"] = str((await make(f"{page}/subscribers", follower))["id"])
