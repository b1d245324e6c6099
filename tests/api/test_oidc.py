"""Signing in through an identity provider: who gets in, and what they are here."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.tables.audit import audit_entries
from tests.api.conftest import Api, Person
from tests.api.sign_in_world import (
    ANA,
    SEE_OTHER,
    Scene,
    problem_of,
    scene_of,
    who_is,
)


@pytest.fixture
async def scene(api: Api, admin: Person) -> AsyncIterator[Scene]:
    async with scene_of(api, admin) as scene:
        yield scene


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
