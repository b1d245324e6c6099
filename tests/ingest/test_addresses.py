"""Every place in which senders put their key, and the addresses of the products they leave."""

import base64
import gzip
import zlib

import httpx2
import pytest

from tests.ingest.scene import BEHIND, Scene

FORMATTED = {"alert_uid": "disk", "title": "Disk is full", "state": "alerting"}
PROMETHEUS = [{"labels": {"alertname": "DiskFull"}, "annotations": {}}]


def basic(user: str, password: str) -> str:
    """Credentials as browsers write them."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def generic(scene: Scene, path: str = "", **more: object) -> int:
    """How a body at the address of generic JSON is answered."""
    answer = await scene.client.post(
        f"/in/generic{path}",
        json={"title": "x", "dedup_key": "x"},
        **more,  # type: ignore[arg-type]
    )
    return answer.status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer {key}"},
        {"Authorization": "bearer  {key} "},
        {"Authorization": "GenieKey {key}"},
        {"Authorization": "Token token={key}"},
        {"X-Routing-Key": "{key}"},
        {"X-Api-Key": "{key}"},
    ],
)
async def test_a_key_may_be_in_a_header(scene: Scene, headers: dict[str, str]) -> None:
    key = scene.sources["generic"].key
    filled = {name: value.format(key=key) for name, value in headers.items()}

    assert await generic(scene, headers=filled) == 202


async def test_a_key_may_be_the_user_or_the_password(scene: Scene) -> None:
    key = scene.sources["generic"].key
    for pair in ((key, ""), (key, "x"), ("x", key), ("", key)):
        headers: object = {"Authorization": basic(*pair)}
        assert await generic(scene, headers=headers) == 202, pair
    for wrong in ("Basic", "Basic !", "Basic " + "ä" * 9, basic("x", "y"), "Bearer"):
        headers = {"Authorization": wrong.encode("latin-1")}
        assert await generic(scene, headers=headers) == 401, wrong


@pytest.mark.parametrize("name", ["key", "apiKey", "api_key", "access_token", "token"])
async def test_a_key_may_be_in_the_query(scene: Scene, name: str) -> None:
    key = scene.sources["generic"].key

    assert await generic(scene, f"?a=b&{name}={key}&{name}=other") == 202
    assert await generic(scene, f"?{name}=") == 401


async def test_a_key_may_end_the_path_also_with_a_slash(scene: Scene) -> None:
    key = scene.sources["generic"].key

    assert await generic(scene, f"/{key}") == 202
    assert await generic(scene, f"/{key}/") == 202
    assert await generic(scene, f"/{key}x") == 404
    assert await generic(scene, "/") == 401


async def test_a_key_opens_only_the_addresses_of_its_kind(scene: Scene) -> None:
    key = scene.sources["honeycomb"].key

    assert await generic(scene, f"/{key}") == 404
    assert await generic(scene, headers={"Authorization": f"Bearer {key}"}) == 401


async def test_other_methods_are_refused_with_those_that_work(scene: Scene) -> None:
    answer = await scene.client.put("/in/generic", json={})

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("kind", "type_", "body"),
    [
        ("grafana_oncall", "formatted_webhook", FORMATTED),
        ("alertmanager", "alertmanager", {"alerts": [{"labels": {"a": "b"}}]}),
        ("generic", "webhook", {"title": "x"}),
        ("generic", "a-type-nobody-knows", {"title": "x"}),
    ],
)
@pytest.mark.parametrize("end", ["/", ""])
async def test_grafana_oncalls_addresses_work(
    scene: Scene, kind: str, type_: str, body: object, end: str
) -> None:
    key = scene.sources[kind].key

    answer = await scene.client.post(f"/integrations/v1/{type_}/{key}{end}", json=body)

    assert (answer.status_code, answer.text) == (200, "Ok.")
    assert await scene.outcomes() == ["opened"]


async def test_a_beat_of_grafana_oncall_that_nobody_waits_for_opens_nothing(
    scene: Scene,
) -> None:
    key = scene.sources["generic"].key

    answer = await scene.client.post(f"/integrations/v1/webhook/{key}/heartbeat/")

    assert (answer.status_code, answer.text) == (200, "Ok.")
    rows = await scene.rows("SELECT outcome, error FROM inbound_requests")
    reason = "a heartbeat, but none has the name of this integration"
    assert rows == [("ignored", reason)]


async def test_goalerts_addresses_work(scene: Scene) -> None:
    async def post(path: str, kind: str, **more: object) -> httpx2.Response:
        query = {"token": scene.sources[kind].key}
        return await scene.client.post(f"/api/v2/{path}", params=query, **more)  # type: ignore[arg-type]

    form = {"summary": "Disk is full", "dedup": "disk"}
    group = {"alerts": [{"labels": {"alertname": "x"}, "status": "firing"}]}
    answers = [
        await post("generic/incoming", "goalert", data=form),
        await post("prometheusalertmanager/incoming", "alertmanager", json=group),
        await post("generic/incoming", "goalert", data={**form, "action": "close"}),
    ]

    assert {(answer.status_code, answer.text) for answer in answers} == {(204, "")}
    assert await scene.outcomes() == ["opened", "opened", "resolved"]
    unknown = await scene.client.post("/api/v2/generic/incoming?token=x", data=form)
    assert unknown.status_code == 401


async def test_prometheus_sends_what_it_would_send_an_alertmanager(
    scene: Scene,
) -> None:
    key = scene.sources["prometheus"].key
    ended = [{**PROMETHEUS[0], "endsAt": "2020-01-01T00:00:00Z"}]

    by_path = f"/in/prometheus/{key}/api/v2/alerts"
    first = await scene.client.post(by_path, json=PROMETHEUS)
    bearer = {"Authorization": f"Bearer {key}"}
    second = await scene.client.post("/api/v2/alerts", json=ended, headers=bearer)

    for answer in (first, second):
        assert (answer.status_code, answer.content) == (200, b"")
    assert await scene.outcomes() == ["opened", "resolved"]


async def test_victorops_routing_key_becomes_a_label(scene: Scene) -> None:
    key = scene.sources["victorops"].key
    path = f"/integrations/generic/20131114/alert/{key}/data%20base"
    body = {"message_type": "CRITICAL", "entity_id": "disk", "state_message": "full"}

    answer = await scene.client.post(path, json=body)

    assert answer.json() == {"result": "success", "entity_id": "disk"}
    labels = await scene.value("SELECT labels ->> 'routing_key' FROM alerts")
    assert labels == "data base"


async def test_pagerduty_v1_is_answered_as_its_clients_expect(scene: Scene) -> None:
    path = "/generic/2010-04-15/create_event.json"
    event = {
        "service_key": scene.sources["pagerduty_v1"].key,
        "event_type": "trigger",
        "description": "Disk is full",
        "incident_key": "disk",
    }

    good = await scene.client.post(path, json=event)
    stranger = await scene.client.post(path, json={**event, "service_key": "0" * 32})
    bad = await scene.client.post(path, json={**event, "event_type": "x"})

    said = {"status": "success", "message": "Event processed", "incident_key": "disk"}
    assert (good.status_code, good.json()) == (200, said)
    for answer in (stranger, bad):
        assert answer.status_code == 400
        assert answer.json()["status"] == "invalid event"
        assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"title":"x"}')),
        ("deflate", zlib.compress(b'{"title":"x"}')),
        ("identity", b'{"title":"x"}'),
    ],
    ids=["gzip", "deflate", "identity"],  # not the bytes: gzip writes the time there
)
async def test_a_body_may_be_compressed(
    scene: Scene, encoding: str, body: bytes
) -> None:
    path = f"/in/generic/{scene.sources['generic'].key}"
    headers = {"Content-Encoding": encoding}

    answer = await scene.client.post(path, content=body, headers=headers)

    assert answer.status_code == 202
    assert await scene.value("SELECT body FROM inbound_requests") == b'{"title":"x"}'


async def test_a_body_that_does_not_unpack_is_kept_as_it_is(scene: Scene) -> None:
    path = f"/in/generic/{scene.sources['generic'].key}"
    bomb = gzip.compress(b" " * 20_000_000)
    for encoding, body, expected in (
        ("gzip", b"x", 202),
        ("gzip", b"not gzip at all", 202),
        ("br", b"y", 202),
        ("gzip", bomb, 413),
    ):
        headers = {"Content-Encoding": encoding}
        answer = await scene.client.post(path, content=body, headers=headers)
        assert answer.status_code == expected
    kept = await scene.rows("SELECT outcome, body FROM inbound_requests ORDER BY id")
    assert [body for _, body in kept[:3]] == [b"x", b"not gzip at all", b"y"]
    assert {outcome for outcome, _ in kept} == {"quarantined"}


@pytest.mark.parametrize(
    "path",
    ["/integrations/v1", "/v1/alerts", "/in", "/in/nobody/x", "/v2/alertsx", "/"],
)
async def test_what_is_not_for_ingest_goes_to_the_app(scene: Scene, path: str) -> None:
    answer = await scene.client.post(path)

    assert answer.text == BEHIND
