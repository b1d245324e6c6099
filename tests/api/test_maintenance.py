"""Maintenance windows, alert settings and dependencies over HTTP."""

from datetime import timedelta

import pytest

from pagefree.core.access import Role
from pagefree.infra.ids import new_id
from tests.api.conftest import START, Api, Person

JSON = dict[str, object]
HOUR = timedelta(hours=1)
WINDOWS = "/v1/maintenance-windows"
WORK: JSON = {
    "name": "Upgrade",
    "start_at": (START + HOUR).isoformat(),
    "end_at": (START + 2 * HOUR).isoformat(),
}


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


async def team_id(person: Person) -> str:
    me = (await person.client.get("/v1/me")).json()
    return str(me["memberships"][0]["team"]["id"])


async def service(person: Person, name: str = "Shop") -> str:
    body = {"name": name, "team_id": await team_id(person)}
    answer = await person.client.post("/v1/services", json=body)
    return str(answer.json()["id"])


async def planned(person: Person, **more: object) -> JSON:
    body = {"team_id": await team_id(person), **WORK, **more}
    answer = await person.client.post(WINDOWS, json=body)
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def problem(person: Person, **more: object) -> str:
    """Why planned work is refused."""
    body = {"team_id": await team_id(person), **WORK, **more}
    answer = await person.client.post(WINDOWS, json=body)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["detail"])


async def test_work_is_planned_seen_changed_and_called_off(
    api: Api, lead: Person
) -> None:
    shop = await service(lead)
    made = await planned(lead, service_ids=[shop], labels={"env": "prod"})
    path = f"{WINDOWS}/{made['id']}"
    assert made["state"] == "planned"
    assert made["service_ids"] == [shop]
    assert made["created_by"] == {"id": str(lead.id), "name": "Ana"}

    api.clock.advance(HOUR)
    assert (await lead.client.get(path)).json()["state"] == "active"

    longer = {**WORK, "end_at": (START + 3 * HOUR).isoformat()}
    changed = await lead.client.put(path, json=longer)
    assert changed.json()["service_ids"] == []

    api.clock.advance(3 * HOUR)
    listed = (await lead.client.get(WINDOWS)).json()["items"]
    assert [(w["id"], w["state"]) for w in listed] == [(made["id"], "over")]

    assert (await lead.client.delete(path)).status_code == 204
    assert (await lead.client.get(path)).status_code == 404


async def test_work_may_come_again_every_week(api: Api, lead: Person) -> None:
    made = await planned(lead, repeat_days=7, time_zone="Europe/Berlin")
    api.clock.advance(timedelta(days=3))

    found = (await lead.client.get(f"{WINDOWS}/{made['id']}")).json()

    assert found["state"] == "planned"
    assert found["next_start_at"].startswith("2026-03-09T10:00:00")


async def test_work_that_makes_no_sense_is_refused(api: Api, lead: Person) -> None:
    other = await api.team("Data")
    them = await api.user("Dan", teams={other.id: Role.TEAM_ADMIN})
    before = (START - HOUR).isoformat()
    assert "ends after" in await problem(lead, end_at=before)
    over = {"start_at": (START - 2 * HOUR).isoformat(), "end_at": before}
    assert "over already" in await problem(lead, **over)
    long = (START + timedelta(days=3)).isoformat()
    assert "longer" in await problem(lead, end_at=long, repeat_days=1)
    assert "time zone" in await problem(lead, time_zone="Mars/Base")
    for service_id in (str(new_id()), await service(them, "Lake")):
        assert "no such service" in await problem(lead, service_ids=[service_id])


async def test_work_on_everything_is_for_platform_admins(
    admin: Person, lead: Person
) -> None:
    assert (await lead.client.post(WINDOWS, json=WORK)).status_code == 403
    assert (await admin.client.post(WINDOWS, json=WORK)).status_code == 201


# -- how services treat their alerts ----------------------------------------------


async def test_a_service_says_how_its_alerts_are_treated(lead: Person) -> None:
    path = f"/v1/services/{await service(lead)}/alert-settings"
    usual = (await lead.client.get(path)).json()
    assert usual == {
        "grouping": {"mode": "source", "window_s": 300, "labels": []},
        "auto_resolve_s": None,
        "tier": None,
        "catch_all": False,
    }

    wanted = {
        "grouping": {"mode": "labels", "window_s": 300, "labels": ["cluster"]},
        "auto_resolve_s": 3600,
        "tier": 1,
        "catch_all": False,
    }
    assert (await lead.client.put(path, json=wanted)).json() == wanted
    assert (await lead.client.get(path)).json() == wanted

    nothing = {"grouping": {"mode": "labels"}}
    assert (await lead.client.put(path, json=nothing)).status_code == 422


async def test_there_is_one_catch_all_and_platform_admins_say_which(
    admin: Person, lead: Person
) -> None:
    paths = [
        f"/v1/services/{await service(lead, name)}/alert-settings"
        for name in ("Shop", "Rest")
    ]
    assert (
        await lead.client.put(paths[0], json={"catch_all": True})
    ).status_code == 403

    for path in paths:
        assert (await admin.client.put(path, json={"catch_all": True})).is_success

    found = [(await lead.client.get(path)).json()["catch_all"] for path in paths]
    assert found == [False, True]


async def test_services_depend_on_each_other_but_never_in_a_circle(
    lead: Person,
) -> None:
    shop, api_, database = [await service(lead, n) for n in ("Shop", "API", "DB")]

    async def depend(one: str, *others: str) -> int:
        path = f"/v1/services/{one}/dependencies"
        answer = await lead.client.put(path, json={"depends_on": others})
        return answer.status_code

    assert await depend(shop, api_) == 200
    assert await depend(api_, database) == 200
    assert await depend(database, shop) == 409
    assert await depend(shop, shop) == 409
    assert await depend(shop, str(new_id())) == 422
    found = (await lead.client.get(f"/v1/services/{api_}/dependencies")).json()
    assert found == {
        "depends_on": [{"id": database, "name": "DB"}],
        "needed_by": [{"id": shop, "name": "Shop"}],
    }
