"""Every verb on one incident: what it does, twice, and when it may not."""

from datetime import timedelta
from uuid import UUID

import pytest

from pagefree.core.access import Scope
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


async def test_a_key_that_may_write_is_shown_what_it_has_done(
    world: World, api: Api
) -> None:
    incident = await world.burn_one()
    program = await api.key(world.ana, Scope.WRITE)

    answer = await program.put(f"/v1/incidents/{incident}/acknowledgement")

    assert (answer.status_code, answer.json()["status"]) == (200, "acknowledged")


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


@pytest.mark.parametrize("name", ["999999", "not-an-id", str(UUID(int=7))])
async def test_there_is_no_such_incident(world: World, name: str) -> None:
    status, _ = await refusal(world.ana, "PUT", f"{name}/acknowledgement")

    assert status == 404


async def test_an_incident_is_found_by_its_number_too(world: World) -> None:
    incident = await world.burn_one()
    number = (await world.ana.client.get(f"/v1/incidents/{incident}")).json()["number"]

    taken = await put(world.ana, f"{number}/acknowledgement")

    assert taken["id"] == incident
