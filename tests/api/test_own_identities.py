"""One's own identities at providers, proofs that they give, and absence."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert, update

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import users
from pagefree.tables.sign_in import identities
from tests.api.conftest import Api, Person
from tests.api.sign_in_world import Scene, problem_of, scene_of, who_is

PASSWORD = "correct horse battery"


@pytest.fixture
async def scene(api: Api) -> AsyncIterator[Scene]:
    admin = await api.user("Root", platform_admin=True)
    async with scene_of(api, admin) as scene:
        yield scene


@pytest.fixture
async def browser(api: Api, scene: Scene) -> httpx2.AsyncClient:
    """Where Ana, whom the provider knows, has signed in."""
    browser = await api.browser()
    await scene.sign_in(browser)
    return browser


async def prove(scene: Scene, browser: httpx2.AsyncClient) -> httpx2.Response:
    """To the provider and back."""
    path = f"/v1/sign-in/providers/{scene.provider_id}/proof"
    answer = await browser.post(path, json={"next": "/me?tab=security"})
    assert answer.status_code == 200, answer.text
    asked = parse_qs(urlsplit(answer.json()["continue_at"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    async with httpx2.AsyncClient() as outside:
        away = await outside.get(answer.json()["continue_at"])
    return await browser.get(str(away.headers["location"]))


async def unlink(browser: httpx2.AsyncClient) -> httpx2.Response:
    """The first of one's identities."""
    own = (await browser.get("/v1/me/identities")).json()
    return await browser.delete(f"/v1/me/identities/{own[0]['id']}")


async def test_the_only_way_in_is_not_unlinked(browser: httpx2.AsyncClient) -> None:
    own = (await browser.get("/v1/me/identities")).json()

    answer = await unlink(browser)

    assert [one["provider"] for one in own] == ["Acme"]
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_an_identity_at_a_provider_that_is_switched_off_is_no_way_in(
    api: Api, scene: Scene, browser: httpx2.AsyncClient
) -> None:
    other = await scene.admin.client.post(
        "/v1/identity-providers", json={"name": "Off", "issuer": "https://off.example"}
    )
    me = UUID(str((await who_is(browser))["id"]))
    async with transaction(api.engine) as tx:
        columns = {"provider_id": UUID(other.json()["id"]), "issuer": "https://off"}
        row = {"id": new_id(), "user_id": me, "subject": "1", "email": "a@x.example"}
        times = {"created_at": api.clock()}
        await tx.execute(insert(identities).values(**columns, **row, **times))

    assert (await unlink(browser)).json()["code"] == "conflict"


async def test_whoever_unlinks_an_identity_is_nothing_by_its_groups_any_more(
    api: Api, scene: Scene, browser: httpx2.AsyncClient
) -> None:
    web = await api.team("Web")
    rule = {"group": "sre", "team_id": str(web.id), "role": "team_admin"}
    await scene.change(admin_groups=["sre"], mappings=[rule])
    before = await who_is(browser)
    me = UUID(str(before["id"]))
    async with transaction(api.engine) as tx:
        hashed = await api.app.state.passwords.hash(PASSWORD)
        await tx.execute(
            update(users).where(users.c.id == me).values(password_hash=hashed)
        )
    said = await browser.post("/v1/session/confirm", json={"password": PASSWORD})
    assert said.status_code == 200, said.text

    gone = await unlink(browser)

    after = (await scene.admin.client.get(f"/v1/users/{me}")).json()
    members = (await scene.admin.client.get(f"/v1/teams/{web.id}/members")).json()
    assert before["platform_admin"]
    assert before["memberships"]
    assert (gone.status_code, gone.text) == (204, "")
    assert (after["platform_admin"], members) == (False, [])


async def test_whoever_signed_in_long_ago_proves_it_at_the_provider(
    api: Api, scene: Scene, browser: httpx2.AsyncClient
) -> None:
    api.clock.advance(timedelta(hours=1))
    before = await unlink(browser)
    scene.idp.who["auth_time"] = int(api.clock().timestamp())

    back = await prove(scene, browser)

    assert before.json()["code"] == "not_confirmed"
    assert back.headers["location"] == "/me?tab=security"
    assert (await unlink(browser)).json()["code"] == "conflict"


@pytest.mark.parametrize("age", [None, timedelta(hours=1)])
async def test_a_provider_that_did_not_ask_proves_nothing(
    api: Api, scene: Scene, browser: httpx2.AsyncClient, age: timedelta | None
) -> None:
    api.clock.advance(timedelta(hours=1))
    if age:
        scene.idp.who["auth_time"] = int((api.clock() - age).timestamp())

    back = await prove(scene, browser)

    assert problem_of(back) == "untrusted"
    assert (await unlink(browser)).json()["code"] == "not_confirmed"


async def test_somebody_else_who_comes_back_proves_nothing(
    api: Api, scene: Scene, browser: httpx2.AsyncClient
) -> None:
    api.clock.advance(timedelta(hours=1))
    scene.idp.who["auth_time"] = int(api.clock().timestamp())
    scene.idp.who["sub"] = "somebody else"

    assert problem_of(await prove(scene, browser)) == "untrusted"
    assert (await who_is(browser))["name"] == "Ana Lima"


async def test_a_shift_of_somebody_who_is_away_is_found(api: Api) -> None:
    team = await api.team("Web")
    ana: Person = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    schedule = await ana.client.post(
        "/v1/schedules",
        json={
            "name": "Web",
            "team_id": str(team.id),
            "time_zone": "UTC",
            "layers": [
                {
                    "start_at": "2026-03-02T00:00:00Z",
                    "unit": "day",
                    "lengths": [1],
                    "user_ids": [str(ana.id)],
                }
            ],
        },
    )
    path = f"/v1/schedules/{schedule.json()['id']}/findings"

    away = await ana.client.put(
        "/v1/me/absence", json={"until": "2026-03-05T12:00:00Z"}
    )
    found = (await ana.client.get(path)).json()
    board = (await ana.client.get("/v1/on-call")).json()
    await ana.client.delete("/v1/me/absence")
    after = (await ana.client.get(path)).json()

    assert away.json()["away_until"] == "2026-03-05T12:00:00Z"
    assert "away" in [one["code"] for one in found]
    assert [one["name"] for one in board[0]["away"]] == ["Ana"]
    assert "away" not in [one["code"] for one in after]


async def test_nobody_is_away_for_ever_or_backwards(api: Api) -> None:
    ana = await api.user("Ana")
    for until in ("2026-03-01T00:00:00Z", "2030-01-01T00:00:00Z"):
        answer = await ana.client.put("/v1/me/absence", json={"until": until})

        assert answer.status_code == 422
