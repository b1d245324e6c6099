"""How well an integration does, and the requests that nobody could read, over HTTP."""

from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import Api
from tests.api.test_ingest_log import post
from tests.api.test_services import integration


async def test_health_counts_what_came_of_the_requests(
    ingest: Ingest, api: Api
) -> None:
    team = await api.team("Web")
    lead = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    source = await integration(lead)
    await post(ingest, source, b'{"title":"x"}', b"disk \xff full", b'{"title":"y"}')

    health = (await lead.client.get(f"/v1/integrations/{source['id']}/health")).json()

    assert health["outcomes"] == {"processed": 2, "quarantined": 1}
    assert sum(hour["count"] for hour in health["hours"]) == 3
    assert health["since"] < health["last_at"]


async def test_what_nobody_could_read_is_in_one_list(ingest: Ingest, api: Api) -> None:
    team = await api.team("Web")
    lead = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    source = await integration(lead)
    await post(ingest, source, b'{"title":"x"}', b"disk \xff full")

    listed = (await lead.client.get("/v1/unread-requests")).json()["items"]

    mine = [each for each in listed if each["integration_id"] == source["id"]]
    assert [(each["kind"], each["size"]) for each in mine] == [("generic", 11)]
    assert mine[0]["integration_name"] == source["name"]
    assert mine[0]["error"]
