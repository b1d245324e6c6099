"""Setting up a company through the HTTP API, as its platform admin would."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

PASSWORD = "correct horse battery staple"
KINDS = ("alertmanager", "pagerduty_v2")
SHORTEST_STEP_S = 30


@dataclass(slots=True)
class Api:
    """The API, in the name of one person."""

    client: httpx2.AsyncClient

    async def get(self, path: str, **query: str) -> Any:
        return await self._call("GET", path, params=query)

    async def post(self, path: str, **body: object) -> Any:
        return await self._call("POST", path, json=body)

    async def put(self, path: str, **body: object) -> Any:
        return await self._call("PUT", path, json=body)

    async def patch(self, path: str, **body: object) -> Any:
        return await self._call("PATCH", path, json=body)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.client.request(method, f"/v1{path}", **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def incident(self, title: str) -> Any:
        """The newest incident with this title, or None."""
        found = await self.get("/incidents", status="all", query=title)
        return found["items"][0] if found["items"] else None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is paged."""

    id: str
    name: str
    email: str
    api: Api


@dataclass(frozen=True, slots=True)
class Service:
    """What alerts belong to."""

    id: str
    keys: dict[str, str]  # of its integrations, by kind


@dataclass(frozen=True, slots=True)
class Company:
    """One team of two people, its service, and how alerts get in."""

    address: str
    admin: Api
    ana: Person  # step 1
    bo: Person  # step 2
    team_id: str
    policy_id: str
    service_id: str
    keys: dict[str, str]  # of integrations, by kind
    admin_password: str = ""

    async def with_service(self, name: str) -> "Company":
        """The same company, whose alerts belong to a new service."""
        made = await _service(self.admin, name, self.team_id, self.policy_id)
        return replace(self, service_id=made.id, keys=made.keys)

    async def end_all(self) -> None:
        """Resolve what still burns."""
        found = await self.admin.get("/incidents", status="open", limit="100")
        for incident in found["items"]:
            await self.admin.put(f"/incidents/{incident['id']}/resolution")

    async def alert(self, title: str, **details: object) -> Any:
        """The incident that a new alert has opened."""
        event = {
            "routing_key": self.keys["pagerduty_v2"],
            "event_action": "trigger",
            "payload": {
                "summary": title,
                "source": "a test",
                "severity": "critical",
                "custom_details": details,
            },
        }
        answer = await self.admin.client.post("/v2/enqueue", json=event)
        assert answer.status_code == 202, answer.text
        return await self.admin.incident(title)


@dataclass(slots=True)
class Door:
    """Where people sign in."""

    address: str
    clients: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def sign_in(self, email: str, password: str) -> Api:
        """The API as a browser uses it: with a cookie, from one of our own pages."""
        client = httpx2.AsyncClient(
            base_url=self.address, headers={"Origin": self.address}, timeout=60
        )
        api = Api(await self.clients.enter_async_context(client))
        await api.post("/session", email=email, password=password)
        return api


async def set_up(door: Door, admin: Api) -> Company:
    """Ana is paged first, Bo when she does not answer."""
    team = await admin.post("/teams", name="Web")
    ana = await _person(door, admin, "Ana", team["id"])
    bo = await _person(door, admin, "Bo", team["id"])
    policy = await admin.post(
        "/escalation-policies",
        name="Ana, then Bo",
        team_id=team["id"],
        repeats=0,
        steps=[_step(ana), _step(bo)],
    )
    shop = await _service(admin, "Shop", team["id"], policy["id"])
    return Company(
        door.address, admin, ana, bo, team["id"], policy["id"], shop.id, shop.keys
    )


async def _service(admin: Api, name: str, team_id: str, policy_id: str) -> Service:
    service = await admin.post(
        "/services", name=name, team_id=team_id, escalation_policy_id=policy_id
    )
    path = f"/services/{service['id']}/integrations"
    made = [await admin.post(path, kind=kind, name=kind) for kind in KINDS]
    return Service(service["id"], {each["kind"]: each["routing_key"] for each in made})


async def _person(door: Door, admin: Api, name: str, team_id: str) -> Person:
    email = f"{name.lower()}@example.org"
    user = await admin.post("/users", email=email, name=name, password=PASSWORD)
    await admin.put(f"/teams/{team_id}/members/{user['id']}", role="team_admin")
    return Person(user["id"], name, email, await door.sign_in(email, PASSWORD))


def _step(person: Person) -> dict[str, object]:
    return {
        "timeout_s": SHORTEST_STEP_S,
        "targets": [{"kind": "user", "id": person.id}],
    }
