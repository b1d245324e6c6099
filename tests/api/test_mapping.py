"""Settings of an integration: tried on what was received, saved, and then followed."""

import httpx2
import pytest

from pagefree.alerts.asgi import App, Receive, Scope, Send
from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import BASE_URL, Api, Person
from tests.api.test_services import JSON, integration

MAPPING: dict[str, object] = {
    "events": "alarms",
    "title": "{{asset}}: {{what}}",
    "dedup": ["$.site", "asset"],
    "status": "state",
    "resolves": ["cleared"],
    "severity": '{{map prio "1=critical, *=warning"}}',
}
RAISED = (
    b'{"site":"x","alarms":[{"asset":"P3","what":"Hot","state":"raised","prio":2}]}'
)
CLEARED = b'{"site":"x","alarms":[{"asset":"P3","what":"Cool","state":"Cleared"}]}'


async def nobody(_: Scope, __: Receive, ___: Send) -> None:
    """There is no app behind."""
    raise AssertionError


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def post(ingest: Ingest, source: JSON, body: bytes) -> None:
    """Send to the generic integration."""
    app: App = ingest.in_front_of(nobody)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.post(f"/in/generic/{source['routing_key']}", content=body)
    assert answer.status_code == 202


async def preview(
    lead: Person, source: JSON, values: dict[str, object]
) -> httpx2.Response:
    """What the last requests would be read as."""
    path = f"/v1/integrations/{source['id']}/mapping-preview"
    return await lead.client.post(path, json={"values": values})


async def test_a_mapping_is_tried_on_what_was_received(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    for body in (RAISED, b"no JSON", CLEARED):
        await post(ingest, source, body)

    answer = await preview(lead, source, MAPPING)

    assert answer.status_code == 200
    cleared, broken, raised = answer.json()
    assert raised["event_count"] == 1
    (event,) = raised["events"]
    assert event["title"] == "P3: Hot"
    assert (event["action"], event["severity"]) == ("trigger", "warning")
    assert cleared["events"][0]["action"] == "resolve"
    assert cleared["events"][0]["dedup_key"] == event["dedup_key"]
    assert broken["events"] == []
    assert broken["errors"][0].startswith("not JSON")


async def test_a_list_that_is_not_there_is_told(ingest: Ingest, lead: Person) -> None:
    source = await integration(lead)
    await post(ingest, source, RAISED)

    (read,) = (await preview(lead, source, {"events": "alerts"})).json()

    assert read["errors"] == ["there is no list at alerts"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "{{upper asset}}"}, "there is no function 'upper'"),
        ({"resolves": ["ok"]}, "no status"),
        ({"surprise": "x"}, "surprise"),
    ],
)
async def test_a_mapping_that_makes_no_sense_is_refused_with_the_reason(
    lead: Person, values: dict[str, object], reason: str
) -> None:
    source = await integration(lead)

    answer = await preview(lead, source, values)

    assert 400 <= answer.status_code < 500
    assert reason in answer.json()["detail"]


async def test_a_kind_that_has_no_settings_has_no_preview(lead: Person) -> None:
    source = await integration(lead, "pingdom")

    assert (await preview(lead, source, {})).status_code >= 400


async def test_a_saved_mapping_reads_what_comes_next(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    path = f"/v1/integrations/{source['id']}/settings"
    saved = await lead.client.put(path, json={"values": MAPPING})
    assert saved.status_code == 200, saved.text
    await ingest.snapshot.load()

    await post(ingest, source, RAISED)
    (opened,) = (await lead.client.get("/v1/alerts")).json()["items"]
    await post(ingest, source, CLEARED)

    assert (opened["title"], opened["severity"]) == ("P3: Hot", "warning")
    assert (await lead.client.get("/v1/alerts")).json()["items"] == []


async def test_settings_are_shown_with_what_can_be_set(lead: Person) -> None:
    source = await integration(lead, "sns")
    path = f"/v1/integrations/{source['id']}/settings"

    before = (await lead.client.get(path)).json()
    put = await lead.client.put(path, json={"values": {"signature_version": "2"}})
    wrong = await lead.client.put(path, json={"values": {"signature_version": "9"}})

    assert before["json_schema"]["properties"].keys() == before["values"].keys()
    assert put.json()["values"] == {**before["values"], "signature_version": "2"}
    assert wrong.status_code in {400, 422}
