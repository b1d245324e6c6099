"""What may explain an incident, over HTTP."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.alerts import alerts, changes
from pagefree.tables.incidents import incidents
from pagefree.tables.services import service_dependencies, services
from tests.api.conftest import Api
from tests.api.incident_world import Json, World, make_world

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def context(world: World, incident_id: str) -> Json:
    answer = await world.ana.client.get(f"/v1/incidents/{incident_id}/context")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def service(world: World, name: str) -> UUID:
    """One more service of the team."""
    service_id = new_id()
    async with transaction(world.api.engine) as tx:
        team_id = await tx.scalar(select(services.c.team_id).limit(1))
        await tx.execute(
            insert(services).values(
                id=service_id, team_id=team_id, name=name, created_at=world.now
            )
        )
    return service_id


async def depend(world: World, down: UUID, up: UUID) -> None:
    row = {"id": new_id(), "service_id": down, "depends_on_id": up}
    async with transaction(world.api.engine) as tx:
        await tx.execute(
            insert(service_dependencies).values(**row, created_at=world.now)
        )


async def change(world: World, service_id: UUID, summary: str, ago: timedelta) -> None:
    link = {"href": "https://ci.example.org/7", "text": "Build"}
    async with transaction(world.api.engine) as tx:
        await tx.execute(
            insert(changes).values(
                id=new_id(),
                service_id=service_id,
                integration_id=new_id(),
                summary=summary,
                at=world.now - ago,
                links=[link],
            )
        )


async def own_service(world: World, incident_id: str) -> UUID:
    """The service of an incident, of tier 1."""
    async with transaction(world.api.engine) as tx:
        query = select(incidents.c.service_id).where(incidents.c.id == incident_id)
        found: UUID = (await tx.execute(query)).scalar_one()
        await tx.execute(update(services).where(services.c.id == found).values(tier=1))
    return found


async def test_owner_tier_and_links_are_said(world: World) -> None:
    incident = await world.burn_one()
    await own_service(world, incident)
    runbook = {"href": "https://example.org/disk", "text": "Runbook"}
    async with transaction(world.api.engine) as tx:
        await tx.execute(update(alerts).values(links=[runbook, runbook]))

    found = await context(world, incident)

    assert found["service"]["tier"] == 1
    assert found["team"]["name"] == "Web"
    assert found["links"] == [runbook]
    assert found["changes"] == found["similar"] == found["upstream"] == []


async def test_changes_shortly_before_are_listed_also_those_of_dependencies(
    world: World,
) -> None:
    incident = await world.burn_one()
    own, database = await own_service(world, incident), await service(world, "DB")
    await depend(world, own, database)
    await change(world, own, "Deployed 7", HOUR)
    await change(world, database, "Upgraded", 2 * HOUR)
    await change(world, own, "Last week", 7 * 24 * HOUR)
    await change(world, own, "Afterwards", -HOUR)
    await change(world, await service(world, "Other"), "Elsewhere", HOUR)

    found = (await context(world, incident))["changes"]

    assert [(c["summary"], c["service"]) for c in found][1] == ("Upgraded", "DB")
    assert [c["summary"] for c in found] == ["Deployed 7", "Upgraded"]
    assert found[0]["links"] == [{"href": "https://ci.example.org/7", "text": "Build"}]


async def test_what_happened_before_is_listed_the_same_condition_first(
    world: World,
) -> None:
    condition, title, other = await world.burn("Renamed", "Disk full", "CPU hot")
    now = await world.burn_one("Disk full")
    async with transaction(world.api.engine) as tx:
        mine = select(alerts.c.integration_id, alerts.c.dedup_key)
        row = (await tx.execute(mine.where(alerts.c.incident_id == now))).one()
        old = update(alerts).where(alerts.c.incident_id == condition)
        await tx.execute(
            old.values(
                status="resolved",
                integration_id=row.integration_id,
                dedup_key=row.dedup_key,
            )
        )

    found = (await context(world, now))["similar"]

    assert [(s["id"], s["same_condition"]) for s in found] == [
        (condition, True),
        (title, False),
    ]
    assert other not in [s["id"] for s in found]


async def test_open_incidents_above_and_below_are_listed(world: World) -> None:
    middle, above, below = await world.burn("Checkout", "Database", "Mobile app")
    own = await own_service(world, middle)
    database, app = await service(world, "DB"), await service(world, "App")
    await depend(world, own, database)
    await depend(world, app, own)
    async with transaction(world.api.engine) as tx:
        for incident_id, service_id in ((above, database), (below, app)):
            moved = update(incidents).where(incidents.c.id == incident_id)
            await tx.execute(moved.values(service_id=service_id))

    found = await context(world, middle)

    assert [i["title"] for i in found["upstream"]] == ["Database"]
    assert [i["title"] for i in found["downstream"]] == ["Mobile app"]
    assert (await context(world, below))["upstream"][0]["service"] in {"DB", "Shop"}
