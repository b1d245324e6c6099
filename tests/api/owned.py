"""What the team of the matrix owns: one of everything, made as anybody would make it."""

import json
from string import Template
from uuid import uuid4

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.partner_routes import own_partner
from tests.api.postmortem_routes import own_postmortem
from tests.api.routes import (
    BACKUP,
    MAILED_REPORT,
    POLICY,
    ROOM,
    RULE,
    SCHEDULE,
    WINDOW,
    WORK,
)
from tests.api.runbook_routes import own_runbook
from tests.api.service_map_routes import Make, own_noise, own_transfer
from tests.api.sign_in_routes import own_identity_provider
from tests.api.status_page_routes import own_status_page
from tests.api.workflow_routes import own_workflow


async def own_things(
    client: httpx2.AsyncClient, ids: dict[str, str], engine: AsyncEngine
) -> None:
    """One of everything that a team owns, made as anybody would make it."""

    async def make(path: str, body: object) -> dict[str, object]:
        filled = Template(json.dumps(body)).substitute(ids)
        answer = await client.post(path, json=json.loads(filled))
        assert answer.status_code == 201, answer.text
        made: dict[str, object] = answer.json()
        return made

    methods = await client.get(f"/v1/users/{ids['user_id']}/contact-methods")
    ids["method_id"] = methods.json()[1]["id"]
    policy = await make("/v1/escalation-policies", {**POLICY, "name": "First"})
    ids["policy_id"] = str(policy["id"])
    service = await make(
        "/v1/services",
        {
            "name": "Shop",
            "team_id": "$team_id",
            "escalation_policy_id": "$policy_id",
        },
    )
    ids["service_id"] = str(service["id"])
    integration = await make(
        f"/v1/services/{ids['service_id']}/integrations",
        {"kind": "generic", "name": "Probe"},
    )
    ids["integration_id"] = str(integration["id"])
    listed = await client.get(f"/v1/integrations/{ids['integration_id']}")
    ids["key_id"] = listed.json()["keys"][0]["id"]
    signing = f"/v1/integrations/{ids['integration_id']}/signing/secrets"
    ids["secret_id"] = str((await make(signing, {}))["id"])
    room = {**ROOM, "channel": "discord", "name": "Ops"}
    ids["room_id"] = str((await make("/v1/rooms", room))["id"])
    ids["rule_id"] = str((await make("/v1/routing-rules", RULE))["id"])
    ids["heartbeat_id"] = str((await make("/v1/heartbeats", BACKUP))["id"])
    ids["number"] = "1"
    ids["window_id"] = str((await make("/v1/maintenance-windows", WORK))["id"])
    schedule = await make("/v1/schedules", {**SCHEDULE, "name": "First"})
    ids["schedule_id"] = str(schedule["id"])
    of_schedule = f"/v1/schedules/{ids['schedule_id']}"
    cover = {"overrides": [{**WINDOW, "user_id": "$user_id"}]}
    made = await client.post(
        f"{of_schedule}/overrides",
        json=json.loads(Template(json.dumps(cover)).substitute(ids)),
    )
    ids["override_id"] = made.json()[0]["id"]
    ids["gap_id"] = str((await make(f"{of_schedule}/gaps", WINDOW))["id"])
    ids["version_id"] = str(uuid4())
    report = await make("/v1/mailed-reports", MAILED_REPORT)
    ids["mailed_report_id"] = str(report["id"])
    for name in ("incident_id", "other_incident_id"):
        declared = {"service_id": "$service_id", "title": "Shop is down"}
        ids[name] = str((await make("/v1/incidents", declared))["id"])
    await _of_features(make, engine, ids)


async def _of_features(make: Make, engine: AsyncEngine, ids: dict[str, str]) -> None:
    """What the features whose routes are written down apart have of a team."""
    await own_status_page(make, ids)
    await own_partner(make, ids)
    await own_identity_provider(make, ids)
    await own_runbook(make, engine, ids)
    await own_postmortem(make, ids)
    await own_workflow(make, ids)
    await own_transfer(engine, ids)
    await own_noise(make, engine, ids)
