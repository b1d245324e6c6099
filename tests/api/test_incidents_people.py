"""Giving an incident to somebody else, and asking for help."""

from uuid import UUID

import pytest

from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.api.conftest import Api
from tests.api.incident_world import Json, World, delete, make_world, put, ref, refusal
from tests.incidents import scene as scenes


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def test_assigned_to_a_person_only_they_are_paged(world: World) -> None:
    incident = await world.burn_one()
    async with transaction(world.api.engine) as tx:
        page = await scenes.plan_page(tx, UUID(incident), world.ana.id)
    await put(world.ana, f"{incident}/acknowledgement")

    body: Json = {"user_id": str(world.bo.id)}
    for _ in range(2):
        given = await put(world.ana, f"{incident}/assignee", body)

        assert given["status"] == "triggered"
        assert given["responders"] == [ref(world.bo)]
        assert given["escalation"]["policy_name"] == "assigned to Bo"
        targets = [step["targets"] for step in given["escalation"]["steps"]]
        assert targets == [[{"kind": "user", **ref(world.bo)}]]
    assert await world.kinds(incident) == ["triggered", "acknowledged", "reassigned"]
    async with transaction(world.api.engine) as tx:
        assert await scenes.fate(tx, page) == ("skipped", "acknowledged")


async def test_assigned_to_a_policy_it_escalates_by_that(world: World) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/assignee", {"user_id": str(world.bo.id)})

    policy = world.scene.policy
    given = await put(world.ana, f"{incident}/assignee", {"policy_id": str(policy.id)})

    assert given["escalation"]["policy_name"] == "Web first"
    assert await world.kinds(incident) == ["triggered", "reassigned", "reassigned"]


@pytest.mark.parametrize("both", [True, False])
async def test_an_assignee_is_a_person_or_a_policy(world: World, both: bool) -> None:  # noqa: FBT001
    incident = await world.burn_one()
    body = {"user_id": str(new_id()), "policy_id": str(new_id())} if both else {}

    status, _ = await refusal(world.ana, "PUT", f"{incident}/assignee", body)

    assert status == 422


async def test_a_responder_who_is_added_is_paged_even_if_somebody_has_it(
    world: World,
) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/acknowledgement")

    for _ in range(2):
        helped = await put(world.ana, f"{incident}/responders/{world.eve.id}")

        assert helped["responders"] == [ref(world.eve)]
        assert helped["acknowledged_by"] == ref(world.ana)
    pages = await world.notifications(incident)
    assert {(p["user"]["name"], p["cause"], p["kind"]) for p in pages} == {
        ("Eve", "added by Ana", "added")
    }
    for _ in range(2):
        alone = await delete(world.ana, f"{incident}/responders/{world.eve.id}")

        assert alone["responders"] == []
    assert await world.kinds(incident) == [
        "triggered",
        "acknowledged",
        "responder_added",
        "responder_removed",
    ]


async def test_whoever_was_asked_for_help_may_act_in_that_incident_only(
    world: World,
) -> None:
    asked, other = await world.burn("a", "b")
    assert (await refusal(world.eve, "PUT", f"{asked}/acknowledgement"))[0] == 403
    await put(world.ana, f"{asked}/responders/{world.eve.id}")

    taken = await put(world.eve, f"{asked}/acknowledgement")

    assert taken["acknowledged_by"] == ref(world.eve)
    assert taken["can_respond"] is True
    unasked = await world.eve.client.get(f"/v1/incidents/{other}")
    assert unasked.json()["can_respond"] is False
    assert (await refusal(world.eve, "PUT", f"{other}/acknowledgement"))[0] == 403


async def test_a_deactivated_person_cannot_be_asked(world: World) -> None:
    incident = await world.burn_one()
    admin = await world.api.user("Pia", platform_admin=True)
    await admin.client.put(f"/v1/users/{world.eve.id}/deactivation")

    for path, body in (
        (f"{incident}/responders/{world.eve.id}", None),
        (f"{incident}/assignee", {"user_id": str(world.eve.id)}),
    ):
        status, reason = await refusal(world.ana, "PUT", path, body)

        assert (status, reason) == (422, "Eve is deactivated and cannot be paged")
