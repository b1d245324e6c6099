"""What may explain an incident, over HTTP."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from pagefree.incidents import likeness_queries
from pagefree.infra.db import driver, transaction
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


async def resolve(world: World, incident_id: str, note: str = "Done") -> None:
    """End it, and let the worker remember it."""
    answer = await world.ana.client.put(
        f"/v1/incidents/{incident_id}/resolution", json={"note": note}
    )
    assert answer.status_code == 200, answer.text
    async with transaction(world.api.engine) as tx:
        await likeness_queries.remember(await driver(tx), 100)


async def test_past_incidents_like_it_are_listed_with_how_they_ended(
    world: World,
) -> None:
    like, other = await world.burn("Disk of web-3 is full", "CPU is hot")
    await resolve(world, like, "Deleted old logs")
    await resolve(world, other)
    now = await world.burn_one("Disk of web-12 is full")

    (found,) = (await context(world, now))["similar"]

    assert (found["id"], found["note"]) == (like, "Deleted old logs")
    assert (found["resolved_by"], found["service"]) == ("Ana", "Checkout")
    assert (found["same_condition"], found["likeness"]) == (False, pytest.approx(1))


async def test_what_is_like_it_elsewhere_is_found_when_all_words_are_there(
    world: World,
) -> None:
    elsewhere, less = await world.burn("Disk nearly full", "Disk gone")
    async with transaction(world.api.engine) as tx:
        other = await service(world, "Other")
        ids = incidents.c.id.in_([UUID(elsewhere), UUID(less)])
        await tx.execute(update(incidents).where(ids).values(service_id=other))
    await resolve(world, elsewhere)
    await resolve(world, less)
    now = await world.burn_one("Disk full")

    found = (await context(world, now))["similar"]

    assert [(one["id"], one["service"]) for one in found] == [(elsewhere, "Other")]


async def test_shared_labels_make_incidents_more_alike(world: World) -> None:
    one, two = await world.burn("Disk is full", "Disk is full")
    await label(world, one, {"env": "prod", "region": "eu"})
    await label(world, two, {"env": "dev", "region": "eu"})
    for each in (one, two):
        await resolve(world, each)
    now = await world.burn_one("Disk is full")
    await label(world, now, {"env": "prod", "region": "eu"})

    found = (await context(world, now))["similar"]

    assert [each["id"] for each in found] == [one, two]
    assert found[0]["likeness"] > found[1]["likeness"] > 0.5


async def test_a_label_without_a_value_stops_nobody_from_comparing(
    world: World,
) -> None:
    before = await world.burn_one("Disk is full")
    await label(world, before, {"env": "prod", "owner": None})
    await resolve(world, before)
    now = await world.burn_one("Disk is full")
    await label(world, now, {"env": "prod", "owner": None})

    found = (await context(world, now))["similar"]

    assert [each["id"] for each in found] == [before]


async def label(
    world: World, incident_id: str, labels: dict[str, str | None] | dict[str, str]
) -> None:
    """Give its alerts these labels."""
    async with transaction(world.api.engine) as tx:
        own = alerts.c.incident_id == incident_id
        await tx.execute(update(alerts).where(own).values(labels=labels))


async def test_the_same_condition_comes_first(world: World) -> None:
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
    await resolve(world, title)

    found = (await context(world, now))["similar"]

    assert [(s["id"], s["same_condition"]) for s in found] == [
        (condition, True),
        (title, False),
    ]
    assert other not in [s["id"] for s in found]


async def test_titles_of_any_characters_can_be_compared(world: World) -> None:
    now = await world.burn_one("it's \\ 'odd' & | ! (10 %) <-> :*")
    await label(world, now, {"it's": "a \\ & 'label'"})

    assert (await context(world, now))["similar"] == []


async def test_what_is_changed_while_it_burns_is_listed_apart(world: World) -> None:
    incident = await world.burn_one()
    own = await own_service(world, incident)
    await change(world, own, "Deployed 7", HOUR)
    await change(world, own, "Rolled back", -HOUR)

    found = await context(world, incident)

    assert [c["summary"] for c in found["changes"]] == ["Deployed 7"]
    assert [c["summary"] for c in found["changes_since"]] == ["Rolled back"]


async def test_the_likeliest_cause_comes_first_and_who_suffers_is_said(
    world: World,
) -> None:
    shop, near, far = await world.burn("Checkout", "API is slow", "Disk is full")
    own = await own_service(world, shop)
    api, database = await service(world, "API"), await service(world, "DB")
    store = await service(world, "Store")
    await depend(world, own, api)
    await depend(world, api, database)
    await depend(world, store, own)
    async with transaction(world.api.engine) as tx:
        sold = update(services).where(services.c.id == store)
        await tx.execute(sold.values(kind="business"))
        for incident_id, service_id in ((near, api), (far, database)):
            moved = update(incidents).where(incidents.c.id == incident_id)
            await tx.execute(moved.values(service_id=service_id))

    found = await context(world, shop)

    assert [one["service"] for one in found["upstream"]] == ["DB", "API"]
    assert [(one["name"], one["kind"]) for one in found["suffering"]] == [
        ("Store", "business")
    ]
    assert found["suffering_count"] == 1


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


async def test_a_service_tells_of_its_own_changes_of_a_month(world: World) -> None:
    own, other = await service(world, "Own"), await service(world, "Other")
    await change(world, own, "Deployed 7", 2 * HOUR)
    await change(world, own, "Deployed 1", timedelta(days=31))
    await change(world, other, "Not of it", HOUR)

    answer = await world.ana.client.get(f"/v1/services/{own}/changes")
    nowhere = await world.ana.client.get(f"/v1/services/{new_id()}/changes")

    assert [one["summary"] for one in answer.json()] == ["Deployed 7"]
    assert nowhere.status_code == 404
