"""The directory of services and their map, over HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods
from pagefree.tables.alerts import inbound_requests
from pagefree.tables.incidents import incidents
from tests.api.conftest import Api, Person

Json = dict[str, object]


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def team_id(person: Person) -> str:
    me = (await person.client.get("/v1/me")).json()
    return str(me["memberships"][0]["team"]["id"])


async def service(person: Person, name: str, **more: object) -> str:
    """The id of a new service of the person's team."""
    body = {"name": name, "team_id": await team_id(person), **more}
    answer = await person.client.post("/v1/services", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def depend(person: Person, service_id: str, *on: str) -> None:
    path = f"/v1/services/{service_id}/dependencies"
    answer = await person.client.put(path, json={"depends_on": list(on)})
    assert answer.status_code == 200, answer.text


async def burn(api: Api, person: Person, service_id: str, **changes: object) -> None:
    """An open incident of the service, then changed in the database."""
    body = {"service_id": service_id, "title": "Down", "severity": "critical"}
    answer = await person.client.post("/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    if changes:
        async with transaction(api.engine) as tx:
            one = update(incidents).where(incidents.c.id == answer.json()["id"])
            await tx.execute(one.values(**changes))


async def get(person: Person, path: str) -> Json:
    answer = await person.client.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def names(person: Person, query: str) -> list[str]:
    answer = await person.client.get(f"/v1/services?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_services_are_found_by_words_tags_tier_kind_and_life_cycle(
    lead: Person,
) -> None:
    await service(lead, "Shop", kind="business", tier=1, tags=["Money", "money"])
    old = await service(lead, "Old API", description="Before the shop", tier=3)
    await lead.client.patch(f"/v1/services/{old}", json={"lifecycle": "deprecated"})

    assert await names(lead, "query=shop") == ["Old API", "Shop"]
    assert await names(lead, "query=money") == ["Shop"]
    assert await names(lead, "tag=money") == ["Shop"]
    assert await names(lead, "tier=3") == ["Old API"]
    assert await names(lead, "kind=business") == ["Shop"]
    assert await names(lead, "lifecycle=deprecated") == ["Old API"]
    assert await names(lead, "lifecycle=active&tier=3") == []
    tags = (await lead.client.get("/v1/service-tags")).json()
    assert tags == [{"tag": "money", "services": 1}]
    assert (await lead.client.get("/v1/services?tier=5")).status_code == 422


async def test_tags_tier_and_runbook_are_changed_and_taken_away(lead: Person) -> None:
    path = f"/v1/services/{await service(lead, 'Shop')}"
    wanted = {"tags": ["b", "a"], "tier": 2, "runbook_url": "https://example.org/x"}

    changed = (await lead.client.patch(path, json=wanted)).json()
    assert {name: changed[name] for name in wanted} == {**wanted, "tags": ["a", "b"]}

    none: Json = {"tags": [], "tier": None, "runbook_url": None}
    taken = (await lead.client.patch(path, json=none)).json()
    assert {name: taken[name] for name in none} == none
    bad = {"runbook_url": "javascript:alert(1)"}
    assert (await lead.client.patch(path, json=bad)).status_code == 422


async def test_a_service_shows_its_worst_open_incident(api: Api, lead: Person) -> None:
    quiet = await service(lead, "Quiet")
    shop = await service(lead, "Shop")
    await burn(api, lead, shop, urgency="low")

    assert (await get(lead, f"/v1/services/{shop}"))["state"] == "low"
    await burn(api, lead, shop, status="acknowledged")
    assert (await get(lead, f"/v1/services/{shop}"))["state"] == "acknowledged"
    await burn(api, lead, shop)
    found = await get(lead, f"/v1/services/{shop}")
    assert (found["state"], found["open_incidents"]) == ("triggered", 3)
    assert (await get(lead, f"/v1/services/{quiet}"))["state"] == "quiet"
    assert await names(lead, "burning=true") == ["Shop"]


async def test_a_business_service_is_as_badly_off_as_what_it_stands_on(
    api: Api, lead: Person
) -> None:
    shop = await service(lead, "Shop", kind="business")
    front, database = await service(lead, "Front"), await service(lead, "DB")
    await depend(lead, shop, front)
    await depend(lead, front, database)
    await burn(api, lead, database)

    found = await get(lead, f"/v1/services/{shop}")
    assert found["state"] == "triggered"
    assert found["because_of"] == {"id": database, "name": "DB"}
    assert (await get(lead, f"/v1/services/{front}"))["state"] == "quiet"
    drawn = await get(lead, "/v1/service-map")
    spots = drawn["services"]
    assert isinstance(spots, list)
    states = {one["name"]: one["state"] for one in spots}
    assert states == {"Shop": "triggered", "Front": "quiet", "DB": "triggered"}


async def test_nothing_reports_about_a_business_service(lead: Person) -> None:
    shop = await service(lead, "Shop", kind="business")
    api_service = await service(lead, "API")
    body = {"kind": "generic", "name": "Probe"}

    refused = await lead.client.post(f"/v1/services/{shop}/integrations", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    await lead.client.post(f"/v1/services/{api_service}/integrations", json=body)
    becoming = await lead.client.patch(
        f"/v1/services/{api_service}", json={"kind": "business"}
    )
    assert becoming.status_code == 409


async def test_the_map_shows_the_part_that_is_asked_for(lead: Person) -> None:
    shop, front = await service(lead, "Shop", tier=1), await service(lead, "Front")
    await service(lead, "Alone")
    await depend(lead, shop, front)

    drawn = await get(lead, "/v1/service-map")
    assert drawn["dependencies"] == [{"service_id": shop, "depends_on_id": front}]
    assert (drawn["alone"], drawn["left_out"]) == (1, 0)
    first = await get(lead, "/v1/service-map?tier=1")
    assert isinstance(first["services"], list)
    assert [(s["name"], s["neighbour"]) for s in first["services"]] == [
        ("Shop", False),
        ("Front", True),
    ]
    around = await get(lead, f"/v1/service-map?around={front}")
    assert isinstance(around["services"], list)
    assert [s["name"] for s in around["services"]] == ["Front", "Shop"]
    gone = await lead.client.get(f"/v1/service-map?around={new_id()}")
    assert gone.status_code == 404


async def missing(person: Person, service_id: str) -> list[str]:
    """What the service needs and does not have."""
    found = (await get(person, f"/v1/services/{service_id}"))["set_up"]
    assert isinstance(found, dict)
    return [one["check"] for one in found["checks"] if not one["done"]]


async def test_the_set_up_of_a_service_says_what_is_missing(
    api: Api, lead: Person
) -> None:
    shop = await service(lead, "Shop")
    assert await missing(lead, shop) == ["policy", "proven", "integration", "runbook"]

    target = {"kind": "team", "id": await team_id(lead)}
    policy = {
        "name": "First",
        "team_id": await team_id(lead),
        "steps": [{"timeout_s": 300, "targets": [target]}],
    }
    made = (await lead.client.post("/v1/escalation-policies", json=policy)).json()
    address = "https://example.org/runbook"
    changes = {"escalation_policy_id": made["id"], "runbook_url": address}
    await lead.client.patch(f"/v1/services/{shop}", json=changes)
    assert await missing(lead, shop) == ["proven", "integration"]

    probe = {"kind": "generic", "name": "Probe"}
    path = f"/v1/services/{shop}/integrations"
    source = (await lead.client.post(path, json=probe)).json()["id"]
    async with transaction(api.engine) as tx:
        mine = update(contact_methods).where(contact_methods.c.user_id == lead.id)
        proof = api.clock() - timedelta(days=29)
        await tx.execute(mine.values(proven_at=proof, unverified_since=None))
        await tx.execute(
            insert(inbound_requests).values(
                id=new_id(),
                integration_id=source,
                received_at=api.clock(),
                content_type="",
                user_agent="",
                body=b"{}",
                outcome="processed",
                event_outcomes=[],
                alert_ids=[],
            )
        )
    assert await missing(lead, shop) == []

    api.clock.advance(timedelta(days=2))
    assert await missing(lead, shop) == ["proven"]
