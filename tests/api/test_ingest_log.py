"""What an integration sent, the alerts it opened, and the test alert, over HTTP."""

import json

import httpx2
import pytest

from pagefree.alerts.asgi import App, Receive, Scope, Send
from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import BASE_URL, Api, Person
from tests.api.test_services import JSON, integration


async def nobody(_: Scope, __: Receive, ___: Send) -> None:
    """There is no app behind."""
    raise AssertionError


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


@pytest.fixture
async def source(lead: Person) -> JSON:
    """A generic integration with its key."""
    return await integration(lead)


async def post(ingest: Ingest, source: JSON, *bodies: bytes) -> None:
    """Send to the generic integration."""
    app: App = ingest.in_front_of(nobody)
    path = f"/in/generic/{source['routing_key']}"
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        for body in bodies:
            headers = {"Content-Type": "application/json", "User-Agent": "checks/1"}
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code == 202


async def test_a_test_alert_pages_and_shows_up_in_the_log(
    ingest: Ingest, lead: Person, source: JSON
) -> None:
    path = f"/v1/integrations/{source['id']}"

    answer = await lead.client.post(f"{path}/test")

    assert answer.status_code == 202
    sent = answer.json()
    assert sent["event_outcomes"] == ["opened"]
    (listed,) = (await lead.client.get(f"{path}/requests")).json()["items"]
    assert listed["id"] == sent["request_id"]
    assert listed["outcome"] == "processed"
    seen = (await lead.client.get(path)).json()
    assert seen["last_event_at"] == listed["received_at"]
    assert ingest.snapshot.generation >= 1


async def test_a_switched_off_integration_sends_no_test_alert(
    ingest: Ingest, lead: Person, source: JSON
) -> None:
    del ingest
    path = f"/v1/integrations/{source['id']}"
    await lead.client.patch(path, json={"disabled": True})

    assert (await lead.client.post(f"{path}/test")).status_code == 409


async def test_the_log_shows_what_could_not_be_read_and_why(
    ingest: Ingest, lead: Person, source: JSON
) -> None:
    await post(ingest, source, b'{"title":"x"}', b"disk \xff full", b'{"title":"y"}')
    path = f"/v1/integrations/{source['id']}/requests"

    everything = (await lead.client.get(path)).json()["items"]
    (bad,) = (await lead.client.get(f"{path}?outcome=quarantined")).json()["items"]
    detail = (await lead.client.get(f"/v1/requests/{bad['id']}")).json()

    assert [item["outcome"] for item in everything] == [
        "processed",
        "quarantined",
        "processed",
    ]
    assert bad["error"].startswith("not JSON")
    assert (bad["size"], bad["user_agent"]) == (11, "checks/1")
    assert detail["body"] == "disk \ufffd full"
    assert len(detail["alert_ids"]) == 1


async def test_the_log_comes_in_pages(
    ingest: Ingest, lead: Person, source: JSON
) -> None:
    await post(ingest, source, *[b'{"title":"%d"}' % n for n in range(5)])
    path = f"/v1/integrations/{source['id']}/requests?limit=2"
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await lead.client.get(path + cursor)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert len(set(seen)) == len(seen) == 5
    assert seen == sorted(seen, reverse=True)


async def test_alerts_are_listed_filtered_and_shown_with_their_last_payload(
    ingest: Ingest, lead: Person, source: JSON
) -> None:
    first = {"title": "Disk full", "dedup_key": "disk", "severity": "warning"}
    again = {**first, "labels": {"node": "db-1"}, "links": [{"href": "https://a.b"}]}
    other = {"title": "CPU 100%", "dedup_key": "cpu", "severity": "critical"}
    over = {**other, "action": "resolve"}
    bodies = [json.dumps(body).encode() for body in (first, again, other, over)]
    await post(ingest, source, *bodies)

    async def titles(query: str) -> list[str]:
        page = (await lead.client.get(f"/v1/alerts?{query}")).json()
        return [item["title"] for item in page["items"]]

    assert await titles("") == ["Disk full"]
    assert await titles("status=all") == ["CPU 100%", "Disk full"]
    assert await titles("status=resolved") == ["CPU 100%"]
    assert await titles("severity=critical") == []
    assert await titles("status=all&query=0%25") == ["CPU 100%"]
    assert await titles(f"service_id={source['service']['id']}") == ["Disk full"]  # type: ignore[index]
    (listed,) = (await lead.client.get("/v1/alerts")).json()["items"]
    detail = (await lead.client.get(f"/v1/alerts/{listed['id']}")).json()
    assert detail == {**listed, "last_payload": bodies[1].decode()}
    assert (listed["occurrences"], listed["severity"]) == (2, "warning")
    assert listed["labels"] == {"node": "db-1"}
    assert listed["links"] == [{"href": "https://a.b", "text": ""}]
    assert listed["integration"] == {
        "id": source["id"],
        "name": "Checks",
        "kind": "generic",
    }


async def test_what_is_not_there_is_not_found(lead: Person) -> None:
    for path in ("/v1/alerts/{}", "/v1/requests/{}", "/v1/integrations/{}"):
        answer = await lead.client.get(path.format(lead.id))
        assert answer.status_code == 404


async def test_a_routing_key_in_the_body_is_shown_to_nobody(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead, "pagerduty_v2")
    key = str(source["routing_key"])
    payload = {"summary": "Disk is full", "source": "db-1", "severity": "critical"}
    event = {"routing_key": key, "event_action": "trigger", "payload": payload}
    transport = httpx2.ASGITransport(ingest.in_front_of(nobody))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        assert (await client.post("/v2/enqueue", json=event)).status_code == 202

    path = f"/v1/integrations/{source['id']}/requests"
    (request,) = (await lead.client.get(path)).json()["items"]
    (alert,) = (await lead.client.get("/v1/alerts")).json()["items"]
    shown = [
        (await lead.client.get(f"/v1/requests/{request['id']}")).json()["body"],
        (await lead.client.get(f"/v1/alerts/{alert['id']}")).json()["last_payload"],
    ]

    for body in shown:
        assert key not in body
        assert key[:8] in body
        assert "Disk is full" in body
