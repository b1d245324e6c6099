"""People of a team in their browsers, and its incidents, for the tests of the routes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pagefree.core.access import Actor, Role
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.incidents import scene as scenes
from tests.incidents.scene import Scene

Json = dict[str, Any]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class World:
    """A team, a service and who is who."""

    api: Api
    scene: Scene
    ana: Person  # responder
    bo: Person  # responder
    eve: Person  # of no team

    @property
    def now(self) -> datetime:
        return self.api.clock.now

    async def burn(self, *titles: str, **changes: object) -> list[str]:
        """Open incidents with one open alert each."""
        async with transaction(self.api.engine) as tx:
            ids = await scenes.burn(tx, self.scene, *titles, **changes)
        return [str(incident_id) for incident_id in ids]

    async def burn_one(self, title: str = "Disk full", **changes: object) -> str:
        return (await self.burn(title, **changes))[0]

    async def kinds(self, incident_id: str) -> list[str]:
        """What happened to the incident, as the API tells it, oldest first."""
        path = f"/v1/incidents/{incident_id}/timeline"
        items = (await self.ana.client.get(path)).json()["items"]
        return [item["kind"].removeprefix("incident.") for item in reversed(items)]

    async def notifications(self, incident_id: str) -> list[Json]:
        answer = await self.ana.client.get(f"/v1/incidents/{incident_id}/notifications")
        found: list[Json] = answer.json()
        return found


async def make_world(api: Api) -> World:
    team = await api.team()
    roles = {team.id: Role.RESPONDER}
    people = [await api.user(name, teams=roles) for name in ("Ana", "Bo")]
    people.append(await api.user("Eve"))
    ana, bo, eve = people
    async with transaction(api.engine) as tx:
        for each in people:
            await scenes.reachable(tx, each.id, each.email)
        service_id, integration_id, policy = await scenes.add_service(
            tx, team.id, ana.id
        )
    actors = [Actor(each.id, each.name) for each in people]
    scene = Scene(team.id, service_id, integration_id, policy, *actors)
    return World(api, scene, ana, bo, eve)


async def put(person: Person, path: str, body: Json | None = None) -> Json:
    """The answer to a verb that must succeed."""
    answer = await person.client.put(f"/v1/incidents/{path}", json=body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def delete(person: Person, path: str) -> Json:
    """The answer to the undoing of a verb that must succeed."""
    answer = await person.client.delete(f"/v1/incidents/{path}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def refusal(
    person: Person, method: str, path: str, body: Json | None = None
) -> tuple[int, str]:
    """Status and reason of a verb that must be refused."""
    answer = await person.client.request(method, f"/v1/incidents/{path}", json=body)
    return answer.status_code, answer.json()["detail"]


def ref(person: Person) -> Json:
    """A person, as others mention them."""
    return {"id": str(person.id), "name": person.name}
