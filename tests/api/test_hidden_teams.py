"""Hidden teams: seen by their people, by platform admins, and by whoever is called to help.

That every route keeps to it is tested in test_access_matrix.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from pagefree.app.follower import Follower
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.infra.seen_views import statements
from tests.api.conftest import Api, Person
from tests.api.rota import layer, made, schedule


@dataclass(frozen=True, slots=True)
class Secret:
    """A hidden team with an incident, and people inside and outside of it."""

    team_id: UUID
    service_id: str
    incident_id: str
    admin: Person
    inside: Person
    outside: Person


@pytest.fixture
async def secret(api: Api) -> Secret:
    team, ops = await api.team("Mergers"), await api.team("Ops")
    admin = await api.user("Pia", platform_admin=True)
    inside = await api.user("Ida", teams={team.id: Role.TEAM_ADMIN})
    outside = await api.user("Otto", teams={ops.id: Role.RESPONDER})
    policy = await admin.client.post(
        "/v1/escalation-policies",
        json={
            "name": "Quiet",
            "team_id": str(team.id),
            "steps": [
                {
                    "timeout_s": 300,
                    "targets": [{"kind": "user", "id": str(inside.id)}],
                }
            ],
        },
    )
    service = await admin.client.post(
        "/v1/services",
        json={
            "name": "Data room",
            "team_id": str(team.id),
            "escalation_policy_id": policy.json()["id"],
        },
    )
    service_id = service.json()["id"]
    incident = await admin.client.post(
        "/v1/incidents", json={"service_id": service_id, "title": "Data room is open"}
    )
    hidden = await inside.client.patch(f"/v1/teams/{team.id}", json={"hidden": True})
    assert hidden.json()["hidden"] is True
    incident_id = incident.json()["id"]
    return Secret(team.id, service_id, incident_id, admin, inside, outside)


async def numbers(person: Person) -> list[int]:
    """Of the incidents that the person sees."""
    answer = await person.client.get("/v1/incidents")
    return [one["number"] for one in answer.json()["items"]]


async def a_lead(api: Api) -> tuple[Person, str, UUID]:
    """Of another team, with its service and its id."""
    team = await api.team("Shop")
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    body = {"name": "Shop", "team_id": str(team.id)}
    service = await lead.client.post("/v1/services", json=body)
    return lead, service.json()["id"], team.id


async def test_others_see_nothing_of_it_and_cannot_count_it(secret: Secret) -> None:
    counted = (await secret.outside.client.get("/v1/incidents/counts")).json()

    assert await numbers(secret.outside) == []
    assert set(counted.values()) == {0}
    assert len(await numbers(secret.inside)) == len(await numbers(secret.admin)) == 1


async def test_whoever_is_called_for_its_incident_sees_that_incident(
    secret: Secret,
) -> None:
    path = f"/v1/incidents/{secret.incident_id}"
    before = await secret.outside.client.get(path)
    await secret.inside.client.put(f"{path}/responders/{secret.outside.id}")

    after = await secret.outside.client.get(path)

    assert before.status_code == 404
    assert after.json()["title"] == "Data room is open"
    assert after.json()["service"]["name"] == after.json()["team"]["name"] == "hidden"
    assert len(await numbers(secret.outside)) == 1
    assert (await secret.outside.client.get(f"{path}/timeline")).json()["items"]
    taken = await secret.outside.client.put(f"{path}/acknowledgement")
    assert taken.json()["status"] == "acknowledged"
    its_service = await secret.outside.client.get(f"/v1/services/{secret.service_id}")
    assert its_service.status_code == 404


@pytest.mark.parametrize("spelled", ["{}", "urn:uuid:{}", "{{{}}}", "hex", "upper"])
async def test_nobody_declares_what_they_do_not_see(
    secret: Secret, spelled: str
) -> None:
    named = {
        "hex": secret.service_id.replace("-", ""),
        "upper": secret.service_id.upper(),
    }.get(spelled, spelled.format(secret.service_id))

    answer = await secret.outside.client.post(
        "/v1/incidents", json={"service_id": named, "title": "x"}
    )

    assert answer.status_code in {404, 422}
    assert len(await numbers(secret.inside)) == 1


async def test_its_numbers_are_no_way_in(secret: Secret) -> None:
    number = (await numbers(secret.inside))[0]

    answers = [
        await secret.outside.client.get(f"/v1/incidents/{number}"),
        await secret.outside.client.put(f"/v1/incidents/{number}/acknowledgement"),
        await secret.outside.client.put(f"/v1/incidents/%23{number}/acknowledgement"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_nothing_hides_among_many_ids(api: Api, secret: Secret) -> None:
    lead, own_id, _ = await a_lead(api)

    answer = await lead.client.put(
        f"/v1/services/{own_id}/dependencies",
        json={"depends_on": [secret.service_id, *[str(new_id()) for _ in range(6000)]]},
    )

    assert answer.status_code == 404


async def test_an_answer_to_a_change_names_nothing_hidden_and_forgets_nothing(
    api: Api, secret: Secret
) -> None:
    lead, own_id, _ = await a_lead(api)
    path = f"/v1/services/{own_id}/dependencies"
    both = {"depends_on": [secret.service_id]}
    await secret.admin.client.put(path, json=both)

    answer = await lead.client.put(path, json={"depends_on": []})

    held = (await secret.admin.client.get(path)).json()
    assert answer.json() == {"depends_on": [], "needed_by": []}
    assert [one["name"] for one in held["depends_on"]] == ["Data room"]


async def test_an_answer_to_who_takes_an_incident_names_no_hidden_schedule(
    api: Api, secret: Secret
) -> None:
    lead, own_id, team_id = await a_lead(api)
    rota = await made(
        secret.admin,
        schedule(secret.team_id, layer(secret.inside), name="Secret rota"),
    )
    policy = await secret.admin.client.post(
        "/v1/escalation-policies",
        json={
            "name": "Ask them",
            "team_id": str(team_id),
            "steps": [
                {
                    "timeout_s": 300,
                    "targets": [{"kind": "schedule", "id": rota["id"]}],
                }
            ],
        },
    )
    changed = await secret.admin.client.patch(
        f"/v1/services/{own_id}", json={"escalation_policy_id": policy.json()["id"]}
    )
    assert changed.status_code == 200, changed.text
    opened = await lead.client.post(
        "/v1/incidents", json={"service_id": own_id, "title": "Down"}
    )

    taken = await lead.client.put(
        f"/v1/incidents/{opened.json()['id']}/acknowledgement"
    )

    assert (opened.status_code, taken.status_code) == (201, 200)
    by_admin = await secret.admin.client.get(f"/v1/incidents/{opened.json()['id']}")
    assert "Secret rota" in by_admin.text
    assert "Secret rota" not in opened.text + taken.text


async def test_who_joins_sees_it_and_who_leaves_does_not(secret: Secret) -> None:
    path = f"/v1/teams/{secret.team_id}/members/{secret.outside.id}"

    await secret.inside.client.put(path, json={"role": "observer"})
    joined = await numbers(secret.outside)
    await secret.inside.client.delete(path)

    assert len(joined) == 1
    assert await numbers(secret.outside) == []


async def test_live_updates_name_it_to_nobody_else(api: Api, secret: Secret) -> None:
    follower = Follower(0)

    async with transaction(api.engine) as tx:
        stale = await follower.look(tx, api.clock() + timedelta(seconds=1))

    assert stale is not None
    assert ("incident", secret.incident_id) not in stale.keys
    assert [one.team_id for one in follower.apart] == [secret.team_id]
    assert ("incident", secret.incident_id) in follower.apart[0].keys


def test_every_view_keeps_the_columns_of_its_table() -> None:
    made = statements()

    assert len(made) > 90
    assert all("SELECT t.*" in one for one in made[1:-1])


async def test_a_service_that_pages_by_a_hidden_policy_can_be_read_and_changed(
    api: Api, secret: Secret
) -> None:
    policies = await secret.inside.client.get("/v1/escalation-policies")
    (policy,) = policies.json()
    team = await api.team("Shop")
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    made = await secret.admin.client.post(
        "/v1/services",
        json={
            "name": "Shop",
            "team_id": str(team.id),
            "escalation_policy_id": policy["id"],
        },
    )
    path = f"/v1/services/{made.json()['id']}"

    listed = await lead.client.get("/v1/services")
    changed = await lead.client.patch(path, json={"name": "Web shop"})
    refused = await lead.client.delete(f"/v1/escalation-policies/{policy['id']}")
    in_use = await secret.inside.client.delete(
        f"/v1/escalation-policies/{policy['id']}"
    )

    assert [one["name"] for one in listed.json()["items"]] == ["Shop"]
    assert changed.json()["escalation_policy"]["name"] == "hidden"
    assert refused.status_code == 404
    assert in_use.status_code == 409
    assert "Web shop" in in_use.json()["detail"]


async def test_renaming_a_component_keeps_the_hidden_services_behind_it(
    api: Api, secret: Secret
) -> None:
    team = await api.team("Shop")
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    page = await lead.client.post(
        "/v1/status-pages", json={"name": "Us", "slug": "us", "team_id": str(team.id)}
    )
    made = await secret.admin.client.post(
        f"/v1/status-pages/{page.json()['id']}/components",
        json={"name": "Data", "service_ids": [secret.service_id]},
    )
    path = f"/v1/components/{made.json()['id']}"

    renamed = await lead.client.patch(path, json={"name": "Rooms", "service_ids": []})

    assert (renamed.status_code, renamed.json()["services"]) == (200, [])
    kept = await secret.admin.client.patch(path, json={"name": "Data rooms"})
    assert [one["id"] for one in kept.json()["services"]] == [secret.service_id]


async def test_who_does_not_see_a_target_of_a_policy_changes_the_rest_of_it(
    api: Api, secret: Secret
) -> None:
    lead, _, team_id = await a_lead(api)
    rota = await made(
        secret.admin, schedule(secret.team_id, layer(secret.inside), name="Secret rota")
    )
    unseen = {"kind": "schedule", "id": rota["id"], "which": "next"}
    seen = {"kind": "user", "id": str(lead.id), "which": "current"}
    body = {
        "name": "Ask",
        "team_id": str(team_id),
        "steps": [{"timeout_s": 300, "targets": [unseen, seen]}],
    }
    policies = "/v1/escalation-policies"
    policy = await secret.admin.client.post(policies, json=body)
    path = f"{policies}/{policy.json()['id']}"

    named = await lead.client.put(path, json={**body, "name": "Ask us"})
    left_out = [{"timeout_s": 60, "targets": [seen]}]
    kept = await lead.client.put(path, json={**body, "steps": left_out})
    more = [{"timeout_s": 60, "targets": [{**unseen, "which": "all"}]}]
    refused = await lead.client.put(path, json={**body, "steps": more})
    elsewhere = await lead.client.post(policies, json={**body, "name": "Mine"})
    wrong = await lead.client.post(f"{policies}/findings", json=body)
    by_admin = (await secret.admin.client.get(path)).json()

    assert named.json()["steps"][0]["targets"] == [
        {**unseen, "name": "hidden", "hidden": True},
        {**seen, "name": "Lea", "hidden": False},
    ]
    assert (kept.status_code, by_admin["steps"][0]["timeout_s"]) == (200, 60)
    assert [one["name"] for one in by_admin["steps"][0]["targets"]] == [
        "Secret rota",
        "Lea",
    ]
    assert (refused.status_code, elsewhere.status_code) == (404, 404)
    assert (wrong.status_code, "Secret" in wrong.text) == (200, False)


async def test_what_a_service_hangs_on_is_on_its_map_without_a_name(
    api: Api, secret: Secret
) -> None:
    lead, own_id, _ = await a_lead(api)
    both = {"depends_on": [secret.service_id]}
    await secret.admin.client.put(f"/v1/services/{own_id}/dependencies", json=both)

    seen = (await lead.client.get("/v1/service-map")).json()
    whole = (await secret.admin.client.get("/v1/service-map")).json()

    assert [one["name"] for one in seen["services"]] == ["Shop"]
    hidden = {"service_id": own_id, "depends_on_id": seen["hidden_id"]}
    assert seen["dependencies"] == [hidden]
    assert whole["hidden_id"] is None
    assert len(whole["services"]) == 2
