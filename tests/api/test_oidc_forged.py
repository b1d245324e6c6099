"""Everything that is forged, stolen, mixed up or late on the way from a provider."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from tests.api.conftest import Api, Person
from tests.api.sign_in_world import (
    Scene,
    problem_of,
    scene_of,
    who_is,
)
from tests.fakes.openid_provider import (
    CLIENT_ID,
    FOREIGN_KEY,
    SECRET,
    Claims,
)


@pytest.fixture
async def scene(api: Api, admin: Person) -> AsyncIterator[Scene]:
    async with scene_of(api, admin) as scene:
        yield scene


def unsigned(claims: Claims) -> str:
    return jwt.encode(claims, "", "none", {"kid": "k1"})


def with_the_public_secret(claims: Claims) -> str:
    return jwt.encode(claims, SECRET * 3, "HS256", {"kid": "k1"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": [CLIENT_ID, "other"]},
        {"azp": "somebody-else"},
        {"exp": 1_000_000_000},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
async def test_a_token_that_says_something_wrong_proves_nothing(
    scene: Scene, client: httpx2.AsyncClient, wrong: Claims
) -> None:
    scene.idp.forge = lambda claims: scene.idp.sign({**claims, **wrong})

    assert problem_of(await scene.sign_in(client)) == "untrusted"
    assert (await client.get("/v1/me")).status_code == 401


@pytest.mark.parametrize("how", ["none", "a shared secret", "a foreign key", "rubbish"])
async def test_a_token_that_is_not_signed_by_the_provider_proves_nothing(
    scene: Scene, client: httpx2.AsyncClient, how: str
) -> None:
    scene.idp.forge = {
        "none": unsigned,
        "a shared secret": with_the_public_secret,
        "a foreign key": lambda claims: scene.idp.sign(claims, FOREIGN_KEY),
        "rubbish": lambda _: "a.b.c",
    }[how]

    assert problem_of(await scene.sign_in(client)) == "untrusted"


async def test_an_answer_of_another_issuer_is_not_exchanged(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    for replaced in ("https%3A%2F%2Fevil.example", None):
        back = await scene.start(client)
        head, _, _ = back.partition("&iss=")
        mixed = f"{head}&iss={replaced}" if replaced else head
        assert problem_of(await client.get(mixed)) == "untrusted"

    assert not [one for one in scene.idp.asked if one.path == "/token"]


async def test_an_answer_at_the_door_of_another_provider_is_refused(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    made = await scene.admin.client.post(
        "/v1/identity-providers", json={"name": "Evil", "issuer": scene.idp.url}
    )
    other = made.json()["id"]
    path = f"/v1/identity-providers/{other}"
    await scene.admin.client.patch(path, json={"client_id": "x", "enabled": True})
    back = await scene.start(client)

    answer = await client.get(back.replace(scene.provider_id, other))

    assert problem_of(answer) == "untrusted"


async def test_a_state_counts_once_even_if_it_is_shown_twice_at_a_time(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    back = await scene.start(client)

    answers = await asyncio.gather(*(client.get(back) for _ in range(5)))

    where = [urlsplit(one.headers["location"]).path for one in answers]
    assert sorted(where) == ["/on-call", *["/sign-in"] * 4]
    assert problem_of(await (await scene.api.browser()).get(back)) == "expired"


async def test_a_stolen_code_is_of_no_use_in_another_sign_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    stolen = parse_qs(urlsplit(await scene.start(client)).query)["code"][0]
    mine = await scene.api.browser()
    back = httpx2.URL(await scene.start(mine))

    answer = await mine.get(back.copy_set_param("code", stolen))

    assert problem_of(answer) == "untrusted"  # PKCE: it was made for another verifier


async def test_only_the_browser_that_began_may_come_back(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    back = await scene.start(client)

    assert problem_of(await (await scene.api.browser()).get(back)) == "expired"


async def test_a_sign_in_that_takes_too_long_begins_anew(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    back = await scene.start(client)
    scene.api.clock.advance(timedelta(minutes=10))

    assert problem_of(await client.get(back)) == "expired"


async def test_whoever_was_deactivated_does_not_get_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    await scene.sign_in(client)
    user_id = (await who_is(client))["id"]
    await scene.admin.client.put(f"/v1/users/{user_id}/deactivation")

    assert (await client.get("/v1/me")).status_code == 401
    assert problem_of(await scene.sign_in(client)) == "deactivated"


async def test_a_provider_that_is_away_is_told_as_such(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    back = await scene.start(client)
    scene.idp.down = True

    assert problem_of(await client.get(back)) == "unreachable"


async def test_a_provider_that_is_switched_off_is_no_way_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    back = await scene.start(client)
    await scene.change(enabled=False)

    assert problem_of(await client.get(back)) == "expired"
    path = f"/v1/sign-in/providers/{scene.provider_id}/start"
    assert (await client.post(path, json={})).status_code == 404
    ways = (await client.get("/v1/sign-in/providers")).json()
    assert ways == {"providers": [], "only_providers": False}


@pytest.mark.parametrize(
    "asked", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", ""]
)
async def test_one_never_goes_on_to_another_site(
    scene: Scene, client: httpx2.AsyncClient, asked: str
) -> None:
    answer = await client.get(await scene.start(client, asked))

    assert answer.headers["location"] == "/incidents"


async def test_a_page_of_somebody_else_cannot_begin_a_sign_in(scene: Scene) -> None:
    stranger = await scene.api.browser(headers={"Origin": "https://evil.example"})
    path = f"/v1/sign-in/providers/{scene.provider_id}/start"

    assert (await stranger.post(path, json={})).status_code == 403
