"""What needs a hand leaves its inbox once it had one, and says what became of it."""

from uuid import UUID

import pytest

from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import Api, Person
from tests.api.test_ingest_log import post
from tests.api.test_services import JSON, integration, service

UNREADABLE = b'{"asset": "oven", "state": "hot"'
RULES = "/v1/routing-rules"


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


@pytest.fixture
async def admin(api: Api) -> Person:
    """Somebody who may do everything."""
    return await api.user("Root", platform_admin=True)


async def unread(person: Person, source: JSON) -> list[JSON]:
    """The requests of an integration that could not be read."""
    listed = (await person.client.get("/v1/unread-requests")).json()["items"]
    return [each for each in listed if each["integration_id"] == source["id"]]


async def replay(person: Person, request: JSON) -> JSON:
    answer = await person.client.post(f"/v1/requests/{request['id']}/replay")
    assert answer.status_code == 202, answer.text
    replayed: JSON = answer.json()
    return replayed


async def test_a_request_that_is_still_unreadable_stays_once_in_its_inbox(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    await post(ingest, source, UNREADABLE)
    (before,) = await unread(lead, source)

    for _ in range(2):
        replayed = await replay(lead, before)
        assert replayed["outcome"] == "quarantined"
        assert replayed["error"]

    (after,) = await unread(lead, source)
    assert after["id"] == before["id"]
    path = f"/v1/integrations/{source['id']}/requests"
    log = (await lead.client.get(path)).json()["items"]
    assert [each["outcome"] for each in log] == ["repeated", "repeated", "quarantined"]
    assert log[0]["error"].startswith("replayed, and still: not JSON")


async def test_a_request_that_is_read_after_all_leaves_its_inbox(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    path = f"/v1/integrations/{source['id']}"

    async def read_as(**values: str) -> None:
        saved = await lead.client.put(f"{path}/settings", json={"values": values})
        assert saved.is_success, saved.text
        await ingest.snapshot.load()

    await read_as(events="$.alerts", title="{{asset}}")
    await post(ingest, source, b'{"asset": "oven", "state": "hot"}')
    waiting = await unread(lead, source)
    assert len(waiting) == 1
    await read_as(title="{{asset}} is {{state}}")

    replayed = await replay(lead, waiting[0])

    assert (replayed["outcome"], replayed["event_outcomes"]) == (
        "processed",
        ["opened"],
    )
    assert await unread(lead, source) == []
    kept = (await lead.client.get(f"/v1/requests/{waiting[0]['id']}")).json()
    assert (kept["outcome"], kept["replayed_as"]) == (
        "replayed",
        replayed["request_id"],
    )
    assert kept["error"] == waiting[0]["error"]
    health = (await lead.client.get(f"{path}/health")).json()
    assert health["outcomes"] == {"replayed": 1, "processed": 1}
    again = await replay(lead, waiting[0])  # it can still be read
    assert again["outcome"] == "processed"


async def test_a_replay_of_what_was_read_at_once_settles_nothing(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    await post(ingest, source, b'{"title":"x"}')
    path = f"/v1/integrations/{source['id']}/requests"
    (first,) = (await lead.client.get(path)).json()["items"]

    replayed = await replay(lead, first)

    assert replayed["outcome"] == "processed"
    kept = (await lead.client.get(f"/v1/requests/{first['id']}")).json()
    assert (kept["outcome"], kept["replayed_as"]) == ("processed", None)


async def test_unrouted_alerts_leave_their_inbox_once_a_rule_routes_their_likes(
    ingest: Ingest, lead: Person, admin: Person
) -> None:
    source = await integration(lead)
    rest = source["service"]
    assert isinstance(rest, dict)
    shop = await service(lead, name="Web shop")
    settings = f"/v1/services/{rest['id']}/alert-settings"
    assert (await admin.client.put(settings, json={"catch_all": True})).is_success
    await ingest.snapshot.load()
    bodies = [
        b'{"title":"%s","labels":{"app":"%s"}}' % (title, app)
        for title, app in ((b"CPU hot", b"shop"), (b"Disk full", b"mail"))
    ]
    await post(ingest, source, *bodies)

    async def unrouted() -> list[str]:
        answer = await admin.client.get("/v1/alerts", params={"unrouted": True})
        return [each["title"] for each in answer.json()["items"]]

    async def review() -> int:
        answer = await admin.client.post("/v1/unrouted-alerts/review")
        assert answer.status_code == 200, answer.text
        return int(answer.json()["settled"])

    assert await unrouted() == ["Disk full", "CPU hot"]
    assert await review() == 0
    actions = {"service_id": str(shop["id"])}
    rule = {"name": "Shop", "condition": 'labels.app == "shop"', "actions": actions}
    assert (await admin.client.post(RULES, json=rule)).status_code == 201

    assert await review() == 1
    assert await review() == 0

    assert await unrouted() == ["Disk full"]
    found = (await admin.client.get("/v1/alerts")).json()["items"]
    settled = next(each for each in found if each["title"] == "CPU hot")
    assert settled["routed_by"] == "since"
    assert UUID(settled["service_id"]) == UUID(rest["id"])  # it stays where it was told
    path = f"/v1/incidents/{settled['incident_id']}/timeline"
    newest = (await admin.client.get(path)).json()["items"][0]
    assert (newest["kind"], newest["data"]["service"]) == (
        "incident.routed_since",
        {"name": "Web shop"},
    )
    assert (await lead.client.post("/v1/unrouted-alerts/review")).status_code == 403
