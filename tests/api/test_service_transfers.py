"""Giving a service to another team, over HTTP."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.tables.timeline import events
from tests.api.conftest import Api, Person


@dataclass(frozen=True, slots=True)
class Two:
    """A service of one team, which another is to have; each team has an admin."""

    api: Api
    ana: Person
    bo: Person
    taker_id: str
    path: str

    async def offer(self) -> int:
        body = {"team_id": self.taker_id, "note": "You run it anyway"}
        return (await self.ana.client.post(self.path, json=body)).status_code

    async def owner(self) -> str:
        found = await self.ana.client.get(self.path.removesuffix("/transfer"))
        return str(found.json()["team"]["name"])

    async def told(self) -> list[str]:
        async with transaction(self.api.engine) as tx:
            query = select(events.c.kind).where(events.c.kind.like("service.transfer%"))
            return list((await tx.execute(query.order_by(events.c.id))).scalars())


@pytest.fixture
async def two(api: Api) -> Two:
    web, ops = await api.team("Web"), await api.team("Ops")
    ana = await api.user("Ana", teams={web.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo", teams={ops.id: Role.TEAM_ADMIN})
    made = await ana.client.post(
        "/v1/services", json={"name": "Shop", "team_id": str(web.id)}
    )
    path = f"/v1/services/{made.json()['id']}/transfer"
    return Two(api, ana, bo, str(ops.id), path)


async def test_a_service_moves_when_an_admin_of_the_other_team_takes_it(
    two: Two,
) -> None:
    assert await two.offer() == 201
    assert await two.owner() == "Web"
    waiting = (await two.bo.client.get("/v1/service-transfers")).json()
    assert [(w["service"]["name"], w["note"]) for w in waiting] == [
        ("Shop", "You run it anyway")
    ]
    assert (await two.ana.client.get("/v1/service-transfers")).json() == []
    own = await two.ana.client.put(f"{two.path}/acceptance")
    assert own.status_code == 403

    taken = await two.bo.client.put(f"{two.path}/acceptance")

    assert taken.json()["team"]["name"] == "Ops"
    assert (await two.bo.client.get(two.path)).json() is None
    assert (await two.bo.client.put(f"{two.path}/acceptance")).status_code == 404
    assert await two.told() == ["service.transfer_asked", "service.transferred"]


async def test_a_service_is_offered_to_the_team_that_was_named_last(two: Two) -> None:
    third = await two.api.team("Data")
    await two.offer()

    body = {"team_id": str(third.id)}
    assert (await two.ana.client.post(two.path, json=body)).status_code == 201

    waiting = (await two.ana.client.get(two.path)).json()
    assert waiting["to_team"]["name"] == "Data"
    assert (await two.bo.client.get("/v1/service-transfers")).json() == []


async def test_either_team_may_end_an_offer(two: Two) -> None:
    await two.offer()
    assert (await two.bo.client.delete(two.path)).status_code == 204
    await two.offer()
    assert (await two.ana.client.delete(two.path)).status_code == 204

    assert await two.owner() == "Web"
    assert (await two.told())[1::2] == [
        "service.transfer_declined",
        "service.transfer_withdrawn",
    ]


async def test_whoever_decides_for_both_teams_moves_it_at_once(two: Two) -> None:
    await two.offer()
    admin = await two.api.user("Pia", platform_admin=True)

    moved = await admin.client.post(two.path, json={"team_id": two.taker_id})

    assert moved.json()["waiting"] is None
    assert moved.json()["service"]["team"]["name"] == "Ops"
    assert (await two.bo.client.get("/v1/service-transfers")).json() == []


async def test_a_service_that_has_moved_since_is_not_taken(two: Two) -> None:
    await two.offer()
    third = await two.api.team("Data")
    admin = await two.api.user("Pia", platform_admin=True)
    service = two.path.removesuffix("/transfer")
    await admin.client.patch(service, json={"team_id": str(third.id)})

    late = await two.bo.client.put(f"{two.path}/acceptance")

    assert late.status_code == 409
    assert await two.owner() == "Data"
