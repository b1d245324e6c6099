"""Schedules over HTTP: made, seen, changed, deleted, and who is on call."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pagefree.core.access import Role
from pagefree.infra.ids import new_id
from tests.api.conftest import START, Api, Person
from tests.api.rota import paged

JSON = dict[str, object]
NOBODY = UUID(int=1)
NIGHT: JSON = {"weekdays": [0], "start": "22:00", "end": "06:00"}
FREE: JSON = {"country": "DE", "mode": "except"}
TURNS: JSON = {
    "start_at": "2026-03-02T08:00:00Z",
    "unit": "day",
    "lengths": [1],
    "user_ids": ["$admin"],
}


def body(team_id: UUID, *user_ids: UUID, **changes: object) -> JSON:
    """A rota of daily turns that hands off at 9:00 in Berlin."""
    layer = {
        "start_at": "2026-03-02T08:00:00Z",
        "name": "Primary",
        "unit": "day",
        "lengths": [1],
        "user_ids": [str(user_id) for user_id in user_ids],
    }
    whole = {
        "name": "Web rota",
        "team_id": str(team_id),
        "time_zone": "Europe/Berlin",
        "layers": [layer],
    }
    return {**whole, **changes}


async def made(person: Person, schedule: JSON) -> str:
    """The id of a new schedule."""
    answer = await person.client.post("/v1/schedules", json=schedule)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_team_admin_makes_a_schedule_and_sees_who_is_on_call(
    api: Api,
) -> None:
    team = await api.team()
    ana = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER})

    answer = await ana.client.post("/v1/schedules", json=body(team.id, ana.id, bo.id))

    assert answer.status_code == 201
    schedule = answer.json()
    assert schedule["team"] == {"id": str(team.id), "name": team.name}
    assert schedule["on_call"] == [{"id": str(ana.id), "name": "Ana"}]
    assert schedule["until"] == schedule["next_at"] == "2026-03-03T08:00:00Z"
    assert schedule["next"] == [{"id": str(bo.id), "name": "Bo"}]
    assert [u["name"] for u in schedule["layers"][0]["users"]] == ["Ana", "Bo"]
    one = await bo.client.get(f"/v1/schedules/{schedule['id']}")
    everything = await bo.client.get("/v1/schedules")
    assert one.json() == schedule
    assert everything.json() == [schedule]


async def test_the_board_the_pager_and_the_shifts_agree_across_a_clock_change(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    schedule_id = await made(admin, body(team.id, admin.id, bo.id))
    window = {"start": "2026-03-28T00:00:00Z", "end": "2026-03-31T00:00:00Z"}

    shifts = (
        await admin.client.get(f"/v1/schedules/{schedule_id}/shifts", params=window)
    ).json()

    # 9:00 in Berlin is 8:00 UTC before the clocks change on the 29th, and 7:00 after
    assert [shift["start"] for shift in shifts] == [
        "2026-03-28T00:00:00Z",
        "2026-03-28T08:00:00Z",
        "2026-03-29T07:00:00Z",
        "2026-03-30T07:00:00Z",
    ]
    for shift in shifts:
        for at in (shift["start"], shift["end"]):
            api.clock.now = datetime.fromisoformat(at) - timedelta(seconds=1)
            board = (await admin.client.get("/v1/on-call")).json()
            ids = [user["id"] for user in board[0]["users"]]
            assert ids == await paged(api, schedule_id, api.clock())
            if at == shift["end"]:
                assert board[0]["users"] == [shift["user"]]
                assert board[0]["until"] in (at, "2026-03-31T07:00:00Z")


async def test_my_shifts_are_my_current_and_next_ones(api: Api, admin: Person) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    await made(admin, body(team.id, admin.id, bo.id))
    await made(admin, body(team.id, admin.id, name="Only me"))

    mine = (await bo.client.get("/v1/me/on-call")).json()
    theirs = (await admin.client.get("/v1/me/on-call")).json()

    assert [(s["schedule"]["name"], s["start"]) for s in mine] == [
        ("Web rota", "2026-03-03T08:00:00Z"),
        ("Web rota", "2026-03-05T08:00:00Z"),
    ]
    assert sorted(s["schedule"]["name"] for s in theirs) == [
        "Only me",
        "Web rota",
        "Web rota",
    ]


async def test_a_schedule_is_replaced_whole(api: Api, admin: Person) -> None:
    team, other = await api.team(), await api.team("Data")
    bo = await api.user("Bo")
    schedule_id = await made(admin, body(team.id, admin.id))

    answer = await admin.client.put(
        f"/v1/schedules/{schedule_id}",
        json=body(other.id, bo.id, name="Data rota", time_zone="UTC"),
    )

    assert answer.status_code == 200
    after = answer.json()
    assert (after["name"], after["team"]["name"]) == ("Data rota", "Data")
    assert [user["name"] for user in after["on_call"]] == ["Bo"]
    assert (after["until"], after["next"]) == (None, [])


async def test_nobody_is_on_call_before_the_first_handoff(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    await made(admin, body(team.id, admin.id))
    api.clock.now = datetime(2026, 3, 1, tzinfo=UTC)

    entry = (await admin.client.get("/v1/on-call")).json()[0]

    assert entry["users"] == []
    assert entry["gap"] == {"intended": False, "reason": None}
    assert entry["until"] == "2026-03-02T08:00:00Z"
    assert [user["id"] for user in entry["next"]] == [str(admin.id)]


async def test_the_turn_of_somebody_who_has_left_is_empty_for_the_pager_too(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    schedule_id = await made(admin, body(team.id, bo.id, admin.id))
    await admin.client.put(f"/v1/users/{bo.id}/deactivation")

    entry = (await admin.client.get("/v1/on-call")).json()[0]

    assert entry["users"] == await paged(api, schedule_id, START) == []
    assert [user["id"] for user in entry["next"]] == [str(admin.id)]


async def test_a_schedule_that_a_policy_pages_is_not_deleted(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    schedule_id = await made(admin, body(team.id, admin.id))
    step = {"timeout_s": 300, "targets": [{"kind": "schedule", "id": schedule_id}]}
    policy = {"name": "Web", "team_id": str(team.id), "steps": [step]}
    policy_id = (
        await admin.client.post("/v1/escalation-policies", json=policy)
    ).json()["id"]

    used = await admin.client.delete(f"/v1/schedules/{schedule_id}")
    await admin.client.delete(f"/v1/escalation-policies/{policy_id}")
    unused = await admin.client.delete(f"/v1/schedules/{schedule_id}")
    gone = await admin.client.get(f"/v1/schedules/{schedule_id}")

    assert (used.status_code, used.json()["code"]) == (409, "conflict")
    assert "Web" in used.json()["detail"]
    assert unused.status_code == 204
    assert gone.status_code == 404


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.OBSERVER, None])
async def test_only_admins_of_the_team_change_its_schedules(
    api: Api, admin: Person, role: Role | None
) -> None:
    team, own = await api.team(), await api.team("Own")
    schedule_id = await made(admin, body(team.id, admin.id))
    roles = {own.id: Role.TEAM_ADMIN} | ({team.id: role} if role else {})
    bo = await api.user("Bo", teams=roles)
    path = f"/v1/schedules/{schedule_id}"

    answers = [
        await bo.client.post("/v1/schedules", json=body(team.id, bo.id, name="X")),
        await bo.client.put(path, json=body(team.id, bo.id)),
        await bo.client.put(path, json=body(own.id, bo.id)),  # taking it away
        await bo.client.delete(path),
    ]

    assert [a.status_code for a in answers] == [403] * 4
    assert (await bo.client.get(path)).status_code == 200


async def test_two_schedules_do_not_share_a_name(api: Api, admin: Person) -> None:
    team = await api.team()
    await made(admin, body(team.id, admin.id))
    second = await made(admin, body(team.id, admin.id, name="Second"))

    again = await admin.client.post("/v1/schedules", json=body(team.id, admin.id))
    renamed = await admin.client.put(
        f"/v1/schedules/{second}", json=body(team.id, admin.id)
    )

    assert (again.status_code, renamed.status_code) == (409, 409)
    assert again.json()["detail"] == "there is already a schedule named Web rota"


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Europe/Nowhere"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "posixrules/../UTC"},
        {"layers": []},
        {"layers": [{**TURNS, "start_at": "2026-03-02T08:00:00"}]},
        {"layers": [{**TURNS, "start_at": "9999-12-31T08:00:00Z"}]},
        {"layers": [{**TURNS, "lengths": [0]}]},
        {"layers": [{**TURNS, "lengths": []}]},
        {"layers": [{**TURNS, "lengths": [400]}]},
        {"layers": [{**TURNS, "user_ids": []}]},
        {"layers": [{**TURNS, "at_once": 0}]},
        {"layers": [{**TURNS, "unit": "month"}]},
        {"layers": [{**TURNS, "time_zone": "Mars/Olympus"}]},
        {"layers": [{**TURNS, "end_at": "2026-03-02T08:00:00Z"}]},
        {"layers": [{**TURNS, "id": str(NOBODY)}]},
        {"layers": [{**TURNS, "restriction": {"windows": [{**NIGHT, "start": "9"}]}}]},
        {
            "layers": [
                {**TURNS, "restriction": {"windows": [{**NIGHT, "weekdays": []}]}}
            ]
        },
        {"layers": [{**TURNS, "restriction": {"holidays": {**FREE, "country": "ZZ"}}}]},
        {
            "layers": [
                {**TURNS, "restriction": {"holidays": {**FREE, "subdivision": "XX"}}}
            ]
        },
        {"name": ""},
        {"unknown": 1},
    ],
)
async def test_a_malformed_schedule_is_refused(
    api: Api, admin: Person, changes: JSON
) -> None:
    team = await api.team()

    wanted = json.dumps(body(team.id, admin.id, **changes))
    answer = await admin.client.post(
        "/v1/schedules", content=wanted.replace("$admin", str(admin.id))
    )

    assert answer.status_code == 422
    assert (await admin.client.get("/v1/schedules")).json() == []


async def test_people_and_teams_of_a_schedule_must_exist(
    api: Api, admin: Person
) -> None:
    team = await api.team()

    nobody = await admin.client.post("/v1/schedules", json=body(team.id, new_id()))
    nowhere = await admin.client.post("/v1/schedules", json=body(new_id(), admin.id))
    missing = await admin.client.get(f"/v1/schedules/{new_id()}")

    assert (nobody.status_code, nobody.json()["code"]) == (422, "invalid")
    assert nowhere.status_code == 404
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        ("2026-03-02T00:00:00Z", "2027-05-02T00:00:00Z"),
        ("2026-03-02T00:00:00", "2026-03-03T00:00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"),
    ],
)
async def test_a_window_of_shifts_is_bounded(
    api: Api, admin: Person, start: str, end: str
) -> None:
    team = await api.team()
    schedule_id = await made(admin, body(team.id, admin.id))

    answer = await admin.client.get(
        f"/v1/schedules/{schedule_id}/shifts", params={"start": start, "end": end}
    )

    assert answer.status_code == 422
