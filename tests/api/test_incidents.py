"""Every verb on one incident: what it does, twice, and when it may not."""

from datetime import timedelta
from uuid import UUID

import pytest

from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.api.conftest import Api
from tests.api.incident_world import (
    HOUR,
    Json,
    World,
    delete,
    make_world,
    put,
    ref,
    refusal,
)
from tests.incidents import scene as scenes


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


async def test_who_acknowledges_has_it_and_a_second_person_sees_who(
    world: World,
) -> None:
    incident = await world.burn_one()

    first = await put(world.ana, f"{incident}/acknowledgement")
    second = await put(world.bo, f"{incident}/acknowledgement")

    assert first["status"] == "acknowledged"
    assert first["acknowledged_by"] == second["acknowledged_by"] == ref(world.ana)
    assert first["escalation_state"] == "stopped"
    assert first["next_escalation_at"] is None
    assert await world.kinds(incident) == ["triggered", "acknowledged"]


async def test_given_back_it_escalates_from_the_first_step(world: World) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/acknowledgement")

    for _ in range(2):
        given_back = await delete(world.bo, f"{incident}/acknowledgement")

        assert given_back["status"] == "triggered"
        assert given_back["acknowledged_by"] is None
        assert given_back["escalation"]["state"] == "running"
        assert given_back["escalation"]["steps_done"] == 0
    assert await world.kinds(incident) == [
        "triggered",
        "acknowledged",
        "unacknowledged",
    ]


async def test_resolving_closes_its_alerts_and_keeps_the_note(world: World) -> None:
    incident = await world.burn_one()

    for _ in range(2):
        over = await put(world.ana, f"{incident}/resolution", {"note": "Logs deleted"})

        assert over["status"] == "resolved"
        assert over["resolved_by"] == ref(world.ana)
        assert over["open_alert_count"] == 0
    alerts = await world.ana.client.get(f"/v1/incidents/{incident}/alerts")
    assert [alert["status"] for alert in alerts.json()["items"]] == ["resolved"]
    timeline = await world.ana.client.get(f"/v1/incidents/{incident}/timeline")
    newest = timeline.json()["items"][0]
    assert (newest["kind"], newest["data"]) == (
        "incident.resolved",
        {"note": "Logs deleted"},
    )
    assert newest["actor"] == {"kind": "user", **ref(world.ana)}
    assert await world.kinds(incident) == ["triggered", "resolved"]


async def test_reopening_within_seven_days_opens_its_alerts_again(world: World) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/resolution")
    world.api.clock.advance(timedelta(days=7))

    for _ in range(2):
        again = await delete(world.ana, f"{incident}/resolution")

        assert (again["status"], again["open_alert_count"]) == ("triggered", 1)
        assert again["escalation"]["state"] == "running"
    assert await world.kinds(incident) == ["triggered", "resolved", "reopened"]


async def test_reopening_after_seven_days_is_refused(world: World) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/resolution")
    world.api.clock.advance(timedelta(days=7, seconds=1))

    status, reason = await refusal(world.ana, "DELETE", f"{incident}/resolution")

    assert status == 409
    assert "more than 7 days ago" in reason


async def test_a_group_that_is_open_elsewhere_stays_with_the_newer_incident(
    world: World,
) -> None:
    old = await world.burn_one(group_key="disk")
    await put(world.ana, f"{old}/resolution")
    await world.burn_one(group_key="disk")

    again = await delete(world.ana, f"{old}/resolution")

    assert again["status"] == "triggered"


@pytest.mark.parametrize(
    ("method", "verb", "body"),
    [
        ("PUT", "acknowledgement", None),
        ("DELETE", "acknowledgement", None),
        ("PUT", "snooze", {"until": "2026-03-02T10:00:00Z"}),
        ("PUT", "assignee", {"policy_id": "$policy"}),
        ("PUT", "merge", {"into_id": "$other"}),
        ("PUT", "responders/$bo", None),
    ],
)
async def test_what_is_over_cannot_be(
    world: World, method: str, verb: str, body: Json | None
) -> None:
    incident, other = await world.burn("a", "b")
    await put(world.ana, f"{incident}/resolution")
    policy = str(world.scene.policy.id)
    named = {"$policy": policy, "$other": other, "$bo": str(world.bo.id)}
    filled = {key: named.get(value, value) for key, value in (body or {}).items()}

    status, reason = await refusal(
        world.ana, method, f"{incident}/{verb}".replace("$bo", named["$bo"]), filled
    )

    assert status == 409
    assert "already resolved" in reason
    assert await world.kinds(incident) == ["triggered", "resolved"]


async def test_snoozed_nobody_is_paged_until_then_and_waking_pages_again(
    world: World,
) -> None:
    incident = await world.burn_one()
    until = (world.now + HOUR).isoformat().replace("+00:00", "Z")

    for _ in range(2):
        snoozed = await put(world.ana, f"{incident}/snooze", {"until": until})

        assert snoozed["status"] == "acknowledged"
        assert snoozed["snoozed_until"] == until
        assert snoozed["next_escalation_at"] == until
    for _ in range(2):
        awake = await delete(world.ana, f"{incident}/snooze")

        assert (awake["status"], awake["snoozed_until"]) == ("triggered", None)
    assert await world.kinds(incident) == ["triggered", "snoozed", "woke"]


@pytest.mark.parametrize(
    "until", ["2026-03-02T09:00:00Z", "2025-01-01T00:00:00Z", "2026-05-01T00:00:00Z"]
)
async def test_a_snooze_ends_in_the_future_and_within_a_month(
    world: World, until: str
) -> None:
    incident = await world.burn_one()

    status, _ = await refusal(world.ana, "PUT", f"{incident}/snooze", {"until": until})

    assert status == 422


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


async def test_notes_are_written_into_the_timeline(world: World) -> None:
    incident = await world.burn_one()

    answer = await world.ana.client.post(
        f"/v1/incidents/{incident}/notes", json={"text": "Looking <b>into</b> it"}
    )

    assert answer.status_code == 201
    note = answer.json()
    assert (note["kind"], note["seq"]) == ("incident.note", 2)
    assert note["data"] == {"text": "Looking <b>into</b> it"}


async def test_what_an_incident_says_can_be_changed(world: World) -> None:
    incident = await world.burn_one()
    changes = {"title": "Disk of db-1 full", "priority": None, "urgency": "low"}

    for _ in range(2):
        answer = await world.ana.client.patch(f"/v1/incidents/{incident}", json=changes)

        assert answer.status_code == 200, answer.text
        assert {key: answer.json()[key] for key in changes} == changes
    timeline = await world.ana.client.get(f"/v1/incidents/{incident}/timeline")
    newest = timeline.json()["items"][0]
    assert newest["data"]["changes"]["priority"] == {"from": "P2", "to": None}
    assert await world.kinds(incident) == ["triggered", "updated"]


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"title": None}, {"title": "a\x00b"}, {"priority": "P9"}, {"x": 1}],
)
async def test_nonsense_is_not_stored(world: World, changes: Json) -> None:
    incident = await world.burn_one()

    answer = await world.ana.client.patch(f"/v1/incidents/{incident}", json=changes)

    assert answer.status_code == 422


async def test_anybody_may_declare_an_incident_and_it_escalates(world: World) -> None:
    body = {"service_id": str(world.scene.service_id), "title": "Checkout is slow"}

    answer = await world.eve.client.post("/v1/incidents", json=body)

    assert answer.status_code == 201, answer.text
    declared = answer.json()
    assert (declared["status"], declared["alert_count"]) == ("triggered", 0)
    assert (declared["severity"], declared["priority"]) == ("error", "P2")
    assert declared["escalation"]["policy_name"] == "Web first"
    assert declared["next_escalation_at"] is not None
    assert await world.kinds(declared["id"]) == ["triggered"]


async def test_nothing_is_declared_on_what_does_not_exist(world: World) -> None:
    body = {"service_id": str(new_id()), "title": "Checkout is slow"}

    answer = await world.ana.client.post("/v1/incidents", json=body)

    assert answer.status_code == 404


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


async def test_who_belongs_to_no_team_reads_and_changes_nothing(world: World) -> None:
    incident, other = await world.burn("a", "b")
    answer = await world.eve.client.get(f"/v1/incidents/{incident}")
    assert answer.json()["can_respond"] is False

    verbs: list[tuple[str, str, Json | None]] = [
        ("PUT", "acknowledgement", None),
        ("DELETE", "acknowledgement", None),
        ("PUT", "resolution", None),
        ("DELETE", "resolution", None),
        ("PUT", "snooze", {"until": "2026-03-02T10:00:00Z"}),
        ("DELETE", "snooze", None),
        ("PUT", "assignee", {"user_id": str(world.eve.id)}),
        ("PUT", f"responders/{world.eve.id}", None),
        ("DELETE", f"responders/{world.eve.id}", None),
        ("POST", "notes", {"text": "hello"}),
        ("PUT", "merge", {"into_id": other}),
        ("DELETE", "merge", None),
        ("PATCH", "", {"title": "mine"}),
    ]
    for method, verb, body in verbs:
        path = f"{incident}/{verb}".rstrip("/")
        assert (await refusal(world.eve, method, path, body))[0] == 403, verb
    assert await world.kinds(incident) == ["triggered"]


@pytest.mark.parametrize("name", ["999999", "not-an-id", str(new_id())])
async def test_there_is_no_such_incident(world: World, name: str) -> None:
    status, _ = await refusal(world.ana, "PUT", f"{name}/acknowledgement")

    assert status == 404


async def test_an_incident_is_found_by_its_number_too(world: World) -> None:
    incident = await world.burn_one()
    number = (await world.ana.client.get(f"/v1/incidents/{incident}")).json()["number"]

    taken = await put(world.ana, f"{number}/acknowledgement")

    assert taken["id"] == incident
