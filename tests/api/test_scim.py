"""Provisioning by an identity provider: a foreign tester, over HTTP, and what it means here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from sqlalchemy import text

from pagefree.core.access import Role, Scope
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.api.desk import serving

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
JSON = Mapping[str, object]


@dataclass(slots=True)
class Provisioning:
    """An identity provider that puts people here."""

    api: Api
    admin: Person
    provider_id: str
    token: str
    client: httpx2.AsyncClient

    async def user(self, name: str, **more: object) -> JSON:
        """Somebody new."""
        body = {
            "schemas": [USER],
            "userName": f"{name.lower()}@example.org",
            "displayName": name,
            "emails": [{"value": f"{name}@Example.org", "primary": True}],
            **more,
        }
        answer = await self.client.post("/scim/v2/Users", json=body)
        assert answer.status_code == 201, answer.text
        made: JSON = answer.json()
        return made

    async def group(self, name: str, *members: JSON) -> JSON:
        """A new group of these people."""
        body = {
            "schemas": [GROUP],
            "displayName": name,
            "members": [{"value": one["id"]} for one in members],
        }
        answer = await self.client.post("/scim/v2/Groups", json=body)
        assert answer.status_code == 201, answer.text
        made: JSON = answer.json()
        return made

    async def patch(self, path: str, *operations: JSON) -> httpx2.Response:
        """Change something, as Microsoft Entra ID does."""
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return await self.client.patch(f"/scim/v2/{path}", json=body)

    async def teams_of(self, user: JSON) -> dict[str, str]:
        """By team, what they are in it."""
        answer = await self.admin.client.get(f"/v1/users/{user['id']}")
        teams = answer.json()["teams"]
        return {one["team"]["name"]: one["role"] for one in teams}


@pytest.fixture
async def idp(api: Api, admin: Person) -> Provisioning:
    made = await admin.client.post(
        "/v1/identity-providers", json={"name": "Acme", "issuer": "https://id.example"}
    )
    provider_id = made.json()["id"]
    token = await admin.client.post(
        f"/v1/identity-providers/{provider_id}/scim-tokens", json={"name": "Okta"}
    )
    client = await api.program(token.json()["token"])
    return Provisioning(api, admin, provider_id, token.json()["token"], client)


async def test_the_foreign_tester_finds_nothing_wrong(idp: Provisioning) -> None:
    async with serving(idp.api.app) as url:
        idp.api.app.state.base_url = url

        def check() -> list[str]:
            headers = {"Authorization": f"Bearer {idp.token}"}
            with httpx2.Client(
                base_url=f"{url}/scim/v2", headers=headers, timeout=30
            ) as http:
                results = check_server(SyncSCIMClient(http))
            assert len(results) > 30
            return [
                f"{one.status.name} {one.title} {one.resource_type}: {one.reason}"
                for one in results
                if one.status is not Status.SUCCESS
            ]

        wrong = await asyncio.to_thread(check)
    assert "\n".join(wrong) == ""


async def test_whoever_is_deactivated_is_out_at_once(idp: Provisioning) -> None:
    user = await idp.user("Ana")
    token = await idp.api.session(UUID(str(user["id"])))
    browser = await idp.api.browser(token)
    me = await browser.get("/v1/me")
    ana = Person(UUID(str(user["id"])), "Ana", me.json()["email"], browser, token)
    key = await idp.api.key(ana, Scope.READ)
    assert me.json()["name"] == "Ana"

    gone = await idp.patch(
        f"Users/{user['id']}", {"op": "Replace", "path": "active", "value": "False"}
    )

    assert gone.status_code == 200, gone.text
    assert gone.json()["active"] is False
    assert (await browser.get("/v1/me")).status_code == 401
    assert (await key.get("/v1/me")).status_code == 401
    back = await idp.patch(
        f"Users/{user['id']}", {"op": "replace", "value": {"active": True}}
    )
    assert back.json()["active"] is True
    assert (await browser.get("/v1/me")).status_code == 401  # what ended stays ended


async def test_whoever_is_deleted_may_come_back_as_the_same_person(
    idp: Provisioning,
) -> None:
    first = await idp.user("Ana")

    assert (await idp.client.delete(f"/scim/v2/Users/{first['id']}")).status_code == 204
    assert (await idp.client.get(f"/scim/v2/Users/{first['id']}")).status_code == 404
    shown = await idp.admin.client.get(f"/v1/users/{first['id']}")
    assert shown.json()["deactivated_at"] is not None
    again = await idp.user("Ana")

    assert again["id"] == first["id"]
    assert again["active"] is True


async def test_an_admin_by_hand_is_not_changed_from_outside(idp: Provisioning) -> None:
    path = f"Users/{idp.admin.id}"

    deleted = await idp.client.delete(f"/scim/v2/{path}")
    deactivated = await idp.patch(
        path, {"op": "replace", "path": "active", "value": False}
    )
    moved = await idp.patch(
        path,
        {"op": "replace", "path": "userName", "value": "mallory@example.org"},
        {"op": "replace", "path": "emails", "value": [{"value": "m@example.org"}]},
    )

    for refused in (deleted, deactivated, moved):
        assert refused.status_code == 400, refused.text
        assert refused.json()["scimType"] == "mutability"
        assert refused.headers["content-type"] == "application/scim+json"
    me = (await idp.admin.client.get("/v1/me")).json()
    assert me["email"] == idp.admin.email


async def test_a_group_that_a_sign_in_told_of_closes_at_once(idp: Provisioning) -> None:
    web = await idp.api.team("Web")
    mapping = {"group": "web", "team_id": str(web.id), "role": "responder"}
    await idp.admin.client.patch(
        f"/v1/identity-providers/{idp.provider_id}", json={"mappings": [mapping]}
    )
    cy = await idp.user("Cy")
    group = await idp.group("web", cy)
    async with transaction(idp.api.engine) as tx:
        await tx.execute(
            text(
                "INSERT INTO identities (id, user_id, provider_id, issuer, subject, groups,"
                " created_at) VALUES (gen_random_uuid(), :user, :provider, 'https://id', 'cy',"
                " '{web}', '2026-03-01T00:00Z')"
            ),
            {"user": UUID(str(cy["id"])), "provider": UUID(idp.provider_id)},
        )
    assert await idp.teams_of(cy) == {"Web": "responder"}

    left = {"op": "remove", "path": f'members[value eq "{cy["id"]}"]'}
    await idp.patch(f"Groups/{group['id']}", left)

    assert await idp.teams_of(cy) == {}


async def test_mail_follows_the_address_of_the_account(idp: Provisioning) -> None:
    cy = await idp.user("Cy")

    await idp.patch(
        f"Users/{cy['id']}",
        {"op": "replace", "path": "userName", "value": "cyd@example.org"},
        {"op": "replace", "path": "emails", "value": [{"value": "cyd@example.org"}]},
    )

    path = f"/v1/users/{cy['id']}/contact-methods"
    methods = (await idp.admin.client.get(path)).json()
    mailed = [one["address"] for one in methods if one["channel"] == "email"]
    assert mailed == [{"email": "cyd@example.org"}]


async def test_groups_open_teams_and_close_them_again(idp: Provisioning) -> None:
    web = await idp.api.team("Web")
    mapping = {"group": "sre", "team_id": str(web.id), "role": "responder"}
    path = f"/v1/identity-providers/{idp.provider_id}"
    await idp.admin.client.patch(path, json={"mappings": [mapping]})
    ana, bo = await idp.user("Ana"), await idp.user("Bo")

    group = await idp.group("sre", ana)
    assert await idp.teams_of(ana) == {"Web": Role.RESPONDER}
    joined = {"op": "Add", "path": "members", "value": [{"value": bo["id"]}]}
    await idp.patch(f"Groups/{group['id']}", joined)
    assert await idp.teams_of(bo) == {"Web": Role.RESPONDER}
    left = {"op": "Remove", "path": f'members[value eq "{ana["id"]}"]'}
    await idp.patch(f"Groups/{group['id']}", left)
    assert await idp.teams_of(ana) == {}
    renamed = {"op": "Replace", "path": "displayName", "value": "platform"}
    await idp.patch(f"Groups/{group['id']}", renamed)
    assert await idp.teams_of(bo) == {}
    await idp.patch(f"Groups/{group['id']}", {**renamed, "value": "sre"})
    assert await idp.teams_of(bo) == {"Web": Role.RESPONDER}
    await idp.client.delete(f"/scim/v2/Groups/{group['id']}")
    assert await idp.teams_of(bo) == {}


async def test_people_are_found_by_filters_and_in_pages(idp: Provisioning) -> None:
    for name in ("Ana", "Bo", "Cy"):
        await idp.user(name, externalId=f"x-{name}")

    async def found(**query: str | int) -> tuple[list[str], int]:
        answer = await idp.client.get("/scim/v2/Users", params=query)
        assert answer.status_code == 200, answer.text
        listed = answer.json()
        names = [one["displayName"] for one in listed.get("Resources", [])]
        return names, listed["totalResults"]

    assert await found(filter='userName eq "ANA@example.org"') == (["Ana"], 1)
    assert await found(filter='externalId eq "x-Bo"') == (["Bo"], 1)
    assert await found(filter='displayName co "y" and active eq true') == (["Cy"], 1)
    assert await found(filter='emails[value sw "bo@"]') == (["Bo"], 1)
    assert await found(filter='userName eq "nobody"') == ([], 0)
    page = await found(sortBy="displayName", startIndex=2, count=2)
    assert page == (["Bo", "Cy"], 4)  # Pia, whom nobody provisions, is the fourth
    wrong = await idp.client.get("/scim/v2/Users", params={"filter": "userName is"})
    assert wrong.status_code == 400
    assert wrong.json()["scimType"] == "invalidFilter"


async def test_somebody_who_is_here_already_is_adopted_not_doubled(
    idp: Provisioning,
) -> None:
    ana = await idp.api.user("Ana")
    body = {"schemas": [USER], "userName": ana.email, "emails": [{"value": ana.email}]}

    doubled = await idp.client.post("/scim/v2/Users", json=body)
    adopted = await idp.client.put(
        f"/scim/v2/Users/{ana.id}", json={**body, "displayName": "Ana Lima"}
    )

    assert doubled.status_code == 409
    assert doubled.json()["scimType"] == "uniqueness"
    assert adopted.status_code == 200, adopted.text
    assert (await ana.client.get("/v1/me")).json()["name"] == "Ana Lima"


async def test_an_old_version_is_not_written_over(idp: Provisioning) -> None:
    user = await idp.user("Ana")
    path = f"/scim/v2/Users/{user['id']}"
    first = await idp.client.get(path)
    version = first.headers["etag"]

    same = await idp.client.get(path, headers={"If-None-Match": version})
    await idp.patch(f"Users/{user['id']}", {"op": "add", "value": {"title": "Lead"}})
    late = await idp.client.put(path, json=first.json(), headers={"If-Match": version})

    assert same.status_code == 304
    assert late.status_code == 412


async def test_only_a_token_that_counts_opens_the_door(
    idp: Provisioning, client: httpx2.AsyncClient
) -> None:
    tokens = f"/v1/identity-providers/{idp.provider_id}/scim-tokens"
    listed = await idp.admin.client.get(tokens)
    assert idp.token not in listed.text
    key = await idp.api.key(idp.admin, Scope.ADMIN)

    assert (await client.get("/scim/v2/Users")).status_code == 401
    assert (await key.get("/scim/v2/Users")).status_code == 401
    assert (await idp.admin.client.get("/scim/v2/Users")).status_code == 401
    assert (await idp.client.get("/v1/me")).status_code == 401
    await idp.admin.client.delete(f"{tokens}/{listed.json()[0]['id']}")
    assert (await idp.client.get("/scim/v2/Users")).status_code == 401


async def test_one_provider_does_not_see_whom_another_put_here(
    idp: Provisioning,
) -> None:
    user = await idp.user("Ana")
    made = await idp.admin.client.post(
        "/v1/identity-providers", json={"name": "Other", "issuer": "https://o.example"}
    )
    token = await idp.admin.client.post(
        f"/v1/identity-providers/{made.json()['id']}/scim-tokens", json={"name": "x"}
    )
    other = await idp.api.program(token.json()["token"])

    assert (await other.get(f"/scim/v2/Users/{user['id']}")).status_code == 404
    assert (await other.delete(f"/scim/v2/Users/{user['id']}")).status_code == 404


async def test_rubbish_is_refused_in_scims_own_words(idp: Provisioning) -> None:
    for body in (b"", b"[", b"[]", b'{"schemas": []}', b'"' + b"a" * 1000 + b'"'):
        answer = await idp.client.post("/scim/v2/Users", content=body)
        assert answer.status_code == 400, answer.text
        assert answer.json()["schemas"] == [
            "urn:ietf:params:scim:api:messages:2.0:Error"
        ]
