"""Escalation policies over HTTP: made, seen, replaced whole, deleted when unused."""

from uuid import UUID

import pytest

from pagefree.core.access import Role
from pagefree.infra.ids import new_id
from tests.api.conftest import Api, Person

JSON = dict[str, object]
PATH = "/v1/escalation-policies"
AS_USUAL: JSON = {
    "round_robin": False,
    "only_urgency": None,
    "only_hours": None,
    "wait_for": None,
    "acknowledgements": 1,
}


def step(*targets: tuple[str, UUID], timeout_s: int = 300) -> JSON:
    """A step that pages these targets, then waits."""
    named = [{"kind": kind, "id": str(target_id)} for kind, target_id in targets]
    return {"timeout_s": timeout_s, "targets": named}


def shown(kind: str, target_id: UUID, name: str | None) -> JSON:
    """A target as it is answered."""
    said = {"kind": kind, "id": str(target_id), "which": "current", "name": name}
    return {**said, "hidden": False}


def body(team_id: UUID, *steps: JSON, **changes: object) -> JSON:
    """A policy of a team."""
    whole = {"name": "Web", "team_id": str(team_id), "repeats": 0, "steps": steps}
    return {**whole, **changes}


async def made(person: Person, policy: JSON) -> str:
    """The id of a new policy."""
    answer = await person.client.post(PATH, json=policy)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_team_admin_makes_a_policy_and_everybody_sees_it(api: Api) -> None:
    team = await api.team()
    ana = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo")
    steps = (
        step(("user", ana.id), ("user", ana.id)),
        step(("team", team.id), timeout_s=30),
    )

    answer = await ana.client.post(PATH, json=body(team.id, *steps, repeats=9))

    assert answer.status_code == 201
    policy = answer.json()
    assert policy == {
        "id": policy["id"],
        "name": "Web",
        "team": {"id": str(team.id), "name": team.name},
        "repeats": 9,
        "steps": [
            {
                **AS_USUAL,
                "timeout_s": 300,
                "targets": [shown("user", ana.id, "Ana")],
            },
            {
                **AS_USUAL,
                "timeout_s": 30,
                "targets": [shown("team", team.id, team.name)],
            },
        ],
        "ack_timeout_s": None,
        "low_urgency_hours": None,
        "services": [],
    }
    assert (await bo.client.get(f"{PATH}/{policy['id']}")).json() == policy
    assert (await bo.client.get(PATH)).json() == [policy]


async def test_a_policy_is_replaced_whole(api: Api, admin: Person) -> None:
    team = await api.team()
    policy_id = await made(
        admin, body(team.id, step(("user", admin.id)), step(("team", team.id)))
    )

    answer = await admin.client.put(
        f"{PATH}/{policy_id}", json=body(team.id, step(("team", team.id)), name="Data")
    )

    assert answer.status_code == 200
    after = (await admin.client.get(f"{PATH}/{policy_id}")).json()
    assert answer.json() == after
    assert (after["name"], len(after["steps"])) == ("Data", 1)


async def test_a_policy_that_a_service_uses_is_not_deleted(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    policy_id = await made(admin, body(team.id, step(("user", admin.id))))
    service = {
        "name": "Shop",
        "team_id": str(team.id),
        "escalation_policy_id": policy_id,
    }
    created = await admin.client.post("/v1/services", json=service)
    path = f"/v1/services/{created.json()['id']}"

    seen = await admin.client.get(f"{PATH}/{policy_id}")
    used = await admin.client.delete(f"{PATH}/{policy_id}")
    await admin.client.patch(path, json={"escalation_policy_id": None})
    unused = await admin.client.delete(f"{PATH}/{policy_id}")
    gone = await admin.client.delete(f"{PATH}/{policy_id}")

    assert [s["name"] for s in seen.json()["services"]] == ["Shop"]
    assert (used.status_code, used.json()["code"]) == (409, "conflict")
    assert used.json()["detail"] == "used by the services: Shop"
    assert unused.status_code == 204
    assert gone.status_code == 404


async def test_a_target_that_is_gone_is_shown_without_a_name(
    api: Api, admin: Person
) -> None:
    team, other = await api.team(), await api.team("Other")
    policy_id = await made(
        admin, body(team.id, step(("team", other.id), ("user", admin.id)))
    )
    deleted = await admin.client.delete(f"/v1/teams/{other.id}")

    policy = (await admin.client.get(f"{PATH}/{policy_id}")).json()

    names = [target["name"] for target in policy["steps"][0]["targets"]]
    assert names == [None if deleted.is_success else "Other", "Pia"]


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.OBSERVER, None])
async def test_only_admins_of_the_team_change_its_policies(
    api: Api, admin: Person, role: Role | None
) -> None:
    team, own = await api.team(), await api.team("Own")
    policy_id = await made(admin, body(team.id, step(("user", admin.id))))
    roles = {own.id: Role.TEAM_ADMIN} | ({team.id: role} if role else {})
    bo = await api.user("Bo", teams=roles)
    path, steps = f"{PATH}/{policy_id}", step(("user", bo.id))

    answers = [
        await bo.client.post(PATH, json=body(team.id, steps, name="X")),
        await bo.client.put(path, json=body(team.id, steps)),
        await bo.client.put(path, json=body(own.id, steps)),  # taking it away
        await bo.client.delete(path),
    ]

    assert [a.status_code for a in answers] == [403] * 4
    assert (await bo.client.get(path)).status_code == 200


async def test_two_policies_do_not_share_a_name(api: Api, admin: Person) -> None:
    team = await api.team()
    steps = step(("user", admin.id))
    await made(admin, body(team.id, steps))
    second = await made(admin, body(team.id, steps, name="Second"))

    again = await admin.client.post(PATH, json=body(team.id, steps))
    renamed = await admin.client.put(f"{PATH}/{second}", json=body(team.id, steps))

    assert (again.status_code, renamed.status_code) == (409, 409)
    assert again.json()["detail"] == "there is already an escalation policy named Web"


@pytest.mark.parametrize("kind", ["user", "team", "schedule"])
async def test_what_a_policy_pages_must_exist(
    api: Api, admin: Person, kind: str
) -> None:
    team = await api.team()

    answer = await admin.client.post(
        PATH, json=body(team.id, step((kind, new_id()), ("user", admin.id)))
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["detail"] == f"the policy pages what does not exist: {kind}"


async def test_a_policy_outside_the_limits_is_refused(api: Api, admin: Person) -> None:
    team = await api.team()
    good = step(("user", admin.id))
    bad: list[JSON] = [
        body(team.id),
        body(team.id, *[good] * 21),
        body(team.id, step()),
        body(team.id, step(*[("user", admin.id)] * 21)),
        body(team.id, step(("user", admin.id), timeout_s=29)),
        body(team.id, step(("user", admin.id), timeout_s=86_401)),
        body(team.id, step(("robot", admin.id))),
        body(team.id, good, repeats=10),
        body(team.id, good, repeats=-1),
        body(team.id, good, name=""),
        body(team.id, good, unknown=1),
    ]

    answers = [await admin.client.post(PATH, json=policy) for policy in bad]

    assert [a.status_code for a in answers] == [422] * len(bad)


async def test_the_widest_policy_allowed_is_kept(api: Api, admin: Person) -> None:
    team = await api.team()
    people = [await api.user(f"Person {n}") for n in range(20)]
    wide = step(*[("user", person.id) for person in people], timeout_s=86_400)

    answer = await admin.client.post(PATH, json=body(team.id, *[wide] * 20, repeats=9))

    assert answer.status_code == 201
    assert [len(s["targets"]) for s in answer.json()["steps"]] == [20] * 20
