"""Opsgenie's own client, with nothing changed but the host."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import opsgenie_sdk
import pytest
from opsgenie_sdk.exceptions import OpenApiException

from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import Api
from tests.api.desk import Desk, desk_of

Call = Callable[..., Any]


@pytest.fixture
async def desk(api: Api, ingest: Ingest) -> AsyncIterator[Desk]:
    """A running PageFree with an integration of each kind."""
    async with desk_of(api, ingest) as desk:
        yield desk


@dataclass(frozen=True, slots=True)
class Genie:
    """Opsgenie's own client, whose calls block."""

    alerts: opsgenie_sdk.AlertApi

    async def do(self, name: str, *args: object, **more: object) -> Any:
        """Call a method of the client."""
        call: Call = getattr(self.alerts, name)
        return await asyncio.to_thread(call, *args, **more)

    async def create(self, **fields: object) -> str:
        """Create an alert; returns the id of the request."""
        payload = opsgenie_sdk.CreateAlertPayload(**fields)
        answer = await self.do("create_alert", create_alert_payload=payload)
        assert answer.result == "Request will be processed"
        return str(answer.request_id)


@pytest.fixture
def genie(desk: Desk) -> Genie:
    """Opsgenie's client with the integration's key."""
    settings = opsgenie_sdk.Configuration()
    settings.host = desk.url
    settings.api_key = {"Authorization": desk.keys["opsgenie"]}
    settings.api_key_prefix = {"Authorization": "GenieKey"}
    settings.retry_count = 1
    return Genie(opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(settings)))


async def test_opsgenies_client_creates_counts_and_closes(
    desk: Desk, genie: Genie
) -> None:
    first = await genie.create(message="Disk is full", alias="disk/db 1", priority="P2")
    again = await genie.create(message="Disk is full", alias="disk/db 1", priority="P2")
    done = (await genie.do("get_request_status", first)).data
    counted = (await genie.do("get_request_status", again)).data

    assert (done.is_success, done.action, done.status, done.alias) == (
        True,
        "Create",
        "Created alert",
        "disk/db 1",
    )
    assert counted.status == "Alert count is increased"
    by_id = (await genie.do("get_alert", identifier=done.alert_id)).data
    assert (by_id.message, by_id.count, by_id.priority) == ("Disk is full", 2, "P2")
    assert by_id.status == "open"

    close = opsgenie_sdk.CloseAlertPayload(user="ana")
    await genie.do("close_alert", identifier=done.alert_id, close_alert_payload=close)
    closed = await genie.do(
        "get_alert", identifier="disk/db 1", identifier_type="alias"
    )
    assert closed.data.status == "closed"
    assert await desk.events() == ["opened", "duplicate", "resolved"]


async def test_opsgenies_client_acknowledges_notes_snoozes_and_lets_go(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    await genie.do("acknowledge_alert", **of)
    assert (await genie.do("get_alert", **of)).data.acknowledged
    note = opsgenie_sdk.AddNoteToAlertPayload(note="it is the logs", user="ana")
    await genie.do("add_note", add_note_to_alert_payload=note, **of)
    await genie.do("un_acknowledge_alert", **of)
    assert not (await genie.do("get_alert", **of)).data.acknowledged
    until = desk.api.clock() + timedelta(hours=2)
    snooze = opsgenie_sdk.SnoozeAlertPayload(end_time=until)
    await genie.do("snooze_alert", snooze_alert_payload=snooze, **of)
    assert (await genie.do("get_alert", **of)).data.snoozed

    kinds = (
        "SELECT kind, data ->> 'text' FROM events WHERE seq IS NOT NULL ORDER BY seq"
    )
    assert await desk.rows(kinds) == [
        ("incident.triggered", None),
        ("incident.acknowledged", None),
        ("incident.note", "ana: it is the logs"),
        ("incident.unacknowledged", None),
        ("incident.snoozed", None),
    ]


async def test_opsgenies_client_changes_what_an_alert_says(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(
        message="Disk is full", alias="disk", priority="P3", tags=["db", "old"]
    )

    tags = opsgenie_sdk.AddTagsToAlertPayload(tags=["x", "db"], note="why", user="bo")
    await genie.do("add_tags", add_tags_to_alert_payload=tags, **of)
    await genie.do("remove_tags", tags=["old"], **of)
    details = opsgenie_sdk.AddDetailsToAlertPayload(details={"host": "db-1", "a": "b"})
    await genie.do("add_details", add_details_to_alert_payload=details, **of)
    await genie.do("remove_details", keys=["a"], **of)
    message = opsgenie_sdk.UpdateAlertMessagePayload(message="Disk is fuller")
    await genie.do("update_alert_message", update_alert_message_payload=message, **of)
    text = opsgenie_sdk.UpdateAlertDescriptionPayload(description="of logs")
    await genie.do(
        "update_alert_description", update_alert_description_payload=text, **of
    )
    worse = opsgenie_sdk.UpdateAlertPriorityPayload(priority="P1")
    await genie.do("update_alert_priority", update_alert_priority_payload=worse, **of)

    found = (await genie.do("get_alert", **of)).data
    assert (found.message, found.description) == ("Disk is fuller", "of logs")
    assert (found.tags, found.priority) == (["db", "x"], "P1")
    assert found.details["host"] == "db-1"
    assert "a" not in found.details
    incident = await desk.rows("SELECT severity, priority FROM incidents")
    assert incident == [("critical", "P1")]
    notes = await desk.rows(
        "SELECT data ->> 'text' FROM events WHERE kind LIKE '%note'"
    )
    assert notes == [("bo: why",)]
    rows = await desk.rows("SELECT DISTINCT outcome, error FROM inbound_requests")
    assert rows == [("processed", None)]


async def test_opsgenies_client_gives_an_alert_to_people_and_policies_of_the_team(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    me = (await desk.lead.client.get("/v1/me")).json()
    team_id = me["memberships"][0]["team"]["id"]
    bo = await desk.api.user("Bo", teams={UUID(team_id): Role.RESPONDER})
    step = {"timeout_s": 300, "targets": [{"kind": "user", "id": str(bo.id)}]}
    policy = {"name": "Second Line", "team_id": team_id, "steps": [step]}
    made = await desk.lead.client.post("/v1/escalation-policies", json=policy)
    assert made.status_code == 201, made.text
    await genie.create(message="Disk is full", alias="disk")

    owner = opsgenie_sdk.AssignAlertPayload(owner={"username": desk.lead.email})
    await genie.do("assign_alert", assign_alert_payload=owner, **of)
    escalation = opsgenie_sdk.EscalateAlertToNextPayload(
        escalation={"name": "second line"}
    )
    await genie.do("escalate_alert", escalate_alert_to_next_payload=escalation, **of)
    responder = opsgenie_sdk.AddResponderToAlertPayload(
        responder={"type": "user", "id": str(bo.id)}
    )
    await genie.do("add_responder", add_responder_to_alert_payload=responder, **of)

    told = await desk.rows(
        "SELECT kind, data -> 'user' ->> 'name', data -> 'policy' ->> 'name',"
        " actor_name FROM events WHERE seq > 1 ORDER BY seq"
    )
    assert told == [
        ("incident.reassigned", "Ana", None, "opsgenie"),
        ("incident.reassigned", None, "Second Line", "opsgenie"),
        ("incident.responder_added", "Bo", None, "opsgenie"),
    ]


async def test_opsgenies_client_hears_later_that_nothing_came_of_it(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    stranger = await desk.api.user("Eve")
    note = opsgenie_sdk.AddNoteToAlertPayload(note="hm")
    early = await genie.do("add_note", add_note_to_alert_payload=note, **of)
    await genie.create(message="Disk is full", alias="disk")
    owner = opsgenie_sdk.AssignAlertPayload(owner={"id": str(stranger.id)})
    given = await genie.do("assign_alert", assign_alert_payload=owner, **of)
    done = await genie.do("add_note", add_note_to_alert_payload=note, **of)

    statuses = [
        (await genie.do("get_request_status", each.request_id)).data
        for each in (early, given, done)
    ]
    assert [(s.is_success, s.action, s.status) for s in statuses] == [
        (False, "Notes", "Alert does not exist."),
        (False, "Assign", "Nobody of the team has this name."),
        (True, "Notes", "Done"),
    ]


async def test_opsgenies_client_adds_only_the_team_that_is_told_anyway(
    genie: Genie,
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    statuses = []
    for name in ("web", "Payments"):
        team = opsgenie_sdk.AddTeamToAlertPayload(team={"name": name})
        asked = await genie.do("add_team", add_team_to_alert_payload=team, **of)
        status = (await genie.do("get_request_status", asked.request_id)).data
        statuses.append((status.is_success, status.action, status.status))

    assert statuses == [
        (True, "Teams", "Done"),
        (False, "Teams", "Only the team of the service is told of its alerts."),
    ]


async def test_opsgenies_client_reads_its_own_notes_and_nobody_elses(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk/db 1", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk/db 1")
    note = opsgenie_sdk.AddNoteToAlertPayload(note="it is the logs")
    await genie.do("add_note", add_note_to_alert_payload=note, **of)
    ((incident_id,),) = await desk.rows("SELECT id FROM incidents")
    path = f"/v1/incidents/{incident_id}/notes"
    said = await desk.lead.client.post(path, json={"text": "between us"})
    assert said.is_success, said.text

    notes = (await genie.do("list_notes", **of)).data

    assert [(n.note, n.owner) for n in notes] == [("it is the logs", "opsgenie")]
    logs = (await genie.do("list_logs", order="asc", **of)).data
    assert [log.log for log in logs][1:] == [
        "Note added: it is the logs",
        "Note added",  # what people write is not told
    ]


async def test_opsgenies_client_reads_the_log_of_an_alert_in_parts(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk/db 1", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk/db 1")
    ((incident_id,),) = await desk.rows("SELECT id FROM incidents")
    path = f"/v1/incidents/{incident_id}/acknowledgement"
    taken = await desk.lead.client.put(path)
    assert taken.is_success, taken.text
    await genie.do("un_acknowledge_alert", **of)
    await genie.do("close_alert", **of)

    logs = (await genie.do("list_logs", **of)).data
    first = (await genie.do("list_logs", order="asc", limit=2, **of)).data
    rest = await genie.do("list_logs", order="asc", offset=first[-1].offset, **of)
    before = await genie.do(
        "list_logs", order="asc", offset=first[-1].offset, direction="prev", **of
    )

    assert [(log.log, log.owner, log.type) for log in logs] == [
        ("Alert closed", "opsgenie", "system"),
        ("Alert unacknowledged", "opsgenie", "system"),
        ("Alert acknowledged", "Ana", "system"),
        ("Alert created", "opsgenie", "system"),
    ]
    assert [log.log for log in first] == ["Alert created", "Alert acknowledged"]
    assert [log.log for log in rest.data] == ["Alert unacknowledged", "Alert closed"]
    assert [log.log for log in before.data] == ["Alert created"]
    with pytest.raises(OpenApiException) as nothing:
        await genie.do("list_logs", identifier="x")
    assert nothing.value.status == 404


async def test_opsgenies_client_reads_who_was_told_and_who_has_it(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    me = (await desk.lead.client.get("/v1/me")).json()
    bo = await desk.api.user(
        "Bo", teams={UUID(me["memberships"][0]["team"]["id"]): Role.RESPONDER}
    )
    await genie.create(message="Disk is full", alias="disk")
    assert (await genie.do("list_recipients", **of)).data == []
    ((incident_id,),) = await desk.rows("SELECT id FROM incidents")
    for person in (bo.id, UUID(me["id"])):
        responder = opsgenie_sdk.AddResponderToAlertPayload(
            responder={"type": "user", "id": str(person)}
        )
        await genie.do("add_responder", add_responder_to_alert_payload=responder, **of)
    taken = await bo.client.put(f"/v1/incidents/{incident_id}/acknowledgement")
    assert taken.is_success, taken.text

    found = (await genie.do("list_recipients", **of)).data

    assert {(each.user.username, each.state, each.method) for each in found} == {
        ("Bo", "action", "Acknowledge"),
        ("Ana", "notactive", ""),
    }


async def test_what_has_no_effect_here_is_accepted_and_in_the_log(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    await genie.do(
        "execute_custom_alert_action",
        action_name="reboot",
        execute_custom_alert_action_payload=opsgenie_sdk.ExecuteCustomAlertActionPayload(),
        **of,
    )
    await genie.do("delete_alert", **of)

    rows = await desk.rows("SELECT outcome FROM inbound_requests ORDER BY id")
    assert [outcome for (outcome,) in rows] == ["processed", "ignored", "processed"]
    assert await desk.events() == ["opened", "resolved"]


async def test_opsgenies_client_is_told_of_what_is_wrong(genie: Genie) -> None:
    unknown = await genie.do(
        "close_alert", identifier="never-fired", identifier_type="alias"
    )
    status = (await genie.do("get_request_status", unknown.request_id)).data
    assert (status.is_success, status.status) == (False, "Alert does not exist")

    with pytest.raises(OpenApiException) as missing:
        await genie.do("get_alert", identifier="never-fired")
    assert missing.value.status == 404
    with pytest.raises(OpenApiException) as malformed:
        await genie.create(message=" ", alias="x")
    assert malformed.value.status == 422
    genie.alerts.api_client.configuration.api_key = {"Authorization": "wrong"}
    for name, more in (("list_alerts", {}), ("close_alert", {"identifier": "x"})):
        with pytest.raises(OpenApiException) as stranger:
            await genie.do(name, **more)
        assert stranger.value.status == 401
        assert json.loads(stranger.value.body)["message"] == "Could not authenticate"


async def test_opsgenies_schedules_say_who_is_on_call(desk: Desk) -> None:
    me = (await desk.lead.client.get("/v1/me")).json()
    layer = {
        "start_at": "2026-03-01T09:00:00Z",
        "unit": "week",
        "lengths": [1],
        "user_ids": [me["id"]],
    }
    schedule = {
        "name": "First line",
        "team_id": me["memberships"][0]["team"]["id"],
        "time_zone": "UTC",
        "layers": [layer],
    }
    made = await desk.lead.client.post("/v1/schedules", json=schedule)
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"GenieKey {desk.keys['opsgenie']}"}
    async with httpx2.AsyncClient(
        base_url=desk.url, headers=headers, timeout=60
    ) as client:
        path = "/v2/schedules/First%20line/on-calls"
        query = {"scheduleIdentifierType": "name"}
        long = (await client.get(path, params=query)).json()["data"]
        flat = (await client.get(path, params={**query, "flat": "true"})).json()["data"]
        nobody = await client.get("/v2/schedules/x/on-calls")

    assert [p["name"] for p in long["onCallParticipants"]] == ["Ana"]
    assert flat["onCallRecipients"] == ["Ana"]
    assert (nobody.status_code, set(nobody.json())) == (
        404,
        {"message", "took", "requestId"},
    )
