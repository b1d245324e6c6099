"""Users and teams: what works, what is forbidden, what is refused."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest

from pagefree.accounts import service
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.services import services
from tests.api.conftest import CHEAP, PASSWORD, Api, Person

ROLES = {"Tea": Role.TEAM_ADMIN, "Rob": Role.RESPONDER, "Obi": Role.OBSERVER}


async def names(person: Person, query: str) -> list[str]:
    answer = await person.client.get("/v1/users", params={"query": query})
    return [user["name"] for user in answer.json()["items"]]


async def test_an_admin_adds_a_person_who_is_reachable_at_once(
    api: Api, admin: Person
) -> None:
    answer = await admin.client.post(
        "/v1/users",
        json={
            "email": "Bo@Example.org",
            "name": " Bo ",
            "password": PASSWORD,
            "time_zone": "Europe/Berlin",
        },
    )

    bo = answer.json()
    assert answer.status_code == 201
    assert (bo["name"], bo["email"]) == ("Bo", "bo@example.org")
    assert (bo["time_zone"], bo["teams"], bo["reachable"]) == (
        "Europe/Berlin",
        [],
        True,
    )
    browser = await api.browser()
    signed_in = await browser.post(
        "/v1/session", json={"email": "bo@example.org", "password": PASSWORD}
    )
    assert signed_in.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": "two@@example.org"},
        {"email": "nul\0@example.org"},
        {"email": "x" * 250 + "@example.org"},
        {"name": ""},
        {"name": "  "},
        {"name": "with a\nline break"},
        {"name": "\ud800"},
        {"password": "1234567"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"platform_admin": "perhaps"},
        {"admin": True},
    ],
)
async def test_a_person_must_be_described_properly(
    admin: Person, wrong: dict[str, object]
) -> None:
    body = {"email": "bo@example.org", "name": "Bo", **wrong}

    answer = await admin.client.post(
        "/v1/users",
        content=json.dumps(body),  # in ASCII: the client's own encoder is stricter
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "malformed"


async def test_two_people_cannot_have_one_address(api: Api, admin: Person) -> None:
    bo = await api.user("Bo")

    created = await admin.client.post(
        "/v1/users", json={"email": "BO@example.org", "name": "Bob"}
    )
    changed = await admin.client.patch(
        f"/v1/users/{admin.id}", json={"email": bo.email}
    )

    assert (created.status_code, changed.status_code) == (409, 409)


async def test_people_are_found_by_name_or_address_also_when_text_looks_like_a_pattern(
    api: Api, admin: Person
) -> None:
    for name in ("Ana Ito", "Bo 100%", "Cy"):
        await api.user(name)

    assert await names(admin, "") == ["Ana Ito", "Bo 100%", "Cy", "Pia"]
    assert await names(admin, "ITO") == ["Ana Ito"]
    assert await names(admin, "cy@") == ["Cy"]
    assert await names(admin, "%") == ["Bo 100%"]
    assert await names(admin, "_") == []


async def test_people_come_in_pages_without_gaps_or_repeats(
    api: Api, admin: Person
) -> None:
    for name in ("Ana", "ana", "Bo", "Cy"):
        async with transaction(api.engine) as tx:
            new = NewUser(f"{new_id()}@example.org", name)
            await service.create_user(tx, new, api.clock())

    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await admin.client.get("/v1/users", params=params)).json()
        seen += [user["name"].lower() for user in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == ["ana", "ana", "bo", "cy", "pia"]


@pytest.mark.parametrize(
    "query", ["cursor=x", "limit=0", "limit=101", "query=%00", "query=" + "x" * 201]
)
async def test_a_list_that_cannot_be_is_refused(admin: Person, query: str) -> None:
    answer = await admin.client.get(f"/v1/users?{query}")

    assert answer.status_code == 422


async def test_an_admin_changes_a_person(api: Api, admin: Person) -> None:
    bo = await api.user("Bo")

    answer = await admin.client.patch(
        f"/v1/users/{bo.id}", json={"name": "Bob", "platform_admin": True}
    )

    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["platform_admin"]) == ("Bob", True)
    assert (await admin.client.get(f"/v1/users/{bo.id}")).json() == answer.json()
    assert (await bo.client.get("/v1/me")).json()["platform_admin"] is True


async def test_the_last_platform_admin_stays(api: Api, admin: Person) -> None:
    demoted = await admin.client.patch(
        f"/v1/users/{admin.id}", json={"platform_admin": False}
    )
    deactivated = await admin.client.put(f"/v1/users/{admin.id}/deactivation")

    assert (demoted.status_code, deactivated.status_code) == (409, 409)
    assert demoted.json()["code"] == "conflict"
    await api.user("Quin", platform_admin=True)
    demoted = await admin.client.patch(
        f"/v1/users/{admin.id}", json={"platform_admin": False}
    )
    assert demoted.status_code == 200


async def test_two_admins_cannot_remove_each_other_at_the_same_moment(
    api: Api, admin: Person
) -> None:
    quin = await api.user("Quin", platform_admin=True)

    answers = await asyncio.gather(
        admin.client.put(f"/v1/users/{quin.id}/deactivation"),
        quin.client.put(f"/v1/users/{admin.id}/deactivation"),
    )

    assert sorted(answer.status_code for answer in answers) in ([200, 401], [200, 409])


async def test_deactivating_twice_is_not_an_error(api: Api, admin: Person) -> None:
    bo = await api.user("Bo")

    first = await admin.client.put(f"/v1/users/{bo.id}/deactivation")
    second = await admin.client.put(f"/v1/users/{bo.id}/deactivation")
    back = await admin.client.delete(f"/v1/users/{bo.id}/deactivation")

    assert first.json() == second.json()
    assert first.json()["deactivated_at"] == "2026-03-02T09:00:00Z"
    assert back.json()["deactivated_at"] is None


async def test_people_change_their_own_name_and_time_zone_and_nothing_else(
    api: Api,
) -> None:
    bo = await api.user("Bo")

    changed = await bo.client.patch(
        "/v1/me", json={"name": "Bob", "time_zone": "Asia/Tokyo"}
    )
    greedy = await bo.client.patch("/v1/me", json={"platform_admin": True})
    nothing = await bo.client.patch("/v1/me", json={})

    assert (changed.json()["name"], changed.json()["time_zone"]) == (
        "Bob",
        "Asia/Tokyo",
    )
    assert greedy.status_code == 422
    assert nothing.json() == changed.json()


async def test_an_admin_makes_a_team_and_a_team_admin_runs_it(
    api: Api, admin: Person
) -> None:
    made = await admin.client.post(
        "/v1/teams", json={"name": "Web", "description": "All that is HTTP"}
    )
    team = made.json()
    tea = await api.user("Tea", teams={UUID(team["id"]): Role.TEAM_ADMIN})
    bo = await api.user("Bo")
    url = f"/v1/teams/{team['id']}"

    put = await tea.client.put(f"{url}/members/{bo.id}", json={"role": "responder"})
    renamed = await tea.client.patch(url, json={"name": "Edge"})
    members = await bo.client.get(f"{url}/members")

    assert (made.status_code, put.status_code, renamed.status_code) == (201, 200, 200)
    assert put.json() == {
        "user": {"id": str(bo.id), "name": "Bo"},
        "email": bo.email,
        "role": "responder",
    }
    assert renamed.json()["member_count"] == 2
    assert [one["user"]["name"] for one in members.json()] == ["Bo", "Tea"]
    assert (await bo.client.get("/v1/me")).json()["memberships"] == [
        {"team": {"id": team["id"], "name": "Edge"}, "role": "responder"}
    ]
    assert (await bo.client.get(f"/v1/users/{bo.id}")).json()["teams"] == [
        {"team": {"id": team["id"], "name": "Edge"}, "role": "responder"}
    ]


async def test_a_role_is_changed_and_taken_and_both_may_be_repeated(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo", teams={team.id: Role.OBSERVER})
    url = f"/v1/teams/{team.id}/members/{bo.id}"

    changed = [await admin.client.put(url, json={"role": "team_admin"}) for _ in "12"]
    removed = [await admin.client.delete(url) for _ in "12"]

    assert [answer.status_code for answer in changed + removed] == [200, 200, 204, 204]
    assert (await bo.client.get("/v1/me")).json()["memberships"] == []


@pytest.mark.parametrize("body", [{}, {"role": "owner"}, {"role": None}])
async def test_a_member_has_one_of_three_roles(
    api: Api, admin: Person, body: dict[str, object]
) -> None:
    team = await api.team()

    answer = await admin.client.put(
        f"/v1/teams/{team.id}/members/{admin.id}", json=body
    )

    assert answer.status_code == 422


async def test_what_is_not_there_is_not_found(api: Api, admin: Person) -> None:
    team, nothing = await api.team(), uuid4()

    answers = [
        await admin.client.get(f"/v1/users/{nothing}"),
        await admin.client.patch(f"/v1/users/{nothing}", json={"name": "X"}),
        await admin.client.put(f"/v1/users/{nothing}/deactivation"),
        await admin.client.delete(f"/v1/users/{nothing}/deactivation"),
        await admin.client.get(f"/v1/teams/{nothing}"),
        await admin.client.patch(f"/v1/teams/{nothing}", json={"name": "X"}),
        await admin.client.delete(f"/v1/teams/{nothing}"),
        await admin.client.get(f"/v1/teams/{nothing}/members"),
        await admin.client.put(
            f"/v1/teams/{team.id}/members/{nothing}", json={"role": "observer"}
        ),
        await admin.client.put(
            f"/v1/teams/{nothing}/members/{admin.id}", json={"role": "observer"}
        ),
        await admin.client.delete(f"/v1/teams/{nothing}/members/{admin.id}"),
    ]

    assert {answer.status_code for answer in answers} == {404}


async def test_two_teams_cannot_have_one_name(api: Api, admin: Person) -> None:
    web, ops = await api.team("Web"), await api.team("Ops")

    made = await admin.client.post("/v1/teams", json={"name": web.name})
    renamed = await admin.client.patch(f"/v1/teams/{ops.id}", json={"name": web.name})

    assert (made.status_code, renamed.status_code) == (409, 409)
    listed = await admin.client.get("/v1/teams")
    assert [team["name"] for team in listed.json()] == ["Ops", "Web"]


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x\0"}, {"name": "x", "description": "\0"}]
)
async def test_a_team_must_be_described_properly(
    admin: Person, body: dict[str, object]
) -> None:
    assert (await admin.client.post("/v1/teams", json=body)).status_code == 422


async def test_a_team_goes_once_it_owns_nothing(api: Api, admin: Person) -> None:
    team = await api.team()
    async with transaction(api.engine) as tx:
        await tx.execute(
            services.insert().values(
                id=new_id(), name="Shop", team_id=team.id, created_at=api.clock()
            )
        )

    owning = await admin.client.delete(f"/v1/teams/{team.id}")
    async with transaction(api.engine) as tx:
        await tx.execute(services.delete())
    empty = await admin.client.delete(f"/v1/teams/{team.id}")

    assert (owning.status_code, empty.status_code) == (409, 204)
    assert (await admin.client.get(f"/v1/teams/{team.id}")).status_code == 404


async def test_a_team_that_a_policy_of_others_pages_stays(
    api: Api, admin: Person
) -> None:
    paged, owner = await api.team(), await api.team("Owner")
    policy = await admin.client.post(
        "/v1/escalation-policies",
        json={
            "name": "Pages others",
            "team_id": str(owner.id),
            "repeats": 0,
            "steps": [
                {"timeout_s": 60, "targets": [{"kind": "team", "id": str(paged.id)}]}
            ],
        },
    )
    assert policy.status_code == 201

    refused = await admin.client.delete(f"/v1/teams/{paged.id}")
    await admin.client.delete(f"/v1/escalation-policies/{policy.json()['id']}")
    gone = await admin.client.delete(f"/v1/teams/{paged.id}")

    assert (refused.status_code, gone.status_code) == (409, 204)


async def test_the_first_start_makes_one_admin_who_can_sign_in(api: Api) -> None:
    async with transaction(api.engine) as tx:
        made = await service.first_admin(tx, api.clock(), passwords=CHEAP)
        again = await service.first_admin(tx, api.clock(), passwords=CHEAP)

    assert made is not None
    assert again is None
    email, password = made
    browser = await api.browser()
    answer = await browser.post(
        "/v1/session", json={"email": email, "password": password}
    )
    assert answer.json()["platform_admin"] is True


async def test_who_responds_in_a_team_is_who_is_active_and_no_observer(
    api: Api, admin: Person
) -> None:
    web, empty = await api.team("Web"), await api.team("Empty")
    people = {
        name: await api.user(name, teams={web.id: role}) for name, role in ROLES.items()
    }
    gone = await api.user("Gus", teams={web.id: Role.RESPONDER})
    await admin.client.put(f"/v1/users/{gone.id}/deactivation")
    ids = [person.id for person in people.values()]

    async with transaction(api.engine) as tx:
        members = await service.team_members(tx, {web.id, empty.id})
        admins = await service.platform_admins(tx)
        active = await service.active_users(tx, [*ids, gone.id, uuid4()])
        refs = await service.user_refs(tx, [gone.id, uuid4()])
        team_refs = await service.team_refs(tx, [web.id, uuid4()])

    assert members == {web.id: (people["Tea"].id, people["Rob"].id), empty.id: ()}
    assert admins == (admin.id,)
    assert active == set(ids)
    assert {ref.name for ref in refs.values()} == {"Gus"}
    assert {ref.name for ref in team_refs.values()} == {"Web"}
