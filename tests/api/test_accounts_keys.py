"""API keys: shown once, scoped, ended at once."""

from datetime import timedelta

import httpx2
import pytest

from pagefree.accounts.tokens import is_api_key, new_api_key
from pagefree.core.access import Scope
from pagefree.infra.db import transaction
from pagefree.tables.accounts import api_keys
from tests.api.conftest import Api, Person

URL = "/v1/me/api-keys"


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana")


async def program(api: Api, token: str) -> httpx2.AsyncClient:
    return await api.browser(headers={"Authorization": f"Bearer {token}"})


async def test_a_key_is_shown_once_and_kept_as_a_hash(ana: Person, api: Api) -> None:
    made = await ana.client.post(URL, json={"name": "CI", "scopes": ["write", "read"]})

    body = made.json()
    token = body.pop("token")
    assert made.status_code == 201
    assert (await ana.client.get(URL)).json() == [body]
    assert body["scopes"] == ["read", "write"]
    assert token.startswith(body["prefix"])
    assert is_api_key(token)
    async with transaction(api.engine) as tx:
        assert token not in str((await tx.execute(api_keys.select())).one())


async def test_a_key_signs_in_and_when_is_noted_once_a_minute(
    ana: Person, api: Api
) -> None:
    made = await ana.client.post(URL, json={"name": "CI", "scopes": ["read"]})
    client = await program(api, made.json()["token"])

    async def used_at() -> object:
        answer = await client.get("/v1/me")
        assert answer.json()["name"] == "Ana"
        return (await ana.client.get(URL)).json()[0]["used_at"]

    first = await used_at()
    api.clock.advance(timedelta(seconds=59))
    second = await used_at()
    api.clock.advance(timedelta(seconds=1))
    third = await used_at()

    assert made.json()["used_at"] is None
    assert first == second == "2026-03-02T09:00:00Z"
    assert third == "2026-03-02T09:01:00Z"


async def test_a_key_ends_when_it_expires_or_is_revoked(ana: Person, api: Api) -> None:
    soon = (api.clock() + timedelta(hours=1)).isoformat()
    brief = await ana.client.post(
        URL, json={"name": "brief", "scopes": ["read"], "expires_at": soon}
    )
    lasting = await ana.client.post(URL, json={"name": "lasting", "scopes": ["read"]})
    brief_client = await program(api, brief.json()["token"])
    lasting_client = await program(api, lasting.json()["token"])

    before = (await brief_client.get("/v1/me")).status_code
    api.clock.advance(timedelta(hours=1))
    after = (await brief_client.get("/v1/me")).status_code
    revoked = [
        (await ana.client.delete(f"{URL}/{lasting.json()['id']}")).status_code
        for _ in "12"
    ]

    assert (before, after, revoked) == (200, 401, [204, 204])
    assert (await lasting_client.get("/v1/me")).status_code == 401


async def test_nobody_revokes_the_key_of_somebody_else(ana: Person, api: Api) -> None:
    bo = await api.user("Bo")
    made = await ana.client.post(URL, json={"name": "CI", "scopes": ["read"]})

    await bo.client.delete(f"{URL}/{made.json()['id']}")

    client = await program(api, made.json()["token"])
    assert (await client.get("/v1/me")).status_code == 200


async def test_a_key_makes_keys_only_by_what_it_may_do(ana: Person, api: Api) -> None:
    admin = await api.key(ana, Scope.ADMIN)
    writer = await api.key(ana, Scope.READ, Scope.WRITE)

    less = await admin.post(URL, json={"name": "less", "scopes": ["read", "write"]})
    more = await writer.post(URL, json={"name": "more", "scopes": ["admin"]})

    assert (less.status_code, more.status_code) == (201, 403)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "", "scopes": ["read"]},
        {"name": "x", "scopes": ["read"], "expires_at": "2026-03-02T08:59:59Z"},
        {"name": "x", "scopes": ["read"], "expires_at": "2030-01-01T00:00:00"},
        {"name": "x", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59-14:00"},
        {"name": "x", "scopes": ["read"], "expires_at": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_a_key_must_be_described_properly(
    ana: Person, body: dict[str, object]
) -> None:
    assert (await ana.client.post(URL, json=body)).status_code == 422


@pytest.mark.parametrize(
    "header",
    [
        "Bearer ",
        "Bearer pf_",
        "Bearer pf_" + "a" * 38,
        "bearer " + new_api_key(),
        "Bearer " + new_api_key()[:-1],
        "Bearer " + "x" * 10_000,
    ],
    ids=["nothing", "prefix", "no checksum", "unknown", "cut short", "endless"],
)
async def test_what_is_no_key_does_not_sign_in(
    ana: Person, api: Api, header: str
) -> None:
    client = await api.browser(ana.token, headers={"Authorization": header})

    assert (await client.get("/v1/me")).status_code == 401


async def test_another_kind_of_authorization_is_not_ours_to_judge(
    ana: Person, api: Api
) -> None:
    """A proxy in front may ask for a password of its own."""
    client = await api.browser(ana.token, headers={"Authorization": "Basic eDp5"})

    assert (await client.get("/v1/me")).status_code == 200


def test_a_mistyped_key_is_told_without_looking_it_up() -> None:
    key = new_api_key()

    assert len(key) == len("pf_") + 32 + 6
    assert is_api_key(key)
    for at in range(len(key)):
        other = "a" if key[at] != "a" else "b"
        assert not is_api_key(key[:at] + other + key[at + 1 :])
    assert not is_api_key(key + "a")
    assert not is_api_key("")
    assert not is_api_key("pf_é")
