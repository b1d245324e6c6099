"""Lists, counts and details of incidents, and changing many at once over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from pagefree.core.alerts import Severity
from pagefree.core.routing import Urgency
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.api.conftest import Api, Person
from tests.api.incident_world import Json, World, make_world, put, ref
from tests.incidents import scene as scenes


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def listed(person: Person, **query: Any) -> list[str]:
    """The titles on the first page."""
    answer = await person.client.get("/v1/incidents", params=query)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_open_incidents_come_newest_first_and_page_by_page(world: World) -> None:
    await world.burn("a", "b", "c", "d", "e")

    seen: list[str] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await world.ana.client.get("/v1/incidents", params=query)).json()
        seen += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert seen == ["e", "d", "c", "b", "a"]
    assert cursor is None


async def test_a_line_of_the_list_says_all_that_is_shown(world: World) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/acknowledgement")
    await put(world.ana, f"{incident}/responders/{world.bo.id}")

    (line,) = (await world.ana.client.get("/v1/incidents")).json()["items"]

    assert line["service"]["name"] == "Checkout"
    assert line["team"]["name"] == "Web"
    assert line["acknowledged_by"] == ref(world.ana)
    assert line["responders"] == [ref(world.bo)]
    assert (line["alert_count"], line["occurrences"]) == (1, 1)
    assert line["opened_at"] == "2026-03-02T09:00:00Z"


async def test_each_filter_leaves_out_what_it_says(world: World) -> None:
    await world.burn("quiet", severity=Severity.INFO, urgency=Urgency.LOW)
    taken, over = await world.burn("taken", "over")
    await put(world.ana, f"{taken}/acknowledgement")
    await put(world.ana, f"{over}/resolution")
    ana = world.ana

    assert await listed(ana) == ["taken", "quiet"]
    assert await listed(ana, status="triggered") == ["quiet"]
    assert await listed(ana, status="acknowledged") == ["taken"]
    assert await listed(ana, status="resolved") == ["over"]
    assert await listed(ana, status="all") == ["over", "taken", "quiet"]
    assert await listed(ana, urgency="low") == ["quiet"]
    assert await listed(ana, severity="error") == ["taken"]
    assert await listed(ana, team_id=world.scene.team_id) == ["taken", "quiet"]
    assert await listed(ana, team_id=new_id()) == []
    assert await listed(ana, service_id=world.scene.service_id, limit=1) == ["taken"]


async def test_mine_is_what_i_have_help_with_or_was_paged_for(world: World) -> None:
    await world.burn("nobody's")
    has, helps, paged, over = await world.burn("has", "helps", "paged", "over")
    await put(world.bo, f"{has}/acknowledgement")
    await put(world.ana, f"{helps}/responders/{world.bo.id}")
    async with transaction(world.api.engine) as tx:
        for incident in (paged, over):
            await scenes.plan_page(tx, UUID(incident), world.bo.id)
    await put(world.ana, f"{over}/resolution")

    assert await listed(world.bo, mine=True) == ["paged", "helps", "has"]
    assert await listed(world.eve, mine=True) == []


async def test_a_number_or_words_find_an_incident(world: World) -> None:
    first, _ = await world.burn("Disk 100% full on db_1", "Disk slow")
    number = (await world.ana.client.get(f"/v1/incidents/{first}")).json()["number"]
    full = ["Disk 100% full on db_1"]
    ana = world.ana

    assert await listed(ana, query=str(number)) == full
    assert await listed(ana, query=f" #{number} ") == full
    assert await listed(ana, query="DISK full") == full
    assert await listed(ana, query="0% b_1") == full
    assert await listed(ana, query="disk") == ["Disk slow", *full]
    assert await listed(ana, query="%") == full
    assert await listed(ana, query="' OR 1=1 --") == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 101},
        {"limit": 0},
        {"cursor": "nonsense"},
        {"status": "closed"},
        {"query": "a\x00b"},
        {"nonsense": "1"},
    ],
)
async def test_a_list_that_cannot_be_asked_for(world: World, query: Json) -> None:
    answer = await world.ana.client.get("/v1/incidents", params=query)

    assert answer.status_code == 422


async def test_fifty_incidents_cost_as_many_statements_as_one(world: World) -> None:
    asked: list[str] = []

    @event.listens_for(world.api.engine.sync_engine, "before_cursor_execute")
    def note(*args: object) -> None:
        asked.append(str(args[2]))

    await world.burn("one")
    asked.clear()
    await listed(world.ana)
    for_one = len(asked)
    await world.burn(*(f"incident {n}" for n in range(49)))
    asked.clear()

    assert len(await listed(world.ana)) == 50

    event.remove(world.api.engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) == for_one


async def test_counts_are_of_what_is_open_mine_and_resolved_today(
    world: World,
) -> None:
    taken, over, old = await world.burn("taken", "over", "old")
    await put(world.bo, f"{old}/resolution")
    world.api.clock.advance(timedelta(days=2))
    await put(world.bo, f"{over}/resolution")
    await put(world.bo, f"{taken}/acknowledgement")
    await world.burn("another")

    answer = await world.bo.client.get("/v1/incidents/counts")

    assert answer.json() == {
        "triggered": 1,
        "acknowledged": 1,
        "open": 2,
        "mine": 1,
        "resolved_24h": 1,
    }


async def test_counting_ends_at_a_thousand_and_one(world: World) -> None:
    await world.burn(*(f"incident {n}" for n in range(1003)))

    counts = (await world.ana.client.get("/v1/incidents/counts")).json()

    assert (counts["triggered"], counts["open"]) == (1001, 1001)


async def test_the_alerts_of_an_incident_come_page_by_page(world: World) -> None:
    incident = await world.burn_one()
    async with transaction(world.api.engine) as tx:
        await scenes.add_alerts(tx, world.scene, [UUID(incident)] * 2)
    path = f"/v1/incidents/{incident}/alerts"

    first = (await world.ana.client.get(path, params={"limit": 2})).json()
    query = {"limit": 2, "cursor": first["next_cursor"]}
    rest = (await world.ana.client.get(path, params=query)).json()

    assert (len(first["items"]), len(rest["items"])) == (2, 1)
    assert rest["next_cursor"] is None
    assert first["items"][0]["integration"]["name"] == "Prometheus"


async def test_a_timeline_comes_page_by_page(world: World) -> None:
    incident = await world.burn_one()
    for _ in range(2):
        await put(world.ana, f"{incident}/acknowledgement")
        await world.ana.client.delete(f"/v1/incidents/{incident}/acknowledgement")
    path = f"/v1/incidents/{incident}/timeline"

    seen: list[int] = []
    cursor = None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await world.ana.client.get(path, params=query)).json()
        seen += [item["seq"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert (seen, cursor) == ([5, 4, 3, 2, 1], None)
    bad = await world.ana.client.get(path, params={"cursor": "x"})
    assert bad.status_code == 422


@pytest.mark.parametrize("what", ["", "/alerts", "/timeline"])
async def test_nothing_is_told_of_what_does_not_exist(world: World, what: str) -> None:
    answer = await world.ana.client.get(f"/v1/incidents/{new_id()}{what}")

    assert answer.status_code == 404


async def test_many_are_acknowledged_and_resolved_at_once(world: World) -> None:
    ids = await world.burn("a", "b", "c")
    unknown = str(new_id())
    path = "/v1/incidents/bulk"

    taken = await world.ana.client.post(
        f"{path}/acknowledgement", json={"ids": [*ids, unknown]}
    )
    over = await world.ana.client.post(
        f"{path}/resolution", json={"ids": ids, "note": "one cause"}
    )
    refused = await world.eve.client.post(f"{path}/resolution", json={"ids": ids[:1]})

    assert taken.json() == {
        "changed": 3,
        "refused": [{"id": unknown, "reason": "there is no such incident"}],
    }
    assert over.json() == {"changed": 3, "refused": []}
    assert refused.json()["changed"] == 0
    assert await world.kinds(ids[1]) == ["triggered", "acknowledged", "resolved"]


@pytest.mark.parametrize("count", [0, 10_001])
async def test_at_most_ten_thousand_and_at_least_one(world: World, count: int) -> None:
    ids = [str(new_id()) for _ in range(count)]

    answer = await world.ana.client.post(
        "/v1/incidents/bulk/acknowledgement", json={"ids": ids}
    )

    assert answer.status_code == 422
