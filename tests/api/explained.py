"""A shop with a policy, to ask who would be paged for it."""

from dataclasses import dataclass
from typing import Any

from pagefree.accounts.queries import Team
from pagefree.core.access import Role
from tests.api.conftest import Api, Person

POLICIES = "/v1/escalation-policies"
FIRE = {"action": "trigger", "title": "Disk full", "severity": "critical"}


@dataclass(frozen=True, slots=True)
class Shop:
    """A team, its policy and a service with an integration."""

    team: Team
    ana: Person
    bo: Person
    policy_id: str
    service_id: str
    integration_id: str

    async def explain(self, **question: object) -> dict[str, Any]:
        answer = await self.ana.client.post("/v1/explain", json=question)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def story(self, **question: object) -> dict[str, Any]:
        """The only one."""
        (one,) = (await self.explain(**question))["stories"]
        told: dict[str, Any] = one
        return told

    async def declare(self, **changes: object) -> str:
        body = {"service_id": self.service_id, "title": "It burns", **changes}
        answer = await self.ana.client.post("/v1/incidents", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def step(*people: Person, **options: object) -> dict[str, object]:
    targets = [{"kind": "user", "id": str(person.id)} for person in people]
    return {"timeout_s": 300, "targets": targets, **options}


async def shop_of(api: Api) -> Shop:
    """Ana is paged first, then Bo."""
    team = await api.team("Web")
    ana = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER})

    async def made(path: str, body: object) -> str:
        answer = await ana.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    policy = {"name": "Nights", "team_id": str(team.id), "steps": [step(ana), step(bo)]}
    policy_id = await made(POLICIES, policy)
    service = {
        "name": "Shop",
        "team_id": str(team.id),
        "escalation_policy_id": policy_id,
    }
    service_id = await made("/v1/services", service)
    path = f"/v1/services/{service_id}/integrations"
    integration_id = await made(path, {"kind": "generic", "name": "Probe"})
    return Shop(team, ana, bo, policy_id, service_id, integration_id)
