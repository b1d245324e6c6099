"""Tickets that are made of action items, in Jira and in Linear."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from pagefree.channels.base import Transports
from pagefree.core.access import Role
from pagefree.infra.http import GuardedClient
from tests.api.conftest import Api, Person
from tests.api.incident_world import Json, World, make_world
from tests.fakes.http_server import serving
from tests.fakes.jira import Jira
from tests.fakes.linear import Linear

LINEAR_TEAM = str(UUID(int=9))


@dataclass(slots=True)
class Desk:
    """A team with an action item, and an admin who sets up where its tickets go."""

    world: World
    admin: Person
    team: str
    item: str = field(default="")

    async def put(self, tracker: Json, person: Person | None = None) -> int:
        client = (person or self.admin).client
        answer = await client.put(f"{self.team}/ticket-tracker", json=tracker)
        return answer.status_code

    async def make(self, person: Person | None = None) -> tuple[int, Json]:
        client = (person or self.world.ana).client
        answer = await client.post(f"{self.item}/ticket")
        found: Json = answer.json()
        return answer.status_code, found


@pytest.fixture
async def desk(api: Api) -> Desk:
    world = await make_world(api)
    api.app.state.transports = Transports(GuardedClient(["127.0.0.0/8"]), None)
    team_id = world.scene.team_id
    admin = await api.user("Tess", teams={team_id: Role.TEAM_ADMIN})
    body = {"incident_ids": [await world.burn_one()]}
    made = (await world.ana.client.post("/v1/postmortems", json=body)).json()
    items = f"/v1/postmortems/{made['id']}/action-items"
    item = (await world.ana.client.post(items, json={"text": "Watch the disk"})).json()
    for name, value in (("JIRA", "jira-token"), ("LINEAR", "lin_api_token")):
        secret = {"team_id": str(team_id), "value": value}
        kept = await admin.client.put(f"/v1/workflow-secrets/{name}", json=secret)
        assert kept.is_success, kept.text
    return Desk(world, admin, f"/v1/teams/{team_id}", f"{items}/{item['id']}")


def jira_at(site: str, project: str = "OPS") -> Json:
    config = {"site": site, "email": "bot@example.org", "token": "JIRA"}
    return {"kind": "jira_create", "config": {**config, "project": project}}


async def test_a_jira_issue_is_made_and_linked_once(desk: Desk) -> None:
    jira = Jira()
    async with serving(jira.handle) as site:
        assert await desk.put(jira_at(site)) == 200
        status, made = await desk.make()
        again, _ = await desk.make()

    assert (status, again) == (201, 409)
    assert made["ticket_url"] == f"{site}/browse/OPS-1"
    assert made["ticket_key"] == "OPS-1"
    [issue] = jira.issues
    assert issue["fields"]["summary"] == "Watch the disk"
    assert issue["fields"]["issuetype"] == {"name": "Task"}
    assert "/postmortems/" in str(issue["fields"]["description"])


async def test_an_issue_whose_answer_was_lost_is_found_again(desk: Desk) -> None:
    jira = Jira(loses_answer=True)
    async with serving(jira.handle) as site:
        await desk.put(jira_at(site))
        lost, _ = await desk.make()
        found, made = await desk.make()

    assert (lost, found) == (503, 201)
    assert made["ticket_key"] == "OPS-1"
    assert len(jira.issues) == 1


async def test_a_linear_issue_is_made_and_linked(desk: Desk) -> None:
    linear = Linear()
    async with serving(linear.handle) as url:
        config = {"api_url": f"{url}/graphql", "token": "LINEAR"}
        tracker = {
            "kind": "linear_create",
            "config": {**config, "team_id": LINEAR_TEAM},
        }
        assert await desk.put(tracker) == 200
        status, made = await desk.make()

    assert (status, made["ticket_key"]) == (201, "OPS-1")
    assert made["ticket_url"] == "https://linear.app/acme/issue/OPS-1"


async def test_only_admins_of_the_team_are_told_what_the_tracker_answered(
    desk: Desk,
) -> None:
    async with serving(Jira().handle) as site:
        await desk.put(jira_at(site, project="OTHER"))
        _, told = await desk.make()
        _, told_admin = await desk.make(desk.admin)

    assert "valid project is required" not in told["detail"]
    assert "valid project is required" in told_admin["detail"]


async def test_where_tickets_are_made_is_for_admins_of_the_team(desk: Desk) -> None:
    tracker = jira_at("https://example.atlassian.net")

    assert (await desk.make())[0] == 409
    assert await desk.put(tracker, desk.world.ana) == 403
    assert await desk.put({**tracker, "config": {"site": "x"}}) == 422
    assert await desk.put(tracker) == 200
    seen = await desk.world.ana.client.get(f"{desk.team}/ticket-tracker")
    assert seen.json()["tracker"] == tracker
    assert (await desk.make(desk.world.eve))[0] == 403


async def test_the_form_asks_for_what_is_set_up_once(desk: Desk) -> None:
    kinds = (await desk.world.ana.client.get("/v1/ticket-tracker-kinds")).json()

    jira, linear = (set(one["config_schema"]["properties"]) for one in kinds)
    assert jira >= {"site", "token", "project"}
    assert not {"summary", "description", "issue_title", "priority"} & (jira | linear)
