"""Making one incident of two, and two again."""

import pytest

from pagefree.infra.ids import new_id
from tests.api.conftest import Api
from tests.api.incident_world import World, delete, make_world, put, ref, refusal


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def test_a_merged_incident_hands_over_its_alerts_and_gets_them_back(
    world: World,
) -> None:
    part, whole = await world.burn("part", "whole")

    for _ in range(2):
        merged = await put(world.ana, f"{part}/merge", {"into_id": whole})

        assert (merged["status"], merged["alert_count"]) == ("resolved", 0)
        assert merged["merged_into"]["id"] == whole
    into = (await world.ana.client.get(f"/v1/incidents/{whole}")).json()
    assert (into["alert_count"], into["open_alert_count"]) == (2, 2)
    assert [each["id"] for each in into["merged"]] == [part]
    for _ in range(2):
        own = await delete(world.ana, f"{part}/merge")

        assert (own["status"], own["open_alert_count"]) == ("triggered", 1)
        assert own["merged_into"] is None
        assert own["escalation_state"] == "running"
    into = (await world.ana.client.get(f"/v1/incidents/{whole}")).json()
    assert (into["alert_count"], into["merged"]) == (1, [])
    assert await world.kinds(part) == ["triggered", "merged", "unmerged"]
    assert await world.kinds(whole) == ["triggered", "merged", "unmerged"]


async def test_what_was_merged_before_follows_into_the_last_incident(
    world: World,
) -> None:
    first, second, third = await world.burn("a", "b", "c")
    await put(world.ana, f"{first}/merge", {"into_id": second})

    await put(world.ana, f"{second}/merge", {"into_id": third})

    assert (await world.ana.client.get(f"/v1/incidents/{third}")).json()[
        "open_alert_count"
    ] == 3
    own = await delete(world.ana, f"{second}/merge")
    assert own["open_alert_count"] == 1
    first_again = await delete(world.ana, f"{first}/merge")
    assert first_again["open_alert_count"] == 1


async def test_an_unmerged_incident_is_as_far_as_the_one_it_was_in(
    world: World,
) -> None:
    part, whole = await world.burn("part", "whole")
    await put(world.ana, f"{part}/merge", {"into_id": whole})
    await put(world.bo, f"{whole}/resolution")

    own = await delete(world.ana, f"{part}/merge")

    assert (own["status"], own["resolved_by"]) == ("resolved", ref(world.bo))


@pytest.mark.parametrize("into", ["itself", "resolved", "unknown"])
async def test_some_merges_make_no_sense(world: World, into: str) -> None:
    incident, over = await world.burn("a", "b")
    await put(world.ana, f"{over}/resolution")
    into_id = {"itself": incident, "resolved": over}.get(into, str(new_id()))

    status, _ = await refusal(
        world.ana, "PUT", f"{incident}/merge", {"into_id": into_id}
    )

    assert status == {"itself": 422, "resolved": 409, "unknown": 404}[into]


async def test_a_merged_incident_is_not_reopened_but_unmerged(world: World) -> None:
    part, whole = await world.burn("part", "whole")
    await put(world.ana, f"{part}/merge", {"into_id": whole})

    status, reason = await refusal(world.ana, "DELETE", f"{part}/resolution")

    assert (status, "un-merge" in reason) == (409, True)
