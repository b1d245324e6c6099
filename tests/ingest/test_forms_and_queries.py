"""Senders that post no plain JSON: queries, forms, handshakes and events in headers."""

import json

import pytest

from tests.ingest.scene import BEHIND, Scene

DOWN = {"monitorID": "7", "monitorFriendlyName": "Shop", "alertType": "1"}
UP = {**DOWN, "alertType": "2"}
CLOUD_EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/a", "ce-type": "t"}


def at(scene: Scene, kind: str) -> str:
    """The address of an integration, with its key."""
    return f"/in/{kind}/{scene.sources[kind].key}"


async def test_all_of_it_may_stand_in_the_query(scene: Scene) -> None:
    address = at(scene, "uptimerobot")
    for told in (DOWN, UP, DOWN, DOWN):
        answer = await scene.client.get(address, params=told)
        assert answer.status_code == 202

    assert await scene.outcomes() == ["opened", "resolved", "opened", "duplicate"]


async def test_uptime_kuma_sends_as_it_is_told(scene: Scene) -> None:
    told = {"heartbeat": {"status": 0, "msg": "no"}, "monitor": {"id": 1, "name": "A"}}
    up = {**told, "heartbeat": {"status": 1}}
    address = at(scene, "uptime_kuma")
    query = {"msg": "x", **{name: json.dumps(value) for name, value in up.items()}}

    first = await scene.client.post(address, json=told)
    again = await scene.client.post(
        address, files={"data": (None, json.dumps(told).encode())}
    )
    over = await scene.client.get(address, params=query)

    assert {answer.status_code for answer in (first, again, over)} == {202}
    assert await scene.outcomes() == ["opened", "duplicate", "resolved"]


async def test_a_form_is_read_and_its_token_not_kept_as_a_label(scene: Scene) -> None:
    form = {"Token": "0123456789", "Status": "Down", "Name": "Shop", "TestID": "9"}

    await scene.client.post(at(scene, "statuscake"), data=form)

    labels = str(await scene.value("SELECT labels::text FROM alerts"))
    assert "Shop" in labels
    assert "0123456789" not in labels


async def test_a_broker_may_ask_first(scene: Scene) -> None:
    asked = {"WebHook-Request-Origin": "broker.example", "WebHook-Request-Rate": "60"}

    granted = await scene.client.options(at(scene, "cloudevents"), headers=asked)
    strange = await scene.client.options("/in/cloudevents/unknown", headers=asked)

    assert granted.status_code == 200
    assert granted.headers["webhook-allowed-origin"] == "broker.example"
    assert granted.headers["webhook-allowed-rate"] == "60"
    assert strange.status_code == 404
    assert await scene.outcomes() == []


async def test_an_event_in_headers_takes_effect_once(scene: Scene) -> None:
    address = at(scene, "cloudevents")
    for number in ("1", "1", "2"):
        headers = {**CLOUD_EVENT, "ce-id": number}
        answer = await scene.client.post(address, headers=headers, json={"title": "x"})
        assert answer.status_code == 202

    assert await scene.outcomes() == ["opened", "duplicate"]


@pytest.mark.parametrize("kind", ["pingdom", "github", "checkly"])
async def test_other_kinds_take_no_get(scene: Scene, kind: str) -> None:
    answer = await scene.client.get(at(scene, kind))

    assert answer.status_code == 405
    assert answer.text != BEHIND
