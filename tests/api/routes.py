"""Who may ask for each route of the API, and a request that would otherwise be accepted.

An id such as `$service_id` is one of the team's; see test_access_matrix.py.
"""

from dataclasses import dataclass, field

from tests.api.audit_routes import AUDIT_ROUTES, READERS
from tests.api.conftest import PASSWORD
from tests.api.factor_routes import FACTOR_ROUTES
from tests.api.partner_routes import PARTNER_ROUTES
from tests.api.postmortem_routes import POSTMORTEM_ROUTES
from tests.api.runbook_routes import RUNBOOK_ROUTES
from tests.api.service_map_routes import SERVICE_MAP_ROUTES
from tests.api.sign_in_routes import SIGN_IN_ROUTES
from tests.api.status_page_routes import STATUS_PAGE_ROUTES
from tests.api.workflow_routes import WORKFLOW_ROUTES

# in the order in which they ask: those who may delete come last
ACTORS = (
    "nobody",
    "read key",
    "admin of another team",
    "observer",
    "responder",
    "team admin",
    "platform admin",
)
PEOPLE = set(ACTORS) - {"nobody", "read key"}
BROWSERS = set(ACTORS) - {"read key"}  # whatever is on one of our pages
SEE = set(ACTORS) - {"nobody"}
DECLARE = PEOPLE
OWN = PEOPLE  # one's own account
RESPOND = {"responder", "team admin", "platform admin"}
EDIT_TEAM = {"team admin", "platform admin"}
SEE_CONTACTS = {"read key", "team admin", "platform admin"}
EDIT_CONTACTS = {"team admin", "platform admin"}
ADMINISTER = {"platform admin"}
STATUS_PAGE_ACTORS = {"see": SEE, "respond": RESPOND, "edit": EDIT_TEAM}


RUNBOOK_ACTORS: dict[str, set[str]] = {
    "see": SEE,
    "respond": RESPOND,
    "edit": EDIT_TEAM,
    "administer": ADMINISTER,
    "people": PEOPLE,
    "anybody": set(ACTORS),
    "browsers": BROWSERS,
    "nobody": set(),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who may ask for a route, and a good request: `$service_id` is one of the team's."""

    may: set[str]
    body: object = None
    query: dict[str, str] = field(default_factory=dict)


ONE_REPORT = "/v1/mailed-reports/{mailed_report_id}"
MAILED_REPORT = {
    "name": "Every Monday",
    "team_id": "$team_id",
    "rhythm": "weekly",
    "day": 1,
    "hour": 9,
    "time_zone": "UTC",
    "reader_ids": ["$user_id"],
}
MARCH = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
POLICY = {
    "name": "Other",
    "team_id": "$team_id",
    "steps": [{"timeout_s": 300, "targets": [{"kind": "user", "id": "$user_id"}]}],
}
SCHEDULE = {
    "name": "Other",
    "team_id": "$team_id",
    "time_zone": "UTC",
    "layers": [
        {
            "start_at": "2026-03-01T09:00:00Z",
            "unit": "week",
            "lengths": [1],
            "user_ids": ["$user_id"],
        }
    ],
}
WEBHOOK = {
    "channel": "webhook",
    "label": "Bot",
    "address": {"url": "https://example.org"},
}
ROOM = {
    "team_id": "$team_id",
    "channel": "webhook",
    "name": "Bots",
    "address": {"url": "https://example.org"},
}
RULE = {
    "team_id": "$team_id",
    "name": "Other",
    "condition": 'labels.env == "dev"',
    "actions": {"suppress": {"reason": "nobody runs dev"}},
}
OF_ALL = {name: value for name, value in RULE.items() if name != "team_id"}
WORK = {
    "team_id": "$team_id",
    "name": "Upgrade",
    "start_at": "2026-03-02T09:00:00Z",
    "end_at": "2026-03-02T10:00:00Z",
}
WORK_OF_ALL = {name: value for name, value in WORK.items() if name != "team_id"}
WINDOW = {"start": "2026-03-01T00:00:00Z", "end": "2026-03-08T00:00:00Z"}
AHEAD = {"start": "2027-03-01T00:00:00Z", "end": "2027-03-08T00:00:00Z"}
INCIDENT = "/v1/incidents/{incident_id}"
HEARTBEAT = "/v1/heartbeats/{heartbeat_id}"
BACKUP = {"service_id": "$service_id", "name": "Backup", "period_s": 86400}
PERSON = "/v1/users/{user_id}"
OWN_PASSWORD = "PUT /v1/me/password"  # refused: nobody here has one
TEST_ALERT = "POST /v1/integrations/{integration_id}/test"
REPLAY = "POST /v1/requests/{request_id}/replay"
INGESTING = {TEST_ALERT, REPLAY}  # need a running ingest
SIGNING = "/v1/integrations/{integration_id}/signing"
SETTINGS = "/v1/integrations/{integration_id}/settings"

ROUTES = {
    # accounts
    "POST /v1/session": Line(
        BROWSERS, {"email": "bo@example.org", "password": PASSWORD}
    ),
    "DELETE /v1/session": Line(BROWSERS),
    "GET /v1/me": Line(SEE),
    "GET /v1/web-push": Line(SEE),
    "PATCH /v1/me": Line(OWN, {"name": "Changed"}),
    OWN_PASSWORD: Line(OWN, {"current": "wrong", "new": "12345678"}),
    "GET /v1/users": Line(SEE),
    "POST /v1/users": Line(ADMINISTER, {"email": "cy@example.org", "name": "Cy"}),
    f"GET {PERSON}": Line(SEE),
    f"PATCH {PERSON}": Line(ADMINISTER, {"name": "Bob"}),
    f"PUT {PERSON}/deactivation": Line(ADMINISTER),
    f"DELETE {PERSON}/deactivation": Line(ADMINISTER),
    "GET /v1/teams": Line(SEE),
    "POST /v1/teams": Line(ADMINISTER, {"name": "New"}),
    "GET /v1/teams/{team_id}": Line(SEE),
    "PATCH /v1/teams/{team_id}": Line(EDIT_TEAM, {"name": "Renamed"}),
    "DELETE /v1/teams/{team_id}": Line(ADMINISTER),
    "GET /v1/teams/{team_id}/members": Line(SEE),
    "PUT /v1/teams/{team_id}/members/{user_id}": Line(EDIT_TEAM, {"role": "observer"}),
    "DELETE /v1/teams/{team_id}/members/{user_id}": Line(EDIT_TEAM),
    f"GET {PERSON}/contact-methods": Line(SEE_CONTACTS),
    f"POST {PERSON}/contact-methods": Line(EDIT_CONTACTS, WEBHOOK),
    f"PATCH {PERSON}/contact-methods/{{method_id}}": Line(
        EDIT_CONTACTS, {"label": "Home"}
    ),
    f"DELETE {PERSON}/contact-methods/{{method_id}}": Line(EDIT_CONTACTS),
    # notifications
    "GET /v1/channels": Line(SEE),
    "PUT /v1/channels/{channel}/config": Line(
        ADMINISTER,
        {"values": {"bot_token": "123:secret", "webhook_secret": "x" * 20}},
    ),
    "DELETE /v1/channels/{channel}/config": Line(ADMINISTER),
    "POST /v1/channels/{channel}/test": Line(ADMINISTER),
    f"POST {PERSON}/contact-methods/{{method_id}}/verification": Line(EDIT_CONTACTS),
    f"PUT {PERSON}/contact-methods/{{method_id}}/verification": Line(
        EDIT_CONTACTS, {"code": "123456"}
    ),
    f"GET {PERSON}/notification-preferences": Line(SEE_CONTACTS),
    f"PUT {PERSON}/notification-preferences": Line(
        EDIT_CONTACTS,
        {
            "language": "de",
            "quiet_from": "22:00",
            "quiet_to": "07:00",
            "quiet_urgent": False,
            "low_off_duty": False,
        },
    ),
    "GET /v1/rooms": Line(SEE),
    "POST /v1/rooms": Line(EDIT_TEAM, ROOM),
    "GET /v1/rooms/{room_id}": Line(SEE),
    "PATCH /v1/rooms/{room_id}": Line(EDIT_TEAM, {"name": "Nights"}),
    "DELETE /v1/rooms/{room_id}": Line(EDIT_TEAM),
    "POST /v1/rooms/{room_id}/test": Line(EDIT_TEAM),
    "POST /v1/rooms/{room_id}/verification": Line(EDIT_TEAM),
    "PUT /v1/rooms/{room_id}/verification": Line(EDIT_TEAM, {"code": "123456"}),
    "GET /v1/notifications": Line(SEE),
    "GET /v1/providers": Line(ADMINISTER),
    "GET /v1/findings": Line(SEE),
    "GET /v1/teams/{team_id}/readiness": Line(SEE),
    f"POST {PERSON}/proofs": Line(EDIT_CONTACTS),
    f"POST {PERSON}/contact-links": Line(EDIT_CONTACTS, {"channel": "telegram"}),
    f"POST {PERSON}/contact-methods/{{method_id}}/test": Line(EDIT_CONTACTS),
    f"GET {PERSON}/notification-rules": Line(SEE_CONTACTS),
    f"PUT {PERSON}/notification-rules": Line(EDIT_CONTACTS, []),
    f"GET {INCIDENT}/notifications": Line(SEE),
    "GET /v1/me/notifications": Line(SEE),
    "PUT /v1/me/notifications/read": Line(PEOPLE),
    "GET /v1/outbox": Line(SEE),
    "GET /v1/limits/violations": Line(ADMINISTER),
    "GET /v1/operations": Line(ADMINISTER),
    # services
    "GET /v1/services": Line(SEE),
    "POST /v1/services": Line(EDIT_TEAM, {"name": "New", "team_id": "$team_id"}),
    "GET /v1/services/{service_id}": Line(SEE),
    "PATCH /v1/services/{service_id}": Line(EDIT_TEAM, {"name": "Renamed"}),
    "DELETE /v1/services/{service_id}": Line(EDIT_TEAM),
    "GET /v1/services/{service_id}/integrations": Line(SEE),
    "POST /v1/services/{service_id}/integrations": Line(
        EDIT_TEAM, {"kind": "generic", "name": "New"}
    ),
    "GET /v1/integration-kinds": Line(SEE),
    "GET /v1/integrations": Line(SEE),
    "GET /v1/integrations/{integration_id}": Line(SEE),
    "PATCH /v1/integrations/{integration_id}": Line(EDIT_TEAM, {"name": "Renamed"}),
    "DELETE /v1/integrations/{integration_id}": Line(EDIT_TEAM),
    "GET /v1/integrations/{integration_id}/setup": Line(SEE),
    "POST /v1/integrations/{integration_id}/keys": Line(EDIT_TEAM),
    "DELETE /v1/integrations/{integration_id}/keys/{key_id}": Line(EDIT_TEAM),
    f"GET {SIGNING}": Line(SEE),
    f"PATCH {SIGNING}": Line(EDIT_TEAM, {"repeat_window_s": 60}),
    f"POST {SIGNING}/secrets": Line(EDIT_TEAM, {}),
    f"DELETE {SIGNING}/secrets/{{secret_id}}": Line(EDIT_TEAM),
    f"GET {SETTINGS}": Line(SEE),
    f"PUT {SETTINGS}": Line(EDIT_TEAM, {"values": {}}),
    "GET /v1/services/{service_id}/alert-settings": Line(SEE),
    "PUT /v1/services/{service_id}/alert-settings": Line(EDIT_TEAM, {"tier": 1}),
    "GET /v1/services/{service_id}/dependencies": Line(SEE),
    "PUT /v1/services/{service_id}/dependencies": Line(EDIT_TEAM, {"depends_on": []}),
    # rules and planned work
    "GET /v1/routing-rules": Line(SEE),
    "POST /v1/routing-rules": Line(EDIT_TEAM, RULE),
    "POST /v1/routing-rules/test": Line(EDIT_TEAM, RULE),
    "POST /v1/unrouted-alerts/review": Line(ADMINISTER),
    "PUT /v1/routing-rules/order": Line(
        EDIT_TEAM, {"team_id": "$team_id", "rule_ids": ["$rule_id"]}
    ),
    "GET /v1/routing-rules/{rule_id}": Line(SEE),
    "PUT /v1/routing-rules/{rule_id}": Line(EDIT_TEAM, OF_ALL),
    "DELETE /v1/routing-rules/{rule_id}": Line(EDIT_TEAM),
    "GET /v1/maintenance-windows": Line(SEE),
    "POST /v1/maintenance-windows": Line(EDIT_TEAM, WORK),
    "GET /v1/maintenance-windows/{window_id}": Line(SEE),
    "PUT /v1/maintenance-windows/{window_id}": Line(EDIT_TEAM, WORK_OF_ALL),
    "DELETE /v1/maintenance-windows/{window_id}": Line(EDIT_TEAM),
    # alerts
    "GET /v1/alerts": Line(SEE),
    "GET /v1/alerts/{alert_id}": Line(SEE),
    TEST_ALERT: Line(EDIT_TEAM),
    "GET /v1/integrations/{integration_id}/requests": Line(SEE),
    "POST /v1/integrations/{integration_id}/mapping-preview": Line(
        EDIT_TEAM, {"values": {}}
    ),
    "GET /v1/requests/{request_id}": Line(SEE),
    "GET /v1/integrations/{integration_id}/health": Line(SEE),
    "GET /v1/unread-requests": Line(SEE),
    REPLAY: Line(EDIT_TEAM),
    # heartbeats
    "GET /v1/heartbeats": Line(SEE),
    "POST /v1/heartbeats": Line(EDIT_TEAM, BACKUP),
    "GET /v1/heartbeat-times": Line(SEE, query={"cron": "0 3 * * *"}),
    f"GET {HEARTBEAT}": Line(SEE),
    f"PATCH {HEARTBEAT}": Line(EDIT_TEAM, {"name": "Renamed"}),
    f"DELETE {HEARTBEAT}": Line(EDIT_TEAM),
    f"PUT {HEARTBEAT}/pause": Line(EDIT_TEAM),
    f"DELETE {HEARTBEAT}/pause": Line(EDIT_TEAM),
    f"GET {HEARTBEAT}/pings": Line(SEE),
    f"GET {HEARTBEAT}/pings/{{number}}": Line(SEE),
    # schedules
    "GET /v1/schedules": Line(SEE),
    "POST /v1/schedules": Line(EDIT_TEAM, SCHEDULE),
    "GET /v1/schedules/{schedule_id}": Line(SEE),
    "PUT /v1/schedules/{schedule_id}": Line(EDIT_TEAM, SCHEDULE),
    "DELETE /v1/schedules/{schedule_id}": Line(EDIT_TEAM),
    "POST /v1/schedules/preview": Line(SEE, {**SCHEDULE, **WINDOW}),
    "GET /v1/schedules/{schedule_id}/shifts": Line(SEE, query=WINDOW),
    "GET /v1/schedules/{schedule_id}/timeline": Line(SEE, query=WINDOW),
    "GET /v1/schedules/{schedule_id}/findings": Line(SEE),
    "GET /v1/schedules/{schedule_id}/balance": Line(SEE),
    "DELETE /v1/schedules/{schedule_id}/versions/{version_id}": Line(EDIT_TEAM),
    "GET /v1/schedules/{schedule_id}/overrides": Line(SEE),
    "POST /v1/schedules/{schedule_id}/overrides": Line(
        EDIT_TEAM, {"overrides": [{**AHEAD, "user_id": "$user_id"}]}
    ),
    "DELETE /v1/schedules/{schedule_id}/overrides/{override_id}": Line(EDIT_TEAM),
    "GET /v1/schedules/{schedule_id}/gaps": Line(SEE),
    "POST /v1/schedules/{schedule_id}/gaps": Line(EDIT_TEAM, AHEAD),
    "DELETE /v1/schedules/{schedule_id}/gaps/{gap_id}": Line(EDIT_TEAM),
    "GET /v1/me/calendar-feed": Line(SEE),
    "POST /v1/me/calendar-feed": Line(OWN),
    "DELETE /v1/me/calendar-feed": Line(OWN),
    "GET /v1/schedules/{schedule_id}/calendar-feed": Line(SEE),
    "POST /v1/schedules/{schedule_id}/calendar-feed": Line(OWN),
    "DELETE /v1/schedules/{schedule_id}/calendar-feed": Line(OWN),
    "GET /v1/teams/{team_id}/calendar-feed": Line(SEE),
    "POST /v1/teams/{team_id}/calendar-feed": Line(OWN),
    "DELETE /v1/teams/{team_id}/calendar-feed": Line(OWN),
    # whose shift it is decides: see test_swaps.py and test_covers.py
    "GET /v1/me/swaps": Line(SEE),
    "POST /v1/schedules/{schedule_id}/swaps": Line(
        PEOPLE, {**AHEAD, "user_id": "$user_id"}
    ),
    "PUT /v1/swaps/{swap_id}/acceptance": Line(PEOPLE),
    "PUT /v1/swaps/{swap_id}/refusal": Line(PEOPLE),
    "DELETE /v1/swaps/{swap_id}": Line(PEOPLE),
    "GET /v1/me/cover-requests": Line(SEE),
    "POST /v1/schedules/{schedule_id}/cover-requests": Line(PEOPLE, AHEAD),
    "PUT /v1/cover-requests/{cover_request_id}/acceptance": Line(PEOPLE),
    "DELETE /v1/cover-requests/{cover_request_id}": Line(PEOPLE),
    "GET /v1/me/time-off-calendars": Line(SEE),
    "GET /v1/me/handoff-notices": Line(SEE),
    "GET /v1/holidays": Line(SEE),
    "GET /v1/on-call": Line(SEE),
    "GET /v1/me/on-call": Line(SEE),
    # escalation
    "GET /v1/escalation-policies": Line(SEE),
    "POST /v1/escalation-policies": Line(EDIT_TEAM, POLICY),
    "GET /v1/escalation-policies/{policy_id}": Line(SEE),
    "PUT /v1/escalation-policies/{policy_id}": Line(EDIT_TEAM, POLICY),
    "DELETE /v1/escalation-policies/{policy_id}": Line(EDIT_TEAM),
    "GET /v1/escalation-policies/{policy_id}/findings": Line(SEE),
    "POST /v1/escalation-policies/findings": Line(SEE, POLICY),
    # explain
    "POST /v1/explain": Line(SEE, {"service_id": "$service_id"}),
    f"GET {INCIDENT}/plan": Line(SEE),
    f"GET {INCIDENT}/why": Line(SEE),
    # incidents
    "GET /v1/incidents": Line(SEE),
    "POST /v1/incidents": Line(DECLARE, {"service_id": "$service_id", "title": "x"}),
    "GET /v1/incidents/counts": Line(SEE),
    # refused one by one, in the answer: see the test below
    "POST /v1/incidents/bulk/acknowledgement": Line(SEE, {"ids": ["$incident_id"]}),
    "POST /v1/incidents/bulk/resolution": Line(SEE, {"ids": ["$incident_id"]}),
    f"GET {INCIDENT}": Line(SEE),
    f"GET {INCIDENT}/context": Line(SEE),
    f"PATCH {INCIDENT}": Line(RESPOND, {"title": "Renamed"}),
    f"PUT {INCIDENT}/acknowledgement": Line(RESPOND),
    f"DELETE {INCIDENT}/acknowledgement": Line(RESPOND),
    f"PUT {INCIDENT}/resolution": Line(RESPOND, {"note": "over"}),
    f"DELETE {INCIDENT}/resolution": Line(RESPOND),
    f"PUT {INCIDENT}/snooze": Line(RESPOND, {"until": "2026-03-02T12:00:00Z"}),
    f"DELETE {INCIDENT}/snooze": Line(RESPOND),
    f"PUT {INCIDENT}/assignee": Line(RESPOND, {"user_id": "$user_id"}),
    f"PUT {INCIDENT}/responders/{{user_id}}": Line(RESPOND),
    f"DELETE {INCIDENT}/responders/{{user_id}}": Line(RESPOND),
    f"PUT {INCIDENT}/merge": Line(RESPOND, {"into_id": "$other_incident_id"}),
    f"DELETE {INCIDENT}/merge": Line(RESPOND),
    f"POST {INCIDENT}/notes": Line(RESPOND, {"text": "looking"}),
    f"GET {INCIDENT}/alerts": Line(SEE),
    f"GET {INCIDENT}/timeline": Line(SEE),
    "GET /v1/saved-views": Line(SEE),
    "POST /v1/saved-views": Line(PEOPLE, {"name": "Mine", "query": "mine=true"}),
    "DELETE /v1/saved-views/{view_id}": Line(PEOPLE),
    # status pages
    **{
        route: Line(STATUS_PAGE_ACTORS[who], body)
        for route, (who, body) in STATUS_PAGE_ROUTES.items()
    },
    # audit
    **{
        route: Line({**RUNBOOK_ACTORS, "read": READERS}[who], body)
        for route, (who, body) in AUDIT_ROUTES.items()
    },
    # service map
    **{
        route: Line(RUNBOOK_ACTORS[who], body, query)
        for route, (who, body, query) in SERVICE_MAP_ROUTES.items()
    },
    # insights
    "GET /v1/insights": Line(SEE),
    "GET /v1/insights/incidents": Line(SEE, query=MARCH),
    "GET /v1/insights/{insight}": Line(SEE, query=MARCH),
    "GET /v1/insights/{insight}.csv": Line(SEE, query=MARCH),
    "GET /v1/mailed-reports": Line(SEE),
    "POST /v1/mailed-reports": Line(EDIT_TEAM, MAILED_REPORT),
    f"PUT {ONE_REPORT}": Line(EDIT_TEAM, {**MAILED_REPORT, "name": "Weekly"}),
    f"POST {ONE_REPORT}/copy": Line(OWN),
    f"DELETE {ONE_REPORT}": Line(EDIT_TEAM),
    # partners, runbooks, factors, sign-in, postmortems
    **{
        route: Line(RUNBOOK_ACTORS[who], body)
        for routes in (
            PARTNER_ROUTES,
            RUNBOOK_ROUTES,
            FACTOR_ROUTES,
            SIGN_IN_ROUTES,
            POSTMORTEM_ROUTES,
        )
        for route, (who, body) in routes.items()
    },
    **{
        route: Line(RUNBOOK_ACTORS[who], body, query)
        for route, (who, body, query) in WORKFLOW_ROUTES.items()
    },
}
READS = {route for route in ROUTES if route.startswith("GET ")}
