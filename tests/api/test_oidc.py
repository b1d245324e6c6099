"""Signing in through an identity provider that really signs, and everything that is forged."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from pagefree.accounts.oidc.discovery import Discovery
from pagefree.channels.base import Transports
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.tables.audit import audit_entries
from tests.api.conftest import BASE_URL, PASSWORD, Api, Person
from tests.fakes.openid_provider import (
    CLIENT_ID,
    FOREIGN_KEY,
    SECRET,
    Claims,
    OpenIdProvider,
    openid_provider,
)

ANA: Claims = {
    "sub": "00u1",
    "email": "Ana@example.org",
    "email_verified": True,
    "name": "Ana Lima",
    "zoneinfo": "America/Sao_Paulo",
    "groups": ["everyone", "sre"],
}
SEE_OTHER = 303


@dataclass(slots=True)
class Scene:
    """An installation with one provider, set up by an admin."""

    api: Api
    admin: Person
    idp: OpenIdProvider
    provider_id: str

    async def change(self, **changes: object) -> dict[str, object]:
        """What the admin changes about the provider."""
        answer = await self.admin.client.patch(
            f"/v1/identity-providers/{self.provider_id}", json=changes
        )
        assert answer.status_code == 200, answer.text
        changed: dict[str, object] = answer.json()
        return changed

    async def start(self, browser: httpx2.AsyncClient, next_: str = "/on-call") -> str:
        """Where the browser is sent, and, there, where it is sent back to."""
        path = f"/v1/sign-in/providers/{self.provider_id}/start"
        answer = await browser.post(path, json={"next": next_})
        assert answer.status_code == 200, answer.text
        async with httpx2.AsyncClient() as outside:
            away = await outside.get(answer.json()["continue_at"])
        return str(away.headers["location"])

    async def sign_in(self, browser: httpx2.AsyncClient) -> httpx2.Response:
        """There and back."""
        return await browser.get(await self.start(browser))


@pytest.fixture
async def scene(api: Api, admin: Person) -> AsyncIterator[Scene]:
    http = GuardedClient(["127.0.0.0/8"])
    api.app.state.transports = Transports(http, None)
    api.app.state.discovery = discovery = Discovery(http.get)
    async with openid_provider(api.clock, dict(ANA)) as idp:
        made = await admin.client.post(
            "/v1/identity-providers", json={"name": "Acme", "issuer": idp.url}
        )
        scene = Scene(api, admin, idp, made.json()["id"])
        await admin.client.put(
            f"/v1/identity-providers/{scene.provider_id}/secret",
            json={"secret": SECRET},
        )
        await scene.change(client_id=CLIENT_ID, enabled=True)
        yield scene
        await discovery.aclose()
        await http.aclose()


def problem_of(answer: httpx2.Response) -> str:
    """Why somebody was sent back to the sign-in page."""
    assert answer.status_code == SEE_OTHER, answer.text
    assert "pagefree=" not in str(answer.headers.get_list("set-cookie"))
    where = urlsplit(answer.headers["location"])
    assert where.path == "/sign-in"
    return parse_qs(where.query)["problem"][0]


async def who_is(browser: httpx2.AsyncClient) -> dict[str, object]:
    answer = await browser.get("/v1/me")
    assert answer.status_code == 200, answer.text
    me: dict[str, object] = answer.json()
    return me


async def test_somebody_new_is_created_and_signed_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    answer = await scene.sign_in(client)

    assert answer.status_code == SEE_OTHER
    assert answer.headers["location"] == "/on-call"
    me = await who_is(client)
    assert me["email"] == "ana@example.org"
    assert me["name"] == "Ana Lima"
    assert me["time_zone"] == "America/Sao_Paulo"
    assert me["platform_admin"] is False
    async with transaction(scene.api.engine) as tx:
        kinds = set(await tx.scalars(select(audit_entries.c.kind)))
    assert "sign_in.succeeded" in kinds


async def test_whoever_was_here_before_is_known_by_subject_not_by_address(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    await scene.sign_in(client)
    first = await who_is(client)

    scene.idp.who = {**ANA, "email": "ana.souza@example.org"}
    again = await scene.api.browser()
    await scene.sign_in(again)
    scene.idp.who = {**ANA, "sub": "00u2"}  # her old address, given to somebody else
    other = await scene.api.browser()
    refused = await scene.sign_in(other)

    assert (await who_is(again))["id"] == first["id"]
    assert problem_of(refused) == "email_taken"


async def test_an_existing_account_is_linked_only_where_the_admin_lets_it(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    ana = await scene.api.user("Ana")

    assert problem_of(await scene.sign_in(client)) == "email_taken"
    await scene.change(links_by_email=True)
    scene.idp.who = {**ANA, "email_verified": False}
    assert problem_of(await scene.sign_in(client)) == "unverified"
    scene.idp.who = {k: v for k, v in ANA.items() if k != "email_verified"}
    assert problem_of(await scene.sign_in(client)) == "email_taken"
    scene.idp.who = dict(ANA)
    await scene.sign_in(client)

    assert (await who_is(client))["id"] == str(ana.id)


async def test_nobody_is_created_where_the_admin_does_not_want_it(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    await scene.change(creates_users=False)

    assert problem_of(await scene.sign_in(client)) == "no_account"


async def test_only_the_domains_that_are_allowed_get_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    changed = await scene.change(email_domains=["@Acme.example"])
    assert changed["email_domains"] == ["acme.example"]
    assert problem_of(await scene.sign_in(client)) == "wrong_domain"

    await scene.change(email_domains=["acme.example", "example.org"])
    await scene.sign_in(client)

    assert (await who_is(client))["email"] == "ana@example.org"


async def test_teams_and_admin_rights_follow_the_groups_at_each_sign_in(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    web, ops = await scene.api.team("Web"), await scene.api.team("Ops")
    await scene.change(
        admin_groups=["root"],
        mappings=[
            {"group": "sre", "team_id": str(web.id), "role": "responder"},
            {"group": "root", "team_id": str(ops.id), "role": "team_admin"},
        ],
    )

    async def teams() -> tuple[dict[str, str], bool]:
        await scene.sign_in(client)
        me = await who_is(client)
        held = me["memberships"]
        assert isinstance(held, list)
        roles = {one["team"]["name"]: one["role"] for one in held}
        return roles, bool(me["platform_admin"])

    assert await teams() == ({"Web": "responder"}, False)
    scene.idp.who = {**ANA, "groups": ["root"]}
    assert await teams() == ({"Ops": "team_admin"}, True)
    scene.idp.who = {**ANA, "groups": []}
    assert await teams() == ({}, False)


async def test_a_new_mapping_counts_at_once_and_hand_made_memberships_stay(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    web, ops = await scene.api.team("Web"), await scene.api.team("Ops")
    await scene.sign_in(client)
    user_id = (await who_is(client))["id"]
    by_hand = f"/v1/teams/{ops.id}/members/{user_id}"
    await scene.admin.client.put(by_hand, json={"role": "observer"})
    both = [
        {"group": "sre", "team_id": str(team.id), "role": "responder"}
        for team in (web, ops)
    ]

    await scene.change(mappings=both)
    during = (await who_is(client))["memberships"]
    await scene.change(mappings=[])
    after = (await who_is(client))["memberships"]

    assert isinstance(during, list)
    assert isinstance(after, list)
    assert [(one["team"]["name"], one["role"]) for one in during] == [
        ("Ops", Role.OBSERVER),
        ("Web", Role.RESPONDER),
    ]
    assert [one["team"]["name"] for one in after] == ["Ops"]


async def test_an_address_that_only_userinfo_tells_is_read_there(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    scene.idp.only_in_userinfo = {"email", "email_verified", "name", "groups"}

    await scene.sign_in(client)

    assert (await who_is(client))["name"] == "Ana Lima"


async def test_elliptic_keys_are_believed_too(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    scene.idp.key, scene.idp.algorithm = (
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
    )

    await scene.sign_in(client)

    assert (await who_is(client))["name"] == "Ana Lima"


async def test_a_token_need_not_name_the_only_key_there_is(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    scene.idp.numbered = False

    await scene.sign_in(client)

    assert (await who_is(client))["name"] == "Ana Lima"


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
