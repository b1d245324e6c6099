"""Status pages over HTTP: set up, ordered, told about, private."""

from datetime import timedelta
from pathlib import Path

import pytest

from pagefree.infra.db import transaction
from pagefree.status_pages import composing
from pagefree.status_pages.memory import Memory
from tests.api.conftest import BASE_URL, START, Api, Person

JSON = dict[str, object]
PAGES = "/v1/status-pages"


async def page(admin: Person, **more: object) -> JSON:
    answer = await admin.client.post(
        PAGES, json={"name": "Shop", "slug": "shop", **more}
    )
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def line(admin: Person, page_id: object, name: str) -> str:
    answer = await admin.client.post(
        f"{PAGES}/{page_id}/components", json={"name": name}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_page_is_set_up_and_ordered(admin: Person) -> None:
    made = await page(admin)
    path = f"{PAGES}/{made['id']}"
    first, second = [await line(admin, made["id"], name) for name in ("A", "B")]
    group = (await admin.client.post(f"{path}/groups", json={"name": "World"})).json()

    places = [
        {"component_id": second, "group_id": group["id"]},
        {"component_id": first},
    ]
    layout = {"group_ids": [group["id"]], "components": places}
    ordered = (await admin.client.put(f"{path}/layout", json=layout)).json()

    assert [c["name"] for c in ordered["components"]] == [
        "A",
        "B",
    ]  # without a group first
    assert ordered["components"][1]["group_id"] == group["id"]
    assert ordered["url"].endswith("/s/shop")
    listed = (await admin.client.get(PAGES)).json()["items"]
    assert [(p["name"], p["state"]) for p in listed] == [("Shop", "operational")]


@pytest.mark.parametrize(
    "values",
    [
        {"slug": "Not A Slug"},
        {"domain": "no dots"},
        {"colour": "red"},
        {"languages": ["tlh"]},
        {"languages": []},
        {"support_url": "javascript:alert(1)"},
        {"networks": ["not a network"]},
        {"time_zone": "Middle/Earth"},
        {"rules": {"P9": "operational"}},
    ],
)
async def test_settings_that_cannot_be_are_refused(admin: Person, values: JSON) -> None:
    made = await page(admin)

    answer = await admin.client.patch(f"{PAGES}/{made['id']}", json=values)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


async def test_two_pages_have_two_addresses(admin: Person) -> None:
    await page(admin)

    answer = await admin.client.post(PAGES, json={"name": "Other", "slug": "shop"})

    assert answer.status_code == 409


async def test_a_picture_is_what_it_says(admin: Person) -> None:
    made = await page(admin)
    path = f"{PAGES}/{made['id']}/pictures/logo"

    svg = await admin.client.put(path, json={"content": "PHN2Zz48L3N2Zz4="})
    png = await admin.client.put(path, json={"content": "iVBORw0KGgo="})

    assert svg.status_code == 422
    assert png.status_code == 204
    assert (await admin.client.get(f"{PAGES}/{made['id']}")).json()["has_logo"]


async def test_words_are_proposed_without_what_is_internal(
    api: Api, admin: Person
) -> None:
    team = await api.team("Web")
    service = await admin.client.post(
        "/v1/services", json={"name": "internal-checkout", "team_id": str(team.id)}
    )
    incident = await admin.client.post(
        "/v1/incidents",
        json={
            "service_id": service.json()["id"],
            "title": "secret cause",
            "severity": "critical",
        },
    )
    made = await page(admin)
    path = f"{PAGES}/{made['id']}"
    body = {"name": "Checkout", "service_ids": [service.json()["id"]]}
    component = (await admin.client.post(f"{path}/components", json=body)).json()

    proposal = await admin.client.post(
        f"{path}/proposal", json={"incident_id": incident.json()["id"]}
    )

    found = proposal.json()
    assert found["name"] == "Problems with Checkout"
    assert list(found["components"]) == [component["id"]]
    assert "secret" not in proposal.text
    assert "internal" not in proposal.text


async def test_telling_about_an_incident_is_in_its_timeline(
    api: Api, admin: Person
) -> None:
    team = await api.team("Web")
    service = await admin.client.post(
        "/v1/services", json={"name": "Checkout", "team_id": str(team.id)}
    )
    incident = (
        await admin.client.post(
            "/v1/incidents", json={"service_id": service.json()["id"], "title": "x"}
        )
    ).json()
    made = await page(admin)
    body = {
        "name": "Errors at checkout",
        "incident_id": incident["id"],
        "update": {"status": "investigating", "body": "We look."},
    }

    told = await admin.client.post(f"{PAGES}/{made['id']}/incidents", json=body)

    assert told.status_code == 201
    timeline = await admin.client.get(f"/v1/incidents/{incident['id']}/timeline")
    kinds = [event["kind"] for event in timeline.json()["items"]]
    assert "status_incident.published" in kinds
    path = f"/v1/incidents/{incident['id']}/status-incidents"
    assert len((await admin.client.get(path)).json()) == 1


async def test_what_was_told_cannot_be_called_off(admin: Person) -> None:
    made = await page(admin)
    later = {"status": "identified", "body": "x", "publish_at": "2026-03-02T10:00:00Z"}
    body = {"name": "Slow", "update": {"status": "investigating", "body": "We look."}}
    incident = (
        await admin.client.post(f"{PAGES}/{made['id']}/incidents", json=body)
    ).json()
    told = incident["updates"][0]["id"]
    path = f"/v1/status-incidents/{incident['id']}/updates"
    scheduled = (await admin.client.post(path, json=later)).json()["updates"][0]

    assert scheduled["published_at"] is None
    assert incident["updates"][0]["published_at"] is not None
    called_off = await admin.client.delete(f"/v1/status-updates/{scheduled['id']}")
    assert called_off.status_code == 204
    assert (await admin.client.delete(f"/v1/status-updates/{told}")).status_code == 409


# -- the form of private pages --------------------------------------------------------


async def test_private_and_missing_pages_look_the_same(api: Api, admin: Person) -> None:
    await page(admin, visibility="private")
    outside = await api.browser(headers={})

    private = await outside.get("/s/shop/")
    missing = await outside.get("/s/nothing-here/")
    wrong = {"Content-Type": "application/x-www-form-urlencoded"}
    answers = [
        await outside.post(f"/s/{slug}/access", content=b"secret=guess", headers=wrong)
        for slug in ("shop", "nothing-here")
    ]

    assert private.status_code == missing.status_code == 404
    assert private.text == missing.text
    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize("with_token", [True, False])
async def test_a_secret_is_exchanged_for_a_cookie(
    api: Api, admin: Person, *, with_token: bool
) -> None:
    made = await page(admin, visibility="private")
    path = f"{PAGES}/{made['id']}"
    if with_token:
        token = await admin.client.post(f"{path}/tokens", json={"name": "Agency"})
        secret = token.json()["secret"]
    else:
        secret = "open sesame please"
        await admin.client.put(f"{path}/password", json={"password": secret})
    outside = await api.browser(headers={})

    opened = await outside.post(
        "/s/shop/access",
        content=f"secret={secret}".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert opened.status_code == 303
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("pagefree_status=")
    assert "HttpOnly" in cookie
    assert "Path=/s/shop/" in cookie
    assert secret not in cookie
    listed = (await admin.client.get(f"{path}/tokens")).text
    assert secret not in listed
    assert api.clock() == START


async def test_people_who_are_signed_in_see_a_page_that_is_for_them(
    api: Api, admin: Person, tmp_path: Path
) -> None:
    await page(admin, visibility="private", signed_in=True)
    memory = Memory(api.engine, tmp_path, api.clock)
    async with transaction(api.engine) as tx:
        assert await composing.refresh_due(tx, BASE_URL, api.clock())
    await memory.look()
    api.app.state.status_memory = memory
    outside = await api.browser(headers={})

    seen = await admin.client.get("/s/shop/api/v2/summary.json")
    form = await outside.get("/s/shop/api/v2/summary.json")

    assert seen.json()["page"]["name"] == "Shop"
    assert seen.headers["cache-control"] == "private, no-cache"
    assert form.status_code == 404
    assert "Shop" not in form.text


async def test_the_recorded_uptime_of_each_component_is_told(
    admin: Person, api: Api
) -> None:
    made = await page(admin)
    component_id = await line(admin, made["id"], "Checkout")
    api.clock.advance(timedelta(hours=4))
    override = {"state": "major_outage"}
    await admin.client.put(f"/v1/components/{component_id}/override", json=override)
    async with transaction(api.engine) as tx:
        await composing.refresh_due(tx, BASE_URL, api.clock())
    api.clock.advance(timedelta(hours=1))

    answer = await admin.client.get(f"{PAGES}/{made['id']}/uptime")

    [checkout] = answer.json()
    assert (checkout["name"], checkout["uptime"]) == ("Checkout", 8000)
    assert len(checkout["days"]) == 90
    today = checkout["days"][-1]
    assert (today["worst"], today["down_s"]) == ("major_outage", 3600)
    assert checkout["days"][0]["worst"] is None
