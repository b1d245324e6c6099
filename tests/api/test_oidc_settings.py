"""Signing out, passwords beside providers, and what admins set up."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from sqlalchemy import select

from pagefree.accounts.oidc.discovery import Discovery
from pagefree.channels.base import Transports
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.tables.audit import audit_entries
from tests.api.conftest import BASE_URL, PASSWORD, Api, Person
from tests.api.sign_in_world import (
    Scene,
    scene_of,
)
from tests.fakes.openid_provider import (
    CLIENT_ID,
    SECRET,
)


@pytest.fixture
async def scene(api: Api, admin: Person) -> AsyncIterator[Scene]:
    async with scene_of(api, admin) as scene:
        yield scene


async def test_signing_out_ends_the_providers_session_as_well(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    await scene.sign_in(client)

    left = await client.post("/v1/sign-in/end")

    where = urlsplit(left.json()["continue_at"])
    query = parse_qs(where.query)
    assert where.path == "/logout"
    assert query["client_id"] == [CLIENT_ID]
    assert query["post_logout_redirect_uri"] == [f"{BASE_URL}/sign-in"]
    assert jwt.decode(query["id_token_hint"][0], options={"verify_signature": False})
    assert (await client.get("/v1/me")).status_code == 401
    assert (await client.post("/v1/sign-in/end")).json() == {"continue_at": None}


async def test_who_signed_in_with_a_password_just_leaves(scene: Scene) -> None:
    left = await scene.admin.client.post("/v1/sign-in/end")

    assert left.json() == {"continue_at": None}
    assert (await scene.admin.client.get("/v1/me")).status_code == 401


async def test_with_only_providers_a_password_counts_for_platform_admins_alone(
    scene: Scene,
) -> None:
    await scene.api.user("Bo", password=PASSWORD)
    await scene.api.user("Root", password=PASSWORD, platform_admin=True)
    only = await scene.admin.client.put(
        "/v1/sign-in/settings", json={"only_providers": True}
    )
    assert only.status_code == 200, only.text

    async def sign_in(name: str) -> int:
        body = {"email": f"{name}@example.org", "password": PASSWORD}
        browser = await scene.api.browser()
        return (await browser.post("/v1/session", json=body)).status_code

    assert await sign_in("bo") == 403
    assert await sign_in("root") == 200
    async with transaction(scene.api.engine) as tx:
        kinds = list(await tx.scalars(select(audit_entries.c.kind)))
    assert "sign_in.break_glass" in kinds


async def test_only_providers_is_refused_while_it_would_lock_everybody_out(
    scene: Scene,
) -> None:
    settings, only = "/v1/sign-in/settings", {"only_providers": True}
    client = scene.admin.client

    assert (await client.put(settings, json=only)).status_code == 409  # no password
    await scene.api.user("Root", password=PASSWORD, platform_admin=True)
    await scene.change(enabled=False)
    assert (await client.put(settings, json=only)).status_code == 409  # no provider
    await scene.change(enabled=True)
    assert (await client.put(settings, json=only)).status_code == 200
    path = f"/v1/identity-providers/{scene.provider_id}"
    assert (await client.delete(path)).status_code == 409
    assert (await client.patch(path, json={"enabled": False})).status_code == 409


async def test_the_secret_is_sealed_and_never_shown(scene: Scene) -> None:
    path = f"/v1/identity-providers/{scene.provider_id}"
    shown = await scene.admin.client.get(path)

    assert shown.json()["has_secret"] is True
    assert SECRET not in shown.text
    assert shown.json()["redirect_uri"] == (
        f"{BASE_URL}/v1/sign-in/providers/{scene.provider_id}/callback"
    )


async def test_a_check_says_what_is_wrong_with_the_issuer(scene: Scene) -> None:
    path = f"/v1/identity-providers/{scene.provider_id}"

    works = await scene.admin.client.post(f"{path}/check")
    scene.idp.configuration = {"issuer": "https://another.example"}
    other = await scene.admin.client.post(f"{path}/check")
    scene.idp.down = True
    away = await scene.admin.client.post(f"{path}/check")

    assert works.json() == {"works": True, "problem": None, "signs_out": True}
    assert "another address" in other.json()["problem"]
    assert "may this installation reach it" in away.json()["problem"]


async def test_our_own_network_is_not_reached_through_a_provider(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    guarded = GuardedClient()
    scene.api.app.state.transports = Transports(guarded, None)
    scene.api.app.state.discovery = Discovery(guarded.get)

    path = f"/v1/sign-in/providers/{scene.provider_id}/start"
    answer = await client.post(path, json={})

    assert answer.status_code == 503
    assert scene.idp.asked == []
