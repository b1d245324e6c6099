"""What people call noise, and the rules that are proposed for it, over HTTP."""

import pytest
from sqlalchemy import update

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.tables.alerts import alerts
from tests.api.conftest import Api, Person
from tests.api.incident_world import Json, World, make_world


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def burn(world: World, times: int, key: str = "disk") -> list[str]:
    """Incidents of one condition, over and over."""
    ids = await world.burn(*["Disk full"] * times)
    async with transaction(world.api.engine) as tx:
        own = alerts.c.incident_id.in_(ids)
        await tx.execute(update(alerts).where(own).values(status="resolved"))
        await tx.execute(update(alerts).where(own).values(dedup_key=key))
    return ids


async def call_noise(person: Person, *incident_ids: str) -> Json:
    """Say so of each; the last answer."""
    found: Json = {}
    for incident_id in incident_ids:
        answer = await person.client.put(f"/v1/incidents/{incident_id}/noise")
        assert answer.status_code == 200, answer.text
        found = answer.json()
    return found


async def proposals(person: Person) -> list[Json]:
    answer = await person.client.get("/v1/noise-proposals")
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()
    return found


async def test_whoever_calls_it_noise_is_named_and_counted_once(world: World) -> None:
    (incident,) = await burn(world, 1)

    await call_noise(world.ana, incident, incident)
    said = await call_noise(world.bo, incident)

    assert [one["name"] for one in said["people"]] == ["Ana", "Bo"]
    assert (said["mine"], said["enough"], said["proposals"]) == (True, 3, [])
    assert (await world.kinds(incident)).count("called_noise") == 2


async def test_it_can_be_taken_back(world: World) -> None:
    (incident,) = await burn(world, 1)
    await call_noise(world.ana, incident)

    answer = await world.ana.client.delete(f"/v1/incidents/{incident}/noise")

    assert (answer.json()["mine"], answer.json()["people"]) == (False, [])
    assert (await world.kinds(incident))[-1] == "not_called_noise"


async def test_a_rule_is_proposed_once_a_condition_was_noise_three_times(
    world: World,
) -> None:
    ids = await burn(world, 3)
    await call_noise(world.ana, *ids[:2])
    await call_noise(world.bo, ids[0])
    assert await proposals(world.ana) == []

    said = await call_noise(world.ana, ids[2])

    (proposal,) = said["proposals"]
    assert await proposals(world.ana) == [proposal]
    wanted = {"dedup_key": "disk", "incidents": 3, "people": 2, "remedy": "low_urgency"}
    assert {name: proposal[name] for name in wanted} == wanted
    assert proposal["integration"] == "Prometheus"


async def test_what_is_always_noise_is_to_be_suppressed(world: World) -> None:
    await call_noise(world.ana, *await burn(world, 6))

    assert [one["remedy"] for one in await proposals(world.ana)] == ["suppress"]


async def test_conditions_are_counted_apart(world: World) -> None:
    await call_noise(world.ana, *await burn(world, 2, "disk"))
    await call_noise(world.ana, *await burn(world, 2, "cpu"))

    assert await proposals(world.ana) == []


async def test_what_is_settled_is_proposed_again_only_after_as_much_noise(
    world: World,
) -> None:
    await call_noise(world.ana, *await burn(world, 3))
    (proposal,) = await proposals(world.ana)
    path = f"/v1/noise-proposals/{proposal['id']}"
    team = {world.scene.team_id: Role.TEAM_ADMIN}
    lead = await world.api.user("Lea", teams=team)
    body = {"settled_as": "dismissed"}

    refused = await world.ana.client.put(f"{path}/settlement", json=body)
    assert refused.status_code == 403
    assert (await lead.client.get(path)).json() == proposal
    done = await lead.client.put(f"{path}/settlement", json=body)
    assert done.status_code == 204

    assert (await lead.client.get(path)).status_code == 404
    await call_noise(world.ana, *await burn(world, 2))
    assert await proposals(world.ana) == []
    await call_noise(world.ana, *await burn(world, 1))
    assert len(await proposals(world.ana)) == 1


async def test_only_what_a_tool_reported_can_be_noise(world: World) -> None:
    body = {"service_id": str(world.scene.service_id), "title": "Help"}
    made = (await world.ana.client.post("/v1/incidents", json=body)).json()

    answer = await world.ana.client.put(f"/v1/incidents/{made['id']}/noise")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_others_may_not_call_it_noise(world: World) -> None:
    (incident,) = await burn(world, 1)

    answer = await world.eve.client.put(f"/v1/incidents/{incident}/noise")

    assert answer.status_code == 403
