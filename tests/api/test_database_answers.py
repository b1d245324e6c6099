"""What the database refuses is told in words that help, and is never our failure."""

import asyncio
import json

from sqlalchemy import text

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.api.incident_world import make_world

NUL = "a\0b"


async def test_text_that_postgresql_cannot_store_is_the_senders_mistake(
    api: Api, admin: Person
) -> None:
    team_id = str((await api.team()).id)
    layer = {"start_at": "2026-03-02T08:00:00Z", "unit": "week", "lengths": [1]}
    step = {"timeout_s": 60, "targets": [{"kind": "team", "id": team_id}]}
    named = {"name": NUL, "team_id": team_id}
    bodies = {
        "/v1/session": {"email": f"{NUL}@example.org", "password": "any password"},
        "/v1/services": named,
        "/v1/schedules": {
            **named,
            "time_zone": "UTC",
            "layers": [{**layer, "user_ids": [str(admin.id)]}],
        },
        "/v1/escalation-policies": {**named, "steps": [step]},
        f"/v1/users/{admin.id}/contact-methods": {
            "channel": "email",
            "label": "work",
            "address": {"email": f"{NUL}@example.org"},
        },
    }

    answers = {
        path: await admin.client.post(path, content=json.dumps(body))
        for path, body in bodies.items()
    }
    for path in ("/v1/services", "/v1/alerts", "/v1/incidents"):
        answers[f"{path}?"] = await admin.client.get(path, params={"query": NUL})

    assert {path: answer.status_code for path, answer in answers.items()} == (
        dict.fromkeys(answers, 422)
    )


async def test_one_of_two_who_take_a_name_at_once_is_told_so(api: Api) -> None:
    team = await api.team()
    tea = await api.user("Tea", teams={team.id: Role.TEAM_ADMIN})
    body = {"name": "Shop", "team_id": str(team.id)}

    answers = await asyncio.gather(
        *(tea.client.post("/v1/services", json=body) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_an_incident_that_is_held_for_too_long_means_try_again(
    api: Api,
) -> None:
    world = await make_world(api)
    incident = await world.burn_one()
    path = f"/v1/incidents/{incident}/acknowledgement"

    async with transaction(api.engine) as tx:
        await tx.execute(text("SELECT FROM incidents FOR UPDATE"))
        refused = await world.ana.client.put(path)
    taken = await world.ana.client.put(path)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert taken.status_code == 200


async def test_a_table_that_is_held_for_too_long_means_try_again(
    api: Api, admin: Person
) -> None:
    async with transaction(api.engine) as tx:
        await tx.execute(text("LOCK TABLE teams IN ACCESS EXCLUSIVE MODE"))
        answer = await admin.client.post("/v1/teams", json={"name": "Web"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
