"""Opsgenie's own client, with nothing changed but the host."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import opsgenie_sdk
import pytest
from opsgenie_sdk.exceptions import OpenApiException

from pagefree.alerts.ingest import Ingest
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


async def test_what_has_no_effect_here_is_accepted_and_in_the_log(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    tags = opsgenie_sdk.AddTagsToAlertPayload(tags=["x"])
    await genie.do("add_tags", add_tags_to_alert_payload=tags, **of)
    message = opsgenie_sdk.UpdateAlertMessagePayload(message="Disk is fuller")
    await genie.do("update_alert_message", update_alert_message_payload=message, **of)
    await genie.do("delete_alert", **of)

    rows = await desk.rows("SELECT outcome FROM inbound_requests ORDER BY id")
    assert [outcome for (outcome,) in rows] == [
        "processed",
        "ignored",
        "ignored",
        "processed",
    ]
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
    async with httpx2.AsyncClient(base_url=desk.url, headers=headers) as client:
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
