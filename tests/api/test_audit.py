"""The audit over the API: what is kept of writes, who reads it, undone, verified, exported."""

import csv
import json
from datetime import timedelta
from io import StringIO

import httpx2
import pytest

from pagefree.audit import sealing
from pagefree.core.access import Role, Scope
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.api.routes import POLICY, ROOM, RULE, SCHEDULE, WORK

CANARY = "canary-7c1f0e"


async def entries(person: Person, **wanted: str) -> list[dict[str, object]]:
    answer = await person.client.get("/v1/audit", params={"limit": "100", **wanted})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def posted(client: httpx2.AsyncClient, path: str, body: object) -> str:
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    made = answer.json()
    return str((made[0] if isinstance(made, list) else made)["id"])


async def test_a_change_is_kept_with_who_whence_and_what(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    headers = {"X-Request-Id": "of-this-change"}
    await admin.client.patch(
        f"/v1/teams/{team.id}", json={"name": "Ops"}, headers=headers
    )

    (entry,) = await entries(admin, kind="team.updated")
    assert entry["actor_name"] == "Pia"
    assert entry["actor_id"] == str(admin.id)
    assert entry["credential_kind"] == "session"
    assert entry["credential_id"]
    assert entry["address"] == "127.0.0.1"
    assert entry["request_id"] == "of-this-change"
    assert entry["route"] == "PATCH /v1/teams/{team_id}"
    assert entry["at"] == "2026-03-02T09:00:00Z"
    assert (entry["before"], entry["after"]) == ({"name": "Web"}, {"name": "Ops"})
    assert entry["team_id"] == str(team.id)


async def test_a_key_is_named_as_what_was_in_hand(api: Api, admin: Person) -> None:
    program = await api.key(admin, Scope.ADMIN)
    await posted(program, "/v1/teams", {"name": "Ops"})

    (entry,) = await entries(admin, kind="team.created", actor_id=str(admin.id))
    assert entry["credential_kind"] == "api_key"


async def test_what_is_refused_or_only_read_changes_nothing_and_says_nothing(
    api: Api, admin: Person
) -> None:
    bo = await api.user("Bo")
    await bo.client.post("/v1/teams", json={"name": "Ops"})
    await admin.client.get("/v1/teams")

    assert not await entries(admin, kind="team.")


async def test_no_secret_is_in_any_entry(api: Api, admin: Person) -> None:
    team = await api.team()
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER})
    ids = {"team_id": str(team.id), "user_id": str(bo.id)}
    client, secrets = admin.client, [CANARY]

    def fill(body: object) -> object:
        text = json.dumps(body)
        for name, value in ids.items():
            text = text.replace(f"${name}", value)
        return json.loads(text)

    policy = await posted(client, "/v1/escalation-policies", fill(POLICY))
    service = await posted(client, "/v1/services", {"name": "Shop", **_team(ids)})
    made = await client.post(
        f"/v1/services/{service}/integrations",
        json={"kind": "generic", "name": "Probe"},
    )
    secrets.append(made.json()["routing_key"])
    integration = made.json()["id"]
    signing = await client.post(
        f"/v1/integrations/{integration}/signing/secrets",
        json={"secret": f"{CANARY}-signing-secret"},
    )
    assert signing.is_success, signing.text
    key = await client.post("/v1/me/api-keys", json={"name": "x", "scopes": ["admin"]})
    secrets.append(key.json()["token"])
    secrets += await _ways_and_machines(client, str(bo.id), fill(ROOM))

    kept = json.dumps(await entries(admin))
    assert policy in kept
    assert integration in kept
    for secret in secrets:
        assert secret not in kept
    kinds = {str(one["kind"]) for one in await entries(admin)}
    assert kinds >= {
        "api_key.created",
        "audit_settings.updated",
        "channel.created",
        "contact_method.created",
        "escalation_step.created",
        "event_subscription.created",
        "integration.created",
        "routing_key.created",
        "signing_secret.created",
        "user.created",
    }


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/v1/schedules", SCHEDULE, "schedule"),
        ("/v1/routing-rules", RULE, "routing_rule"),
        ("/v1/maintenance-windows", WORK, "maintenance_window"),
        ("/v1/rooms", ROOM, "contact_method"),
    ],
    ids=["schedule", "rule", "window", "room"],
)
async def test_what_is_a_teams_is_read_by_its_admins_and_by_no_other(
    api: Api, admin: Person, path: str, body: object, kind: str
) -> None:
    web, ops = await api.team("Web"), await api.team("Ops")
    bo = await api.user("Bo", teams={web.id: Role.TEAM_ADMIN})
    cy = await api.user("Cy", teams={ops.id: Role.TEAM_ADMIN})
    text = json.dumps(body).replace("$team_id", str(web.id))
    made = json.loads(text.replace("$user_id", str(bo.id)))
    await posted(admin.client, path, made)

    assert len(await entries(bo, kind=f"{kind}.created")) == 1
    assert await entries(cy, kind=f"{kind}.created") == []
    refused = await cy.client.get("/v1/audit", params={"team_id": str(web.id)})
    assert refused.status_code == 403


async def test_reading_the_audit_is_in_it(admin: Person) -> None:
    await entries(admin, kind="team.")
    first, *_ = await entries(admin, kind="read.audit")
    assert first["actor_name"] == "Pia"


async def test_looking_at_how_somebody_else_is_reached_is_noted(
    api: Api, admin: Person
) -> None:
    bo = await api.user("Bo")
    path = f"/v1/users/{bo.id}/contact-methods"
    await bo.client.get(path)
    await admin.client.get(path)

    (entry,) = await entries(admin, kind="read.contact_methods")
    assert entry["actor_name"] == "Pia"
    assert entry["object_name"] == "Bo"
    assert entry["route"] == "GET /v1/users/{user_id}/contact-methods"


async def test_pages_go_on_where_the_one_before_ended(api: Api, admin: Person) -> None:
    for number in range(5):
        await api.team(f"Team {number}")
    wanted = {"kind": "team.created", "limit": "2"}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await admin.client.get("/v1/audit", params={**wanted, **cursor})).json()
        seen += [one["object_name"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"Team {number}" for number in (4, 3, 2, 1, 0)]


async def test_a_change_is_undone_where_nothing_has_changed_since(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    service = await posted(
        admin.client, "/v1/services", {"name": "Shop", "team_id": str(team.id)}
    )
    path = f"/v1/services/{service}"
    await admin.client.patch(path, json={"name": "Store", "tier": 1})
    (entry,) = await entries(admin, kind="service.updated")
    assert entry["can_undo"] is True

    undone = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    assert undone.status_code == 204
    now = (await admin.client.get(path)).json()
    assert (now["name"], now["tier"]) == ("Shop", None)

    again = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    assert again.status_code == 409
    assert len(await entries(admin, kind="audit.undone")) == 1


async def test_undoing_keeps_to_the_rules_of_changing_by_hand(
    api: Api, admin: Person
) -> None:
    team = await api.team("Web")
    await admin.client.patch(f"/v1/teams/{team.id}", json={"name": "Ops"})
    await api.team("Web")  # somebody else has the name by now
    (entry,) = await entries(admin, kind="team.updated")

    refused = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    assert refused.status_code == 409


WEEKS = {"unit": "week", "lengths": [1], "start_at": "2026-03-01T09:00:00Z"}


async def test_a_change_of_a_policy_is_undone_with_all_its_steps(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    step = {"timeout_s": 300, "targets": [{"kind": "user", "id": str(admin.id)}]}
    policy = {"name": "Shop", "team_id": str(team.id), "steps": [step]}
    id_ = await posted(admin.client, "/v1/escalation-policies", policy)
    path = f"/v1/escalation-policies/{id_}"
    before = (await admin.client.get(path)).json()
    more = {**policy, "repeats": 2, "steps": [{**step, "timeout_s": 600}, step]}
    await admin.client.put(path, json=more)
    (entry,) = await entries(admin, kind="escalation_policy.replaced")

    undone = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    again = await admin.client.post(f"/v1/audit/{entry['id']}/undo")

    assert entry["can_undo"] is True
    assert undone.status_code == 204, undone.text
    assert (await admin.client.get(path)).json() == before
    assert again.status_code == 409
    assert "changed again since" in again.json()["detail"]


async def test_a_change_of_a_schedule_is_undone_from_now_on(
    api: Api, admin: Person
) -> None:
    team, bo = await api.team(), await api.user("Bo")
    layer = {**WEEKS, "user_ids": [str(admin.id)]}
    body = {"name": "Rota", "team_id": str(team.id), "time_zone": "UTC"}
    id_ = await posted(admin.client, "/v1/schedules", {**body, "layers": [layer]})
    path = f"/v1/schedules/{id_}"

    async def on_call() -> list[str]:
        found = (await admin.client.get(path)).json()["on_call"]
        return [one["name"] for one in found]

    before = await on_call()
    api.clock.advance(timedelta(hours=1))
    of_bo = {**layer, "user_ids": [str(bo.id)]}
    await admin.client.put(path, json={**body, "layers": [of_bo]})
    assert await on_call() == ["Bo"]
    api.clock.advance(timedelta(hours=1))
    (entry,) = await entries(admin, kind="schedule.replaced")
    undone = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    again = await admin.client.post(f"/v1/audit/{entry['id']}/undo")

    assert undone.status_code == 204, undone.text
    assert await on_call() == before
    assert again.status_code == 409


async def test_a_change_of_a_schedule_that_is_ahead_is_called_off(
    api: Api, admin: Person
) -> None:
    team, bo = await api.team(), await api.user("Bo")
    layer = {**WEEKS, "user_ids": [str(admin.id)]}
    body = {"name": "Rota", "team_id": str(team.id), "time_zone": "UTC"}
    id_ = await posted(admin.client, "/v1/schedules", {**body, "layers": [layer]})
    path = f"/v1/schedules/{id_}"
    ahead = {**layer, "user_ids": [str(bo.id)]}
    at = (api.clock() + timedelta(days=2)).isoformat()
    await admin.client.put(path, json={**body, "layers": [ahead], "from_at": at})
    assert (await admin.client.get(path)).json()["versions_ahead"]

    (entry,) = await entries(admin, kind="schedule.replaced")
    undone = await admin.client.post(f"/v1/audit/{entry['id']}/undo")

    assert undone.status_code == 204, undone.text
    assert (await admin.client.get(path)).json()["versions_ahead"] == []


async def test_a_schedule_gets_its_name_back(api: Api, admin: Person) -> None:
    team = await api.team()
    layer = {**WEEKS, "user_ids": [str(admin.id)]}
    body = {"team_id": str(team.id), "time_zone": "UTC", "layers": [layer]}
    id_ = await posted(admin.client, "/v1/schedules", {**body, "name": "Rota"})
    path = f"/v1/schedules/{id_}"
    kept = (await admin.client.get(path)).json()["layers"][0]["id"]
    await admin.client.put(
        path, json={**body, "name": "Web", "layers": [{**layer, "id": kept}]}
    )

    (entry,) = await entries(admin, kind="schedule.updated")
    undone = await admin.client.post(f"/v1/audit/{entry['id']}/undo")

    assert undone.status_code == 204, undone.text
    assert (await admin.client.get(path)).json()["name"] == "Rota"


async def test_what_came_or_went_cannot_be_undone(admin: Person) -> None:
    await posted(admin.client, "/v1/teams", {"name": "Ops"})
    (entry,) = await entries(admin, kind="team.created")

    assert entry["can_undo"] is False
    refused = await admin.client.post(f"/v1/audit/{entry['id']}/undo")
    assert refused.status_code == 409


async def test_exports_are_noted_and_no_cell_is_a_formula(
    admin: Person,
) -> None:
    await posted(admin.client, "/v1/teams", {"name": "=HYPERLINK(1)"})

    path = "/v1/audit/export"
    wanted = {"kind": "team.created"}
    as_csv = await admin.client.get(path, params={**wanted, "format": "csv"})
    as_lines = await admin.client.get(path, params=wanted)

    (row,) = csv.DictReader(StringIO(as_csv.text))
    assert row["object_name"] == "'=HYPERLINK(1)"
    (line,) = as_lines.text.splitlines()
    assert json.loads(line)["object_name"] == "=HYPERLINK(1)"
    assert "attachment" in as_csv.headers["content-disposition"]
    assert len(await entries(admin, kind="export.audit")) == 2


async def test_the_chain_is_verified_over_the_api(api: Api, admin: Person) -> None:
    await posted(admin.client, "/v1/teams", {"name": "Ops"})
    for _ in range(2):
        async with transaction(api.engine) as tx:
            await sealing.seal_waiting(tx, api.app.state.vault, api.clock())

    state = (await admin.client.get("/v1/audit/state")).json()
    verdict = (await admin.client.post("/v1/audit/verification")).json()

    assert verdict["findings"] == []
    assert verdict["count"] == state["sealed_to"] > 0
    assert state["waiting"] == 0
    assert state["retention_days"] is None


async def test_retention_is_set_and_kept_in_the_audit(api: Api, admin: Person) -> None:
    path = "/v1/audit/retention"
    assert (await admin.client.put(path, json={"days": 365})).status_code == 204
    assert (await admin.client.put(path, json={"days": 1})).status_code == 422
    api.clock.advance(timedelta(hours=1))

    state = (await admin.client.get("/v1/audit/state")).json()
    assert state["retention_days"] == 365
    assert await entries(admin, kind="audit_settings.")


def _team(ids: dict[str, str]) -> dict[str, str]:
    return {"team_id": ids["team_id"]}


async def _ways_and_machines(
    client: httpx2.AsyncClient, user_id: str, room: object
) -> list[str]:
    """Ways to reach people and machines, all with the canary; the secrets made for them."""
    contact = {
        "channel": "webhook",
        "label": "Bot",
        "address": {"url": f"https://example.org/{CANARY}"},
    }
    await posted(client, f"/v1/users/{user_id}/contact-methods", contact)
    assert isinstance(room, dict)
    of_team = {**room, "address": {"url": f"https://example.org/{CANARY}"}}
    await posted(client, "/v1/rooms", of_team)
    config = {"values": {"bot_token": f"123:{CANARY}", "webhook_secret": CANARY * 2}}
    assert (await client.put("/v1/channels/telegram/config", json=config)).is_success
    subscription = await client.post(
        "/v1/event-subscriptions",
        json={
            "team_id": None,
            "name": "SIEM",
            "url": f"https://example.org/{CANARY}",
            "shape": "standard",
            "kinds": ["incident."],
        },
    )
    assert subscription.is_success, subscription.text
    stream = {"kind": "webhook", "address": f"https://example.org/{CANARY}"}
    streamed = await client.put("/v1/audit/stream", json=stream)
    new = {"email": "cy@example.org", "name": "Cy", "password": f"{CANARY} horse"}
    assert (await client.post("/v1/users", json=new)).is_success
    return [subscription.json()["secret"], streamed.json()["secret"]]
