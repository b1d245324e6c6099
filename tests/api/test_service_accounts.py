"""Service accounts, and keys that count only from some addresses."""

from uuid import UUID

import httpx2
import pytest

from pagefree.accounts import service
from pagefree.accounts.networks import tidy_network, within
from pagefree.core.access import Role
from pagefree.core.errors import Invalid
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person

ACCOUNTS = "/v1/service-accounts"
KEY = {"name": "CI", "scopes": ["admin"]}


async def account(client: httpx2.AsyncClient, **wanted: object) -> str:
    made = await client.post(ACCOUNTS, json={"name": "Deploy", **wanted})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def key(client: httpx2.AsyncClient, account_id: str, **more: object) -> str:
    path = f"{ACCOUNTS}/{account_id}/api-keys"
    made = await client.post(path, json={**KEY, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["token"])


async def test_a_program_acts_in_its_own_name(api: Api, admin: Person) -> None:
    team = await api.team()
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    made = await account(lead.client, team_id=str(team.id), role="team_admin")
    program = await api.program(await key(lead.client, made))

    renamed = await program.patch(f"/v1/teams/{team.id}", json={"name": "Ops"})
    assert renamed.status_code == 200
    assert (await program.post("/v1/teams", json={"name": "x"})).status_code == 403

    found = await admin.client.get("/v1/audit", params={"kind": "team.updated"})
    (entry,) = found.json()["items"]
    assert entry["actor_kind"] == "service_account"
    assert entry["actor_name"] == "Deploy"
    assert entry["credential_kind"] == "api_key"


async def test_nobody_pages_it_or_finds_it_among_people(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    made = await account(admin.client, team_id=str(team.id), role="team_admin")

    people = (await admin.client.get("/v1/users")).json()["items"]
    members = (await admin.client.get(f"/v1/teams/{team.id}/members")).json()
    async with transaction(api.engine) as tx:
        responding = await service.team_members(tx, [team.id])
        active = await service.active_users(tx, [admin.id])
        reachable = await service.active_users(tx, [UUID(made)])
    assert [one["name"] for one in people] == ["Pia"]
    assert members == []
    assert responding == {team.id: ()}
    assert active == {admin.id}
    assert reachable == set()


async def test_it_cannot_make_keys_by_itself(api: Api, admin: Person) -> None:
    made = await account(admin.client, platform_admin=True)
    program = await api.program(await key(admin.client, made))

    assert (await program.post("/v1/me/api-keys", json=KEY)).status_code == 403


async def test_once_it_has_ended_its_keys_count_no_more(
    api: Api, admin: Person
) -> None:
    made = await account(admin.client)
    program = await api.program(await key(admin.client, made))
    assert (await program.get("/v1/teams")).status_code == 200

    ended = await admin.client.put(f"{ACCOUNTS}/{made}/deactivation")
    assert ended.status_code == 204
    assert (await program.get("/v1/teams")).status_code == 401
    path = f"{ACCOUNTS}/{made}/api-keys"
    assert (await admin.client.post(path, json=KEY)).status_code == 409


async def test_admins_of_a_team_keep_only_what_is_wholly_theirs(
    api: Api, admin: Person
) -> None:
    web, ops = await api.team("Web"), await api.team("Ops")
    lead = await api.user("Lea", teams={web.id: Role.TEAM_ADMIN})
    of_all = await account(admin.client, name="Terraform", platform_admin=True)
    both = await account(admin.client, name="Both", team_id=str(web.id))
    await admin.client.put(
        f"/v1/teams/{ops.id}/members/{both}", json={"role": "observer"}
    )
    own = await account(lead.client, name="Own", team_id=str(web.id))

    listed = (await lead.client.get(ACCOUNTS)).json()
    assert [one["id"] for one in listed] == [own]
    for other in (of_all, both):
        path = f"{ACCOUNTS}/{other}/api-keys"
        assert (await lead.client.post(path, json=KEY)).status_code == 403
    refused = await lead.client.post(ACCOUNTS, json={"name": "x"})
    assert refused.status_code == 403


async def test_a_key_counts_only_from_its_addresses(api: Api, admin: Person) -> None:
    wanted = {**KEY, "networks": ["192.0.2.0/24", "2001:db8::1"]}
    made = await admin.client.post("/v1/me/api-keys", json=wanted)
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert made.json()["networks"] == ["192.0.2.0/24", "2001:db8::1/128"]

    async def asked_from(address: str) -> int:
        program = await api.browser(address=address, headers=headers)
        return (await program.get("/v1/teams")).status_code

    assert await asked_from("192.0.2.77") == 200
    assert await asked_from("2001:db8::1") == 200
    assert await asked_from("198.51.100.1") == 401
    inside = await api.browser(address="192.0.2.77", headers=headers)
    assert (await inside.post("/v1/me/api-keys", json=KEY)).status_code == 403
    program = f"{ACCOUNTS}/{await account(admin.client)}/api-keys"
    assert (await inside.post(program, json=KEY)).status_code == 403


async def test_a_network_that_is_none_is_refused(admin: Person) -> None:
    wanted = {**KEY, "networks": ["everywhere"]}
    refused = await admin.client.post("/v1/me/api-keys", json=wanted)
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("192.0.2.1", [], True),
        ("192.0.2.1", ["192.0.2.0/24"], True),
        ("::ffff:192.0.2.1", ["192.0.2.0/24"], True),
        ("192.0.3.1", ["192.0.2.0/24"], False),
        ("2001:db8::2", ["192.0.2.0/24", "2001:db8::/32"], True),
        ("", ["0.0.0.0/0"], False),
        ("a socket", ["0.0.0.0/0"], False),
    ],
)
def test_an_address_is_in_a_network_or_not(
    address: str, networks: list[str], *, expected: bool
) -> None:
    assert within(address, networks) is expected


def test_networks_are_kept_as_one_would_write_them() -> None:
    assert tidy_network(" 192.0.2.7/24 ") == "192.0.2.0/24"
    with pytest.raises(Invalid):
        tidy_network("192.0.2.0/33")
