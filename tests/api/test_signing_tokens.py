"""Integrations whose senders prove with a token who they are, over HTTP."""

import pytest

from pagefree.core.access import Role
from tests.api.conftest import Api, Person
from tests.api.test_services import integration


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def test_tokens_are_asked_for_once_the_settings_say_whose(lead: Person) -> None:
    source = await integration(lead, "google_cloud_monitoring")
    path = f"/v1/integrations/{source['id']}"

    async def state() -> tuple[object, ...]:
        found = (await lead.client.get(f"{path}/signing")).json()
        names = ("scheme", "by_secret", "verified_with", "required")
        return tuple(found[name] for name in names)

    assert await state() == ("Google", False, "token", False)
    half = {"service_account": "push@p.iam.gserviceaccount.com"}
    answer = await lead.client.put(f"{path}/settings", json={"values": half})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "audience: say for whom the tokens are made"

    whole = {"values": {**half, "audience": "pagefree"}}
    assert (await lead.client.put(f"{path}/settings", json=whole)).is_success

    assert await state() == ("Google", False, "token", True)
