"""What nobody can do with the session of somebody else, whatever the route."""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from string import Template
from uuid import uuid4

import httpx2
import pytest

from pagefree.accounts.authentication import SAFE_METHODS
from pagefree.core.access import Role
from tests.api.conftest import PASSWORD, Api, Person
from tests.api.factor_world import (
    SECOND,
    add_app,
    add_passkey,
    authenticator,
    code_of,
    first_half,
    signed,
)
from tests.api.routes import ROUTES

WayIn = Callable[[Api, Person, httpx2.AsyncClient], Awaitable[None]]
CROSS_SITE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
CHANGING = sorted(r for r in ROUTES if r.split(" ")[0] not in SAFE_METHODS)
# whoever calls these shows a secret of their own; a cookie is not looked at
SECRETS = {
    "POST /v1/invitation/look",
    "POST /v1/runbook-runs/{run_id}/callback",
    "POST /v1/target-connections/{connection_id}/hint",
    "POST /v1/workflow-callbacks/{workflow_run_id}/{proof}",
    "POST /v1/workflow-hooks/{key}",
}


def filled(route: str) -> tuple[str, str, object]:
    """The route with some id where one is needed, and a body that is well formed."""
    method, path = route.split(" ")
    ids: defaultdict[str, str] = defaultdict(lambda: str(uuid4()))
    ids["number"] = "1"
    body = Template(json.dumps(ROUTES[route].body)).substitute(ids)
    return method, path.format_map(ids), json.loads(body)


async def test_no_page_of_another_site_changes_anything(api: Api) -> None:
    admin = await api.user("Pia", platform_admin=True, password=PASSWORD)
    browser = await api.browser(admin.token, headers=CROSS_SITE)

    codes = {}
    for route in CHANGING:
        method, path, body = filled(route)
        answer = await browser.request(
            method, path, json=body, params=ROUTES[route].query
        )
        codes[route] = (answer.status_code, answer.json().get("code"))

    assert {
        route: code
        for route, code in codes.items()
        if code != (403, "forbidden") and route not in SECRETS
    } == {}
    assert {codes[route] for route in SECRETS} == {(404, "not_found")}


async def by_password(_: Api, ana: Person, browser: httpx2.AsyncClient) -> None:
    body = {"email": ana.email, "password": PASSWORD}
    await browser.post("/v1/session", json=body)


async def by_app(api: Api, ana: Person, browser: httpx2.AsyncClient) -> None:
    secret, _ = await add_app(api, ana)
    await first_half(browser, ana.email)
    await browser.post(SECOND, json={"code": code_of(secret, api)})


async def by_passkey(_: Api, ana: Person, browser: httpx2.AsyncClient) -> None:
    phone = authenticator()
    await add_passkey(ana, phone)
    body = await signed(browser, phone, "/v1/session/passkey/challenge")
    await browser.post("/v1/session/passkey", json=body)


@pytest.mark.parametrize("way_in", [by_password, by_app, by_passkey])
async def test_a_session_that_somebody_planted_is_not_the_one_that_is_used(
    api: Api, way_in: WayIn
) -> None:
    ana = await api.user("Ana", password=PASSWORD)
    eve = await api.user("Eve", password=PASSWORD)
    planted = await api.session(eve.id)
    browser = await api.browser()
    browser.cookies.set("pagefree", planted, domain="127.0.0.1")

    await way_in(api, ana, browser)

    assert browser.cookies["pagefree"] != planted
    assert (await browser.get("/v1/me")).json()["name"] == "Ana"
    assert (await (await api.browser(planted)).get("/v1/me")).status_code == 401


async def test_a_half_session_that_somebody_planted_lets_nobody_in(api: Api) -> None:
    """A victim who types their code into the attacker's sign-in proves nothing."""
    ana = await api.user("Ana", password=PASSWORD)
    eve = await api.user("Eve", password=PASSWORD)
    of_ana, _ = await add_app(api, ana)
    await add_app(api, eve)
    of_eve = await api.browser()
    await first_half(of_eve, eve.email)

    answer = await of_eve.post(SECOND, json={"code": code_of(of_ana, api)})

    assert answer.status_code == 401


async def test_cookies_on_the_way_in_are_as_guarded_as_the_session(api: Api) -> None:
    https = "https://pager.example.org"
    api.app.state.base_url, api.app.state.secure_cookies = https, True
    ana = await api.user("Ana", password=PASSWORD)
    secure = await api.browser(headers={"Origin": https})
    secure.base_url = httpx2.URL(https)
    secure.cookies.set("__Host-pagefree", ana.token)
    ana.client = secure
    secret, _ = await add_app(api, ana)
    browser = await api.browser(headers={"Origin": https})
    browser.base_url = httpx2.URL(https)

    half = await browser.post(
        "/v1/session", json={"email": ana.email, "password": PASSWORD}
    )
    whole = await browser.post(SECOND, json={"code": code_of(secret, api)})

    cookies = half.headers.get_list("set-cookie") + whole.headers.get_list("set-cookie")
    names = [cookie.split("=")[0] for cookie in cookies]
    assert names[0] == "__Host-pagefree-half"
    assert "Max-Age=600" in cookies[0]
    assert set(names[1:]) == {
        "__Host-pagefree",
        "__Host-pagefree-device",
        "__Host-pagefree-half",
    }
    for cookie in cookies:
        for guard in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert guard in cookie


async def test_nothing_is_asked_between_a_responder_and_what_they_do(
    api: Api,
) -> None:
    """However long ago they signed in, and whatever factors they have."""
    team = await api.team()
    ana = await api.user("Ana", password=PASSWORD, teams={team.id: Role.TEAM_ADMIN})
    await add_app(api, ana)
    policy = {
        "name": "All",
        "team_id": str(team.id),
        "steps": [{"timeout_s": 300, "targets": [{"kind": "user", "id": str(ana.id)}]}],
    }
    made = await ana.client.post("/v1/escalation-policies", json=policy)
    service = {"name": "Shop", "team_id": str(team.id)}
    service |= {"escalation_policy_id": made.json()["id"]}
    made = await ana.client.post("/v1/services", json=service)
    api.clock.advance(timedelta(days=29))
    down = {"service_id": made.json()["id"], "title": "Shop is down"}

    declared = await ana.client.post("/v1/incidents", json=down)
    incident = f"/v1/incidents/{declared.json()['id']}"
    answers = [
        await ana.client.put(f"{incident}/acknowledgement"),
        await ana.client.put(
            f"{incident}/snooze", json={"until": "2026-04-02T12:00:00Z"}
        ),
        await ana.client.post(f"{incident}/notes", json={"text": "looking"}),
        await ana.client.put(f"{incident}/resolution", json={"note": "over"}),
        await ana.client.delete(f"{incident}/resolution"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 201, 200, 200]


async def test_signing_out_everywhere_else_leaves_only_this_browser(api: Api) -> None:
    ana = await api.user("Ana", password=PASSWORD)
    others = [await api.browser(await api.session(ana.id)) for _ in range(3)]

    answer = await ana.client.delete("/v1/me/sessions")

    assert answer.status_code == 204
    assert {(await one.get("/v1/me")).status_code for one in others} == {401}
    assert (await ana.client.get("/v1/me")).status_code == 200
