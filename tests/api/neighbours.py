"""What a hidden team has that hangs together with what the team of the matrix has.

Everything of it is called by `SECRET`, so that an answer which names any of it is found.
"""

from collections.abc import Mapping
from string import Template
from typing import Any

import httpx2

from pagefree.core.access import Role
from tests.api.conftest import Api
from tests.workflows.graphs import action, chain, trigger

SECRET = "Zanzibar"


class Neighbours:
    """Makes them, as a platform admin would."""

    def __init__(self, client: httpx2.AsyncClient, ids: dict[str, str]) -> None:
        """`ids`: of what the team of the matrix has."""
        self.client = client
        self.ids = ids

    async def send(self, method: str, path: str, body: object) -> Any:
        """What is answered to a request that has to be accepted."""
        answer = await self.client.request(method, path, json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    async def make(self, path: str, body: Mapping[str, object]) -> str:
        """The id of something new of the hidden team."""
        named = {"name": SECRET, "team_id": self.ids["secret_team_id"]}
        made = await self.send("POST", path, {**named, **body})
        return str(made["id"])


async def own_neighbours(
    api: Api, admin: httpx2.AsyncClient, ids: dict[str, str]
) -> None:
    """A hidden team, and in the world of the matrix much that names what it has."""
    team = await api.team(SECRET)
    person = await api.user("Zoe", teams={team.id: Role.TEAM_ADMIN})
    ids |= {"secret_team_id": str(team.id), "secret_user_id": str(person.id)}
    neighbours = Neighbours(admin, ids)
    await _made(neighbours)
    await _named(neighbours)
    await neighbours.send("PATCH", f"/v1/teams/{team.id}", {"hidden": True})


async def _made(neighbours: Neighbours) -> None:
    ids = neighbours.ids
    page_zoe = {"kind": "user", "id": ids["secret_user_id"]}
    step = {"timeout_s": 300, "targets": [page_zoe]}
    rota = {
        "time_zone": "UTC",
        "layers": [
            {
                "start_at": "2026-03-01T09:00:00Z",
                "unit": "week",
                "lengths": [1],
                "user_ids": [ids["secret_user_id"]],
            }
        ],
    }
    room = {"channel": "webhook", "address": {"url": "https://example.org/zone"}}
    ids["secret_policy_id"] = await neighbours.make(
        "/v1/escalation-policies", {"steps": [step]}
    )
    policy = {"escalation_policy_id": ids["secret_policy_id"]}
    for name in ("secret_service_id", "secret_shop_id"):
        called = {"name": f"{SECRET} {name}"}
        ids[name] = await neighbours.make("/v1/services", {**called, **policy})
    ids["secret_schedule_id"] = await neighbours.make("/v1/schedules", rota)
    ids["secret_room_id"] = await neighbours.make("/v1/rooms", room)


async def _named(neighbours: Neighbours) -> None:
    """By the policy, the service, the component and the workflow of the other team."""
    send, ids = neighbours.send, neighbours.ids

    def filled(path: str) -> str:
        return Template(path).substitute(ids)

    await send("PUT", filled("/v1/escalation-policies/$policy_id"), policy_body(ids))
    service = filled("/v1/services/$service_id")
    await send("PATCH", service, {"escalation_policy_id": ids["secret_policy_id"]})
    dependencies = "/v1/services/{}/dependencies"
    above = {"depends_on": [ids["secret_service_id"]]}
    below = {"depends_on": [ids["service_id"]]}
    await send("PUT", dependencies.format(ids["service_id"]), above)
    await send("PUT", dependencies.format(ids["secret_shop_id"]), below)
    both = {"service_ids": [ids["service_id"], ids["secret_service_id"]]}
    await send("PATCH", filled("/v1/components/$component_id"), both)
    incident = filled("/v1/incidents/$other_incident_id/assignee")
    await send("PUT", incident, {"policy_id": ids["secret_policy_id"]})
    workflow = filled("/v1/workflows/$workflow_id/versions")
    await send("POST", workflow, {"content": graph(ids)})


def policy_body(ids: dict[str, str]) -> dict[str, Any]:
    """The policy of the world, which pages somebody seen and three that are not."""
    hidden = [
        {"kind": kind, "id": ids[f"secret_{kind}_id"], "which": "current"}
        for kind in ("team", "schedule", "room")
    ]
    seen = {"kind": "user", "id": ids["user_id"], "which": "current"}
    return {
        "name": "First",
        "team_id": ids["team_id"],
        "steps": [
            {"timeout_s": 300, "targets": [hidden[0], seen, hidden[1]]},
            {"timeout_s": 300, "targets": [hidden[2]]},
        ],
    }


def graph(ids: dict[str, str]) -> dict[str, Any]:
    """What pages a schedule that is not seen, whenever something opens."""
    schedule = ids["secret_schedule_id"]
    page = {**action("page", "page"), "config": {"kind": "schedule", "id": schedule}}
    return chain(trigger("begin", "manual"), page)
