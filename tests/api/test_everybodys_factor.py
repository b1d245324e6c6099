"""Everybody needs a second factor: told before the day, held up at the door after it."""

from datetime import timedelta

import httpx2
import pytest

from pagefree.core.access import Role, Scope
from tests.api.conftest import PASSWORD, START, Api, Person
from tests.api.factor_world import add_app

FROM = START + timedelta(days=7)


@pytest.fixture
async def admin(api: Api) -> Person:
    """A platform admin who has asked it of everybody, with a factor of their own."""
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    await add_app(api, admin)
    answer = await admin.client.put(
        "/v1/sign-in-rules", json={"second_factor_from": FROM.isoformat()}
    )
    assert answer.status_code == 200, answer.text
    return admin


async def sign_in(api: Api, email: str) -> httpx2.AsyncClient:
    browser = await api.browser()
    answer = await browser.post(
        "/v1/session", json={"email": email, "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    return browser


async def test_an_admin_without_one_cannot_ask_it_of_everybody(api: Api) -> None:
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    await admin.client.post("/v1/session/confirm", json={"password": PASSWORD})

    answer = await admin.client.put(
        "/v1/sign-in-rules", json={"second_factor_from": FROM.isoformat()}
    )

    assert answer.status_code == 409
    rules = await admin.client.get("/v1/sign-in-rules")
    assert rules.json()["second_factor_from"] is None


async def test_it_takes_a_fresh_proof(api: Api, admin: Person) -> None:
    api.clock.advance(timedelta(hours=1))

    answer = await admin.client.put(
        "/v1/sign-in-rules", json={"second_factor_from": None}
    )

    assert answer.json()["code"] == "not_confirmed"


@pytest.mark.usefixtures("admin")
async def test_who_has_none_is_told_before_the_day(api: Api) -> None:
    await api.user("Bo", password=PASSWORD)

    browser = await sign_in(api, "bo@example.org")

    me = (await browser.get("/v1/me")).json()
    assert me["second_factor_from"] == FROM.isoformat().replace("+00:00", "Z")
    assert me["enrolling"] is False
    assert (await browser.get("/v1/incidents")).status_code == 200


async def test_after_the_day_a_password_opens_nothing_but_the_way_to_a_factor(
    api: Api, admin: Person
) -> None:
    bo = await api.user("Bo", password=PASSWORD)
    api.clock.advance(timedelta(days=8))

    browser = await sign_in(api, "bo@example.org")

    assert (await browser.get("/v1/me")).json()["enrolling"] is True
    held_up = await browser.get("/v1/incidents")
    assert (held_up.status_code, held_up.json()["code"]) == (
        403,
        "second_factor_needed",
    )
    assert (await browser.post("/v1/me/api-keys", json={})).status_code == 403

    await add_app(api, Person(bo.id, bo.name, bo.email, browser, ""))

    assert (await browser.get("/v1/me")).json()["enrolling"] is False
    assert (await browser.get("/v1/incidents")).status_code == 200
    assert (await admin.client.get("/v1/people-without-second-factor")).json() == []


@pytest.mark.usefixtures("admin")
async def test_what_was_open_before_goes_on(api: Api) -> None:
    team = await api.team("Web")
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER}, password=PASSWORD)
    key = await api.key(bo, Scope.WRITE)
    api.clock.advance(timedelta(days=8))

    assert (await bo.client.get("/v1/incidents")).status_code == 200
    assert (await key.get("/v1/incidents")).status_code == 200


async def test_the_last_factor_stays(api: Api, admin: Person) -> None:
    api.clock.advance(timedelta(days=8))
    await admin.client.post("/v1/session/confirm", json={"password": PASSWORD})

    answer = await admin.client.delete("/v1/me/totp")

    assert answer.status_code == 409
    assert (await admin.client.get("/v1/me/factors")).json()["totp"] is not None


async def test_admins_see_who_has_none_and_remind_them_once_a_day(
    api: Api, admin: Person
) -> None:
    await api.user("Bo", password=PASSWORD)
    await api.user("Cy")

    path = "/v1/people-without-second-factor"
    listed = (await admin.client.get(path)).json()
    first = (await admin.client.post(f"{path}/reminders")).json()
    second = (await admin.client.post(f"{path}/reminders")).json()

    assert [(one["name"], one["password"]) for one in listed] == [
        ("Bo", True),
        ("Cy", False),
    ]
    assert (first["people"], second["people"]) == (2, 0)
    reminded = (await admin.client.get(path)).json()
    assert all(one["reminded_at"] for one in reminded)
